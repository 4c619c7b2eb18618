"""What may be told of each indicator: whom it counts and how small a count may be, from its definition and the settings."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from padan.config import Disclosure
from schemas.sharing.aggregate import BASE_COUNTS_NOBODY, COUNTS_NOBODY, COUNTS_RESIDENTS

LEVELS = {"nasional": 0, "provinsi": 1, "kabupaten": 2}


@dataclass(frozen=True)
class Policy:
    """Smallest counts of one indicator, and whether base minus count is a group of people too.

    A smallest count of 0 means that the side counts no person and is never small; with any other, zero is small.
    `lowest_level`: 0 nation, 1 province, 2 regency; rows below it are not published. `is_ratio`: the value is numerator by denominator.
    """

    indicator_code: str
    smallest_numerator: int
    smallest_denominator: int
    is_share: bool
    lowest_level: int = 2
    is_ratio: bool = True


def policies(con: duckdb.DuckDBPyConnection, settings: Disclosure) -> list[Policy]:
    """One policy for every row of marts.indicator_definition; an indicator that is not defined there is not told at all."""
    rows = con.execute(
        """SELECT indicator_code, satuan = 'bagian', coalesce(sensitif, true), tingkat_terendah, satuan <> 'hari'
        FROM marts.indicator_definition ORDER BY ALL"""
    ).fetchall()
    return [_policy(code, is_share, sensitive, lowest, is_ratio, settings) for code, is_share, sensitive, lowest, is_ratio in rows]


def _policy(code: str, is_share: bool, sensitive: bool, lowest: str, is_ratio: bool, settings: Disclosure) -> Policy:
    smallest = settings.threshold_sensitive if sensitive else settings.threshold
    if code in COUNTS_RESIDENTS:
        smallest = max(smallest, settings.threshold_institution)
    numerator = 0 if code in COUNTS_NOBODY else smallest
    denominator = 0 if code in COUNTS_NOBODY | BASE_COUNTS_NOBODY else smallest
    return Policy(code, numerator, denominator, is_share, LEVELS.get(lowest, 0), is_ratio)
