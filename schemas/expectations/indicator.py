"""National indicators tonight against the nights before: a jump is shown, since it may be true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.expectations.bounds import Bounds, bounded_suite

SUITE = "lonjakan_indikator_wajar"
FAMILIES = ("indikator",)


def suite(bounds: Mapping[str, Bounds]) -> Any:
    """National values, one metric an indicator and breakdown."""
    return bounded_suite(SUITE, bounds)
