"""Raw tables tonight against the nights before: how many rows of each feed are in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.expectations.bounds import Bounds, bounded_suite

SUITE = "jumlah_baris_wajar"
FAMILIES = ("baris", "register")


def suite(bounds: Mapping[str, Bounds]) -> Any:
    """Rows in force, one metric a feed: a delivery that came half or twice is outside its bounds."""
    return bounded_suite(SUITE, bounds)
