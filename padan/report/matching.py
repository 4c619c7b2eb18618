"""The match itself: which children two feeds both know, and where they say otherwise of one; small counts are not told."""

from __future__ import annotations

import duckdb

from padan.config import Disclosure
from padan.report.tables import Row, rows
from schemas.sharing.aggregate import CASE_AGENCIES

Pair = tuple[str, str, int | None, int | None, int | None]
Unlike = tuple[str, str, str, int | None, int | None]

_PAIRS = """
SELECT agency_kiri || '/' || feed_kiri, agency_kanan || '/' || feed_kanan, keduanya, hanya_kiri, hanya_kanan
FROM marts.padanan WHERE tingkat = 'nasional' ORDER BY ALL"""
_UNLIKE = """
SELECT agency_kiri || '/' || feed_kiri, agency_kanan || '/' || feed_kanan, kolom, dibandingkan, berbeda
FROM marts.selisih WHERE tingkat = 'nasional' ORDER BY ALL"""


def pairs(con: duckdb.DuckDBPyConnection, settings: Disclosure) -> list[Pair]:
    """Children in both feeds, in the left alone, in the right alone. All three or none: two of them and a feed's total tell the third."""
    found = [(*row[:2], *row[2:5]) for row in rows(con, "marts.padanan", _PAIRS)]
    return [(left, right, *_told(counts, _smallest(left, right, settings))) for left, right, *counts in found]


def unlike(con: duckdb.DuckDBPyConnection, settings: Disclosure) -> list[Unlike]:
    """Children whose cells could be compared, and those of them whose cells differ, by pair of feeds and column."""
    told = []
    for left, right, column, compared, differing in rows(con, "marts.selisih", _UNLIKE):
        smallest = _smallest(left, right, settings)
        hidden = min(differing, compared - differing) < smallest
        told.append((left, right, column, None if hidden else compared, None if hidden else differing))
    return told


def _told(counts: Row | list[int], smallest: int) -> list[int | None]:
    return list(counts) if min(counts) >= smallest else [None] * len(counts)


def _smallest(left: str, right: str, settings: Disclosure) -> int:
    """Counts below this are small: larger where either feed is one of cases."""
    cases = {left.split("/")[0], right.split("/")[0]} & set(CASE_AGENCIES)
    return settings.threshold_sensitive if cases else settings.threshold
