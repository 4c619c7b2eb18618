"""The end of keeping: what a contract allows to be kept for so many years, and no delivery in force needs any more, is erased.

A case row is kept its years from the day that the case was delivered last; a row in force of any other feed is kept as long as its agency
delivers it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from padan.rights.subject import Subject
from schemas.extracts import contracts
from schemas.extracts.contract import Contract


@dataclass(frozen=True)
class Overdue:
    """Records of a feed beyond their years: `before` is the last delivery date that may go."""

    agency: str
    feed: str
    before: dt.date
    records: tuple[str, ...]


def overdue(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> list[Overdue]:
    """What may no longer be kept as of a day, by feed; feeds without any are left out."""
    found = []
    for contract in contracts().values():
        if contract.feed.is_register:
            continue
        before = _years_before(as_of, contract.feed.legal.retention_years)
        if records := _records(con, contract, before):
            found.append(Overdue(contract.feed.agency, contract.feed.name, before, records))
    return found


def as_subject(items: list[Overdue]) -> Subject:
    """The records as something to erase; they are of many people, of whom other records may stay."""
    return Subject({(item.agency, item.feed): item.records for item in items}, (), ())


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _records(con: duckdb.DuckDBPyConnection, contract: Contract, before: dt.date) -> tuple[str, ...]:
    """Records whose every row came before the day, and is not in force unless it is a case's."""
    table = f"raw.{contract.feed.table}"
    in_force = "" if contract.is_case else f"AND record_id NOT IN (SELECT record_id FROM {table}__in_force)"
    rows = con.execute(
        f"SELECT record_id FROM {table} WHERE true {in_force} GROUP BY record_id HAVING max(delivery_date) < ? ORDER BY 1", [before]
    ).fetchall()
    return tuple(row[0] for row in rows)
