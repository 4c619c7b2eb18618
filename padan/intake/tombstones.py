"""Rows that were erased and may not come back: by keyed hashes of what they were, never by a value."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from padan.intake.identity import content_columns
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb

    from padan.rights.subject import Subject


#: The rule under which an erased row that comes again is counted; nothing of it is kept.
ERASED = "dihapus_atas_permintaan"


def bury(con: duckdb.DuckDBPyConnection, subject: Subject, certificate: str) -> None:
    """Add tombstones for the subject's rows, as they stand in the raw tables before they go.

    A record id is itself a keyed hash of the row's identity. A row that is a case is kept out only as it was: a complaint that says
    anything else about the child, or a new one, always comes in.
    """
    for (agency, feed), records in subject.records.items():
        contract = contracts()[f"{agency}/{feed}"]
        if contract.is_case:
            rows = con.execute(f"SELECT * FROM raw.{contract.feed.table} WHERE record_id IN (SELECT unnest(?))", [list(records)]).pl()
            hashes = set(content_hashes(contract, rows, rows["record_id"]))
        else:
            shared = con.execute("SELECT key_id FROM ledger.shared_key WHERE record_id IN (SELECT unnest(?))", [list(records)]).fetchall()
            hashes = {*records, *(row[0] for row in shared if _all_erased(con, row[0], records))}
        if hashes:
            kind = "content" if contract.is_case else "record"
            con.executemany(
                "INSERT INTO ledger.tombstone VALUES (?, ?, ?, ?, ?)", [[agency, feed, kind, h, certificate] for h in sorted(hashes)]
            )


def _all_erased(con: duckdb.DuckDBPyConnection, key_id: str, records: tuple[str, ...]) -> bool:
    """A key that rows of several people share is no one person's."""
    found = con.execute("SELECT record_id FROM ledger.shared_key WHERE key_id = ?", [key_id]).fetchall()
    return {row[0] for row in found} <= set(records)


def content_hashes(contract: Contract, rows: pl.DataFrame, record_ids: pl.Series) -> list[str]:
    """A hash of record id (keyed, so that nobody else can make it) and content of each row."""
    cells = rows.select(pl.col(list(content_columns(contract))).fill_null(""))
    return [
        hashlib.sha256("\0".join((record, *row)).encode()).hexdigest() for record, row in zip(record_ids, cells.iter_rows(), strict=True)
    ]


def buried(con: duckdb.DuckDBPyConnection, contract: Contract) -> frozenset[str]:
    """The hashes that keep rows of a feed out; empty for nearly every feed."""
    feed = contract.feed
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'tombstone'").fetchone():
        return frozenset()
    found = con.execute("SELECT hash FROM ledger.tombstone WHERE agency = ? AND feed = ?", [feed.agency, feed.name]).fetchall()
    return frozenset(row[0] for row in found)


def kept_out(contract: Contract, hashes: frozenset[str], rows: pl.DataFrame, record_ids: pl.Series) -> list[int]:
    """Places in `rows` of those that a tombstone keeps out."""
    if not hashes:
        return []
    marks = content_hashes(contract, rows, record_ids) if contract.is_case else record_ids.to_list()
    return [at for at, mark in enumerate(marks) if mark in hashes]
