"""Tables between DuckDB and Spark, as Parquet files of the vault."""

from __future__ import annotations

from pathlib import Path

import duckdb

from padan.warehouse import literal


def copy_out(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The rows of a query as one Parquet file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet)")


def read_in(folder: Path) -> str:
    """What DuckDB reads the Parquet files of a folder with."""
    return f"read_parquet({literal(folder / '*.parquet')})"
