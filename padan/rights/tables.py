"""What was erased, corrected and purged, and by whose decision: rows are added, never changed, and only a correction holds a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_TABLES = """
CREATE SCHEMA IF NOT EXISTS ledger;
-- Grain: one decision. kind: erasure or retention.
CREATE TABLE IF NOT EXISTS ledger.erasure (
    certificate VARCHAR, kind VARCHAR, decided_at TIMESTAMP, basis VARCHAR, document VARCHAR, approver_1 VARCHAR, approver_2 VARCHAR,
    records BIGINT, rows_erased BIGINT, files_erased BIGINT);
-- Grain: one row that may not come back. kind: record (any row of that identity) or content (a case: only that very row).
CREATE TABLE IF NOT EXISTS ledger.tombstone (agency VARCHAR, feed VARCHAR, kind VARCHAR, hash VARCHAR, certificate VARCHAR);
-- Grain: one delivered file whose bytes were erased from the archive.
CREATE TABLE IF NOT EXISTS ledger.erased_file (sha256 VARCHAR, certificate VARCHAR);
-- Grain: one objection to a delivered cell; it holds while the agency delivers `delivered`. Restricted: both are values of a person.
CREATE TABLE IF NOT EXISTS review.correction (
    correction_id VARCHAR, corrected_at TIMESTAMP, corrected_by VARCHAR, record_id VARCHAR, agency VARCHAR, feed VARCHAR,
    column_name VARCHAR, delivered VARCHAR, corrected VARCHAR, reason VARCHAR);
-- The last word on each cell.
CREATE OR REPLACE VIEW review.correction_in_force AS
SELECT * FROM review.correction QUALIFY row_number() OVER (PARTITION BY record_id, column_name ORDER BY corrected_at DESC, correction_id DESC) = 1;
"""


def create_rights_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of this room where they are missing; changes no row."""
    con.execute("CREATE SCHEMA IF NOT EXISTS review")
    con.execute(_TABLES)


def last_decision(con: duckdb.DuckDBPyConnection) -> object:
    """When a person last decided something that the next night must act on: an erasure, a correction or a ruling; None if never."""
    create_rights_tables(con)
    moments = ["SELECT max(decided_at) AS at FROM ledger.erasure", "SELECT max(corrected_at) FROM review.correction"]
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'review' AND table_name = 'ruling'").fetchone():
        moments.append("SELECT max(decided_at) FROM review.ruling")
    return con.execute(f"SELECT max(at) FROM ({' UNION ALL '.join(moments)})").fetchall()[0][0]
