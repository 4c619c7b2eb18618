"""The decision digest: one hash over what was decided, the same in any home, whatever the order of rows, keys or threads."""

from __future__ import annotations

import hashlib

import duckdb

_ROWS = """
SELECT concat_ws('|', agency, feed, CAST(delivery_date AS VARCHAR), CAST(source_row AS VARCHAR), decision,
    coalesce(register_id, ''), method) AS row
FROM link.decision ORDER BY row
"""


def decision_digest(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 in hex over agency, feed, delivery_date, source_row, decision, register_id and method of the sorted decisions."""
    digest = hashlib.sha256()
    cursor = con.execute(_ROWS)
    while rows := cursor.fetchmany(100_000):
        for (row,) in rows:
            digest.update(row.encode() + b"\n")
    return digest.hexdigest()
