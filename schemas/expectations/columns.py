"""Delivered columns tonight against the nights before: how much of each is filled, conforms, and is spread over which codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.expectations.bounds import Bounds, bounded_suite

FILLED, FILLED_FAMILIES = "isian_kolom_wajar", ("sesuai",)
SHIFTED, SHIFTED_FAMILIES = "sebaran_kode_wajar", ("geser",)


def filled(bounds: Mapping[str, Bounds]) -> Any:
    """Share of rows whose cell is filled and conforms; one metric a coded column."""
    return bounded_suite(FILLED, bounds)


def shifted(bounds: Mapping[str, Bounds]) -> Any:
    """Share of a column's cells whose code differs from the nights before, beyond chance; one metric a coded column."""
    return bounded_suite(SHIFTED, bounds)
