"""When a person last decided something that the next night must act on."""

from __future__ import annotations

import datetime as dt

import duckdb

#: Table and column of each kind of decision.
_DECISIONS = (("ledger", "erasure", "decided_at"), ("review", "correction", "corrected_at"), ("review", "ruling", "decided_at"))


def last_decision(con: duckdb.DuckDBPyConnection) -> dt.datetime | None:
    """The moment (UTC) of the last erasure, correction or ruling; None if there was none."""
    moments = []
    for schema, table, column in _DECISIONS:
        if con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [schema, table]).fetchone():
            moments += [row[0] for row in con.execute(f"SELECT max({column}) FROM {schema}.{table}").fetchall() if row[0]]
    return max(moments, default=None)
