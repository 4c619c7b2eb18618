"""Link decisions tonight against the nights before: link and review shares by feed, and the shape of the match weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.expectations.bounds import Bounds, bounded_suite

RATES, RATE_FAMILIES = "tingkat_padanan_wajar", ("tertaut", "tinjau", "magnet", "berubah", "lembaga")
WEIGHTS, WEIGHT_FAMILIES = "sebaran_bobot_wajar", ("bobot",)


def rates(bounds: Mapping[str, Bounds]) -> Any:
    """Shares of records linked and sent to review, one metric a feed."""
    return bounded_suite(RATES, bounds)


def weights(bounds: Mapping[str, Bounds]) -> Any:
    """Share of scored records in each band of match weight: drift of the data against a frozen model."""
    return bounded_suite(WEIGHTS, bounds)
