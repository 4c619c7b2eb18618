"""The decision digest: one hash over what was decided, the same in any home, whatever the order of rows, keys or threads."""

from __future__ import annotations

import hashlib

import duckdb

_ROWS = """
SELECT concat_ws('|', agency, feed, CAST(delivery_date AS VARCHAR), CAST(source_row AS VARCHAR), decision,
    coalesce({target}, ''), method) AS row
FROM link.{table} ORDER BY row
"""


def decision_digest(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 in hex over agency, feed, delivery_date, source_row, decision, register_id and method of the sorted decisions."""
    return _digest(con, _ROWS.format(table="decision", target="register_id"))


def institution_digest(con: duckdb.DuckDBPyConnection) -> str:
    """The same of institutions, with no_td in place of register_id."""
    return _digest(con, _ROWS.format(table="institution_decision", target="no_td"))


def _digest(con: duckdb.DuckDBPyConnection, query: str) -> str:
    digest = hashlib.sha256()
    cursor = con.execute(query)
    while rows := cursor.fetchmany(100_000):
        digest.update("".join(f"{row}\n" for (row,) in rows).encode())
    return digest.hexdigest()
