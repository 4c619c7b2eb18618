"""How far each delivered column answers to DTSEN's column and code list: one check a column, every night."""

from __future__ import annotations

import duckdb

from padan.quality.catalogue import CONFORMS
from padan.quality.checks import one_commit, record_check

#: A column is shown as failing when more than this share of its filled cells is unread or unknown.
LARGEST_NONCONFORMING = 0.20


def record_conformity(con: duckdb.DuckDBPyConnection, run_id: str) -> tuple[int, int]:
    """Write each row of intermediate.int_conformity as a check on `agency/feed.column`; returns how many there are, how many fail.

    numerator: filled cells that do not conform; denominator: filled cells. An empty column conforms: emptiness is
    completeness, and counted there. It warns and never holds: what refuses a delivery was decided at intake.
    """
    rows = con.execute(
        "SELECT agency || '/' || feed || '.' || kolom, terisi - sesuai, terisi FROM intermediate.int_conformity ORDER BY 1"
    ).fetchall()
    failing = 0
    with one_commit(con):
        for name, unfit, filled in rows:
            passed = not filled or unfit / filled <= LARGEST_NONCONFORMING
            failing += not passed
            record_check(con, run_id, CONFORMS, name, "validity", "warn", unfit, filled, unfit / filled if filled else None, passed)
    return len(rows), failing
