"""Objections to delivered cells: what a cell should say, while its agency goes on delivering what was objected to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from schemas.extracts.contract import Contract

#: Columns that an objection may correct: who a person is, not what an agency decided about them.
CORRECTABLE = frozenset({"nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "nama_ibu"})

_TABLE = """
CREATE SCHEMA IF NOT EXISTS review;
-- Grain: one objection to a delivered cell. Restricted: `delivered` and `corrected` are values of a person.
CREATE TABLE IF NOT EXISTS review.correction (
    correction_id VARCHAR, corrected_at TIMESTAMP, corrected_by VARCHAR, record_id VARCHAR, agency VARCHAR, feed VARCHAR,
    column_name VARCHAR, delivered VARCHAR, corrected VARCHAR, reason VARCHAR);
-- The last word on each cell.
CREATE OR REPLACE VIEW review.correction_in_force AS
SELECT * FROM review.correction
QUALIFY row_number() OVER (PARTITION BY record_id, column_name ORDER BY corrected_at DESC, correction_id DESC) = 1;
"""


def create_correction_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make `review.correction` and its view where they are missing; changes no row."""
    con.execute(_TABLE)


def corrected(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> str:
    """SQL of the feed's rows with corrected cells in the place of those that were objected to; `rows` itself where there are none."""
    columns = con.execute(
        "SELECT DISTINCT column_name FROM review.correction WHERE agency = ? AND feed = ? ORDER BY 1",
        [contract.feed.agency, contract.feed.name],
    ).fetchall()
    if not columns:
        return rows
    cells = ", ".join(
        f"coalesce((SELECT c.corrected FROM review.correction_in_force c WHERE c.record_id = r.record_id AND c.column_name = '{name}' "
        f'AND c.delivered IS NOT DISTINCT FROM r."{name}"), r."{name}") AS "{name}"'
        for (name,) in columns
        if name in CORRECTABLE
    )
    return f"SELECT r.* REPLACE ({cells}) FROM ({rows}) r"
