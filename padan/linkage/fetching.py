"""Fetches a few register persons by number: the rows first, then what they mean, since a view would read the whole register."""

from __future__ import annotations

import duckdb

from padan.linkage.workspace import REGISTER
from padan.register.views import person_sql


def fetch_persons(con: duckdb.DuckDBPyConnection, among: str, target: str) -> None:
    """Make `target`: the columns of the register's `person`, and id_keluarga, of the persons in `among` (a SELECT of person_no)."""
    con.execute(f"CREATE OR REPLACE TABLE fetched_row AS SELECT p.* FROM {REGISTER}.person_row p SEMI JOIN ({among}) USING (person_no)")
    con.execute(f"CREATE OR REPLACE TABLE fetched_family AS SELECT f.* FROM {REGISTER}.family f SEMI JOIN fetched_row USING (keluarga_no)")
    con.execute(
        f"""CREATE OR REPLACE TABLE {target} AS SELECT p.*, f.id_keluarga
        FROM ({person_sql("fetched_row", "fetched_family", f"{REGISTER}.")}) p JOIN fetched_family f USING (keluarga_no)"""
    )
    for scaffold in ("fetched_row", "fetched_family"):
        con.execute(f"DROP TABLE {scaffold}")
