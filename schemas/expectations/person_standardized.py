"""Standard persons tonight against the nights before: shares of empty fields and of sound NIKs, by feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.expectations.bounds import Bounds, bounded_suite

SUITE = "isian_identitas_wajar"
FAMILIES = (
    "kosong.nama", "kosong.tanggal_lahir", "kosong.jenis_kelamin", "kosong.kode_kabupaten", "nik_sah", "nik_ada",
    "nik_ramai", "nama_teratas", "awal_tahun", "hari_teratas",
)  # fmt: skip


def suite(bounds: Mapping[str, Bounds]) -> Any:
    """Null shares and NIK shares, one metric a field and feed: a shifted column or a new layout is outside its bounds."""
    return bounded_suite(SUITE, bounds)
