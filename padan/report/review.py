"""Doubtful matches as an auditor reads them: how many wait and how long, whether readers agree, how right the model was in doubt."""

from __future__ import annotations

import duckdb

from padan.report.tables import Row, rows
from padan.review.learning import NAMES, TABLE

_MEASURES = f"SELECT measure, stratum, numerator, denominator, value, lower, upper FROM {TABLE} WHERE run_id = ? ORDER BY rowid"
_SHARES = ("sama",)
#: Measures that are no counts: told with their decimals.
_BROKEN = ("sama", "kesepakatan", "umur_tengah", "ambang_padan", "ambang_tinjau")


def measures(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Row]:
    """(name, stratum, value, interval or None, n) of tonight's review; a suggestion that too few rulings bear out has no value."""
    return [
        (NAMES[name], stratum, value if value is None or name in _BROKEN else int(value), (lower, upper) if name in _SHARES else None, n)
        for name, stratum, _, n, value, lower, upper in rows(con, TABLE, _MEASURES, run_id)
    ]
