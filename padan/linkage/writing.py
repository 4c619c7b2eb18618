"""Writing schema `link`: its tables made where they are not there, each column with what it means, and the one transaction of a night."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from padan.linkage.meanings import meanings
from padan.linkage.tables import TABLES


def create_tables(con: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """Make the tables of schema `link` that are not there yet."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {warehouse}.link")
    there = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'link'", [warehouse]).fetchall()
    for table in TABLES.keys() - {name for (name,) in there}:
        _make(con, f"{warehouse}.link.{table}", table)


def _make(con: duckdb.DuckDBPyConnection, name: str, table: str) -> None:
    """An empty table under `name` with the columns of `table`, each with what it means."""
    con.execute(f"CREATE OR REPLACE TABLE {name} ({TABLES[table]})")
    for column, *_ in con.execute(f"DESCRIBE {name}").fetchall():
        con.execute(f"COMMENT ON COLUMN {name}.{column} IS '{meanings()[column]}'")


@dataclass(frozen=True)
class Writing:
    """How tables of schema `link` are written, each from a query.

    `anew`: replaced. `renewed`: a condition on the rows that go, and the query of those that come. `appended`: added to.
    """

    anew: dict[str, str] = field(default_factory=dict)
    renewed: dict[str, tuple[str, str]] = field(default_factory=dict)
    appended: dict[str, str] = field(default_factory=dict)


def replace_tables(con: duckdb.DuckDBPyConnection, warehouse: str, queries: dict[str, str]) -> None:
    """Make each table anew from its query, all or none; a newer code's columns replace an older's."""
    write_tables(con, warehouse, Writing(anew=queries))


def write_tables(con: duckdb.DuckDBPyConnection, warehouse: str, writing: Writing) -> None:
    """Write all tables or none."""
    con.execute("BEGIN TRANSACTION")
    try:
        for table, (gone, _) in writing.renewed.items():
            con.execute(f"DELETE FROM {warehouse}.link.{table} WHERE {gone}")
        for table in writing.anew:
            _make(con, f"{warehouse}.link.{table}", table)
        renewed = {table: query for table, (_, query) in writing.renewed.items()}
        for table, query in (writing.anew | renewed | writing.appended).items():
            con.execute(f"INSERT INTO {warehouse}.link.{table} BY NAME {query}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
