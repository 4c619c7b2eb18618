"""Figures of cases are released once a month: later nights of the month tell the same ones again.

Night after night they would differ by a few late complaints, and whoever keeps thirty publications could solve for what is hidden in each.
The publication in force says what was released; nothing else is kept. A figure that had no data, or saw other feeds, is told anew.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from padan.serving.build import FILE
from padan.serving.disclosure import TOLD

#: The audience whose file says what was released to everyone.
PUBLIC = "publik"

# A figure of cases: an indicator that is sensitive, or a category that is a feed of a case agency. One unit is released whole.
_CASES = """(
    SELECT i.*, i.rowid AS row, CASE WHEN list_contains($agencies, split_part(i.kategori, '/', 1)) THEN i.kategori ELSE '' END AS unit
    FROM {cells} i WHERE list_contains($agencies, split_part(i.kategori, '/', 1))
        OR i.indicator_code IN (SELECT indicator_code FROM marts.indicator_definition WHERE sensitif)
)"""
_BEFORE, _NOW = _CASES.format(cells="released.marts.indicator"), _CASES.format(cells=TOLD)
_STANDING = f"""
CREATE OR REPLACE TEMP TABLE released_unit AS
SELECT indicator_code, unit FROM
    (SELECT indicator_code, unit, max(cakupan_sumber) AS sumber FROM {_BEFORE}
        GROUP BY ALL HAVING bool_or(suppressed OR numerator IS NOT NULL)) before
    JOIN (SELECT indicator_code, unit, max(cakupan_sumber) AS sumber FROM {_NOW} GROUP BY ALL) now USING (indicator_code, unit)
WHERE before.sumber IS NOT DISTINCT FROM now.sumber"""
_DROP = f"DELETE FROM {TOLD} WHERE rowid IN (SELECT row FROM {_NOW} SEMI JOIN released_unit USING (indicator_code, unit))"
_KEEP = f"INSERT INTO {TOLD} BY NAME SELECT * EXCLUDE (row, unit) FROM {_BEFORE} SEMI JOIN released_unit USING (indicator_code, unit)"


def keep_released(con: duckdb.DuckDBPyConnection, publication: Path, as_of: dt.date, case_agencies: tuple[str, ...]) -> int:
    """Put the case figures of the publication in force in the place of tonight's in `TOLD`; returns how many cells are told again.

    Args:
        con: the warehouse, after `hide_small_cells`.
        publication: a public file in force, or where it would lie.
        as_of: tonight's as-of date; a publication of another month keeps nothing.
        case_agencies: a category `agency/feed` of these counts cases.
    """
    if not publication.is_file():
        return 0
    agencies = {"agencies": list(case_agencies)}
    con.execute(f"ATTACH '{str(publication).replace(chr(39), chr(39) * 2)}' AS released (READ_ONLY)")
    try:
        same = con.execute("SELECT date_trunc('month', as_of) = date_trunc('month', ?::DATE) FROM released.quality.terbitan", [as_of])
        if same.fetchall() != [(True,)]:
            return 0
        con.execute(_STANDING, agencies)
        con.execute(_DROP, agencies)
        kept = con.execute(_KEEP, agencies).fetchall()
        con.execute("DROP TABLE released_unit")
        return int(kept[0][0])
    finally:
        con.execute("DETACH released")


def public_file(serving: Path) -> Path:
    """Where the public file in force lies."""
    return serving / "current" / PUBLIC / FILE
