"""Schema `returns`: who was listed for which office, what was withdrawn, what the offices answered. Rows are added, never changed."""

from __future__ import annotations

import duckdb

_TABLES = """
CREATE SCHEMA IF NOT EXISTS returns;
CREATE TABLE IF NOT EXISTS returns.listed (
    row_id VARCHAR, agency VARCHAR, periode VARCHAR, wilayah VARCHAR, record_id VARCHAR, kode_kabupaten VARCHAR, alasan VARCHAR[],
    register_key VARCHAR, listed_on DATE, run_id VARCHAR, PRIMARY KEY (row_id, periode));
CREATE TABLE IF NOT EXISTS returns.withdrawn (row_id VARCHAR, periode VARCHAR, wilayah VARCHAR, withdrawn_on DATE, run_id VARCHAR);
CREATE TABLE IF NOT EXISTS returns.answer (
    row_id VARCHAR, periode VARCHAR, jawaban VARCHAR, tanggal DATE, file_sha256 VARCHAR, imported_at TIMESTAMP);
"""


def create_return_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables where they are missing; changes no row."""
    con.execute(_TABLES)
