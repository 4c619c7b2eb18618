"""The raw tables, one a contract, and the views of what is in force tonight.

A view is derived from the raw rows and the ledger alone, so the order in which deliveries arrived cannot matter.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from padan.intake.header import OTHERS
from padan.ledger.tables import create_tables
from padan.review.corrections import corrected, create_correction_table
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb

_QUARANTINE = """
CREATE SCHEMA IF NOT EXISTS quality;
CREATE TABLE IF NOT EXISTS quality.quarantine (
    agency VARCHAR, feed VARCHAR, delivery_date DATE, source_file VARCHAR, source_row BIGINT, rule VARCHAR, message VARCHAR,
    raw JSON, status VARCHAR)
"""
_FIXED = (
    ("record_id", "VARCHAR"),
    ("delivery_id", "VARCHAR"),
    ("delivery_date", "DATE"),
    ("source_file", "VARCHAR"),
    ("source_row", "BIGINT"),
    ("scope", "VARCHAR"),
)


def prepare(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> None:
    """Make ledger, quarantine, and for every contract its raw table and the view of its rows in force at `as_of`.

    The register's feeds have none here: a release is a file of its own.
    """
    create_tables(con)
    create_quarantine(con)
    create_correction_table(con)
    for contract in contracts().values():
        if not contract.feed.is_register:
            create_raw(con, contract)
            create_in_force(con, contract, as_of)


def create_quarantine(con: duckdb.DuckDBPyConnection) -> None:
    """Make quality.quarantine where it is missing: rows that break their contract, whole, with the rule they broke."""
    con.execute(_QUARANTINE)


def raw_columns(contract: Contract) -> list[str]:
    """Column names of the raw table, in order."""
    return [*(name for name, _ in _FIXED), *(c.name for c in contract.columns), OTHERS]


def create_raw(con: duckdb.DuckDBPyConnection, contract: Contract, *, replace: bool = False) -> None:
    """Make the feed's raw table if it is missing; columns that the contract gained since are added to it."""
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    texts = [(c.name, "VARCHAR") for c in contract.columns]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in (*_FIXED, *texts, (OTHERS, "VARCHAR")))
    table = f"raw.{contract.feed.table}"
    con.execute(f"CREATE {'OR REPLACE TABLE' if replace else 'TABLE IF NOT EXISTS'} {table} ({columns})")
    for name, kind in texts:
        con.execute(f'ALTER TABLE {table} ADD COLUMN IF NOT EXISTS "{name}" {kind}')


def create_in_force(con: duckdb.DuckDBPyConnection, contract: Contract, as_of: dt.date) -> None:
    """Make the view of the feed's rows in force at `as_of`, from what the ledger says now; corrected cells stand in it."""
    rows = in_force(con, contract, as_of + dt.timedelta(days=1))
    con.execute(f"CREATE OR REPLACE VIEW raw.{contract.feed.table}__in_force AS {corrected(con, contract, rows)}")


def in_force(con: duckdb.DuckDBPyConnection, contract: Contract, before: dt.date) -> str:
    """SQL of the rows that deliveries dated before `before` left in force; columns of the raw table."""
    alone = _standing_alone(con, contract, before)
    if alone is None:
        return _in_force_of_many(contract, before)
    columns = ", ".join(f'"{name}"' for name in raw_columns(contract))
    return f"SELECT {columns} FROM raw.{contract.feed.table} WHERE delivery_id = '{alone}'"


def _standing_alone(con: duckdb.DuckDBPyConnection, contract: Contract, before: dt.date) -> str | None:
    """The newest delivery, if it put every earlier one out of force: then no key need be compared (a third of the time)."""
    feed = contract.feed
    found = con.execute(
        "SELECT delivery_id, EXISTS (SELECT 1 FROM ledger.replaced r WHERE r.whole AND r.agency = e.agency AND r.feed = e.feed "
        "AND r.delivery_date = e.delivery_date) FROM ledger.effective e "
        "WHERE agency = ? AND feed = ? AND delivery_date < ? ORDER BY delivery_date DESC LIMIT 1",
        [feed.agency, feed.name, before],
    ).fetchone()
    return str(found[0]) if found and found[1] else None


def _in_force_of_many(contract: Contract, before: dt.date) -> str:
    """Where rows of several deliveries stand beside each other.

    A row is in force if its delivery counts, no later delivery holds a row of the same identity, and no later
    delivery put its scope out of force.
    """
    feed = contract.feed
    of_feed = f"agency = '{feed.agency}' AND feed = '{feed.name}' AND delivery_date < DATE '{before.isoformat()}'"
    columns = ", ".join(f'd."{name}"' for name in raw_columns(contract))
    return f"""
WITH delivered AS (
    SELECT r.*, coalesce(s.key_id, r.record_id) AS key_id
    FROM raw.{feed.table} r
    SEMI JOIN (SELECT delivery_id, delivery_date FROM ledger.effective WHERE {of_feed}) e
        ON e.delivery_id = r.delivery_id AND e.delivery_date = r.delivery_date
    LEFT JOIN ledger.shared_key s ON s.record_id = r.record_id),
latest AS (SELECT key_id, max(delivery_date) AS delivery_date FROM delivered GROUP BY key_id),
part AS (SELECT scope, max(delivery_date) AS delivery_date FROM ledger.replaced WHERE NOT whole AND {of_feed} GROUP BY scope)
SELECT {columns}
FROM delivered d
SEMI JOIN latest l ON l.key_id = d.key_id AND l.delivery_date = d.delivery_date
LEFT JOIN part p ON p.scope = d.scope
WHERE d.delivery_date >= coalesce(
    (SELECT max(delivery_date) FROM ledger.replaced WHERE whole AND {of_feed}), DATE '0001-01-01')
AND d.delivery_date >= coalesce(p.delivery_date, DATE '0001-01-01')"""
