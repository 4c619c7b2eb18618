"""Rows that were erased and may not come back: by keyed hashes of what they were, never by a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from padan.intake.identity import content_columns, record_ids
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb

    from padan.rights.subject import Subject


#: The rule under which an erased row that comes again is counted; nothing of it is kept.
ERASED = "dihapus_atas_permintaan"


def bury(con: duckdb.DuckDBPyConnection, key: bytes, subject: Subject, certificate: str, *, cases_only: bool = False) -> None:
    """Add tombstones for the subject's rows, as they stand in the raw tables before they go; `key` is the record key.

    A record id is itself a keyed hash of the row's identity. A row that is a case is kept out only as it was: a complaint that says
    anything else about the child, or a new one, always comes in. `cases_only`: of what was merely kept long enough, another feed's record
    that is delivered again is someone who is there again.
    """
    for (agency, feed), records in subject.records.items():
        contract = contracts()[f"{agency}/{feed}"]
        if cases_only and not contract.is_case:
            continue
        if contract.is_case:
            rows = con.execute(f"SELECT * FROM raw.{contract.feed.table} WHERE record_id IN (SELECT unnest(?))", [list(records)]).pl()
            hashes = set(record_ids(key, contract, rows, content_columns(contract)))
        else:
            shared = con.execute("SELECT key_id FROM ledger.shared_key WHERE record_id IN (SELECT unnest(?))", [list(records)]).fetchall()
            hashes = {*records, *(row[0] for row in shared if _all_erased(con, row[0], records))}
        for one in sorted(hashes):
            kind = "content" if contract.is_case else "record"
            con.execute("INSERT INTO ledger.tombstone VALUES (?, ?, ?, ?, ?)", [agency, feed, kind, one, certificate])


def _all_erased(con: duckdb.DuckDBPyConnection, key_id: str, records: tuple[str, ...]) -> bool:
    """A key that rows of several people share is no one person's."""
    found = con.execute("SELECT record_id FROM ledger.shared_key WHERE key_id = ?", [key_id]).fetchall()
    return {row[0] for row in found} <= set(records)


def buried(con: duckdb.DuckDBPyConnection, contract: Contract) -> frozenset[str]:
    """The hashes that keep rows of a feed out; empty for nearly every feed."""
    feed = contract.feed
    found = con.execute("SELECT hash FROM ledger.tombstone WHERE agency = ? AND feed = ?", [feed.agency, feed.name]).fetchall()
    return frozenset(row[0] for row in found)


def kept_out(contract: Contract, key: bytes, hashes: frozenset[str], rows: pl.DataFrame) -> list[int]:
    """Places in `rows`, which bear their record ids, of those that a tombstone keeps out."""
    if not hashes:
        return []
    marks = record_ids(key, contract, rows, content_columns(contract)) if contract.is_case else rows["record_id"]
    return [at for at, mark in enumerate(marks) if mark in hashes]
