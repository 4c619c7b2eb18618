"""Rows that stand twice in one delivery: exact ones are kept once, rows that only share a key are all kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from padan.intake.identity import content_columns, record_ids
from padan.intake.loading import Target

if TYPE_CHECKING:
    import duckdb

_CHUNK_ROWS = 50_000


def drop_exact(target: Target) -> dict[str, int]:
    """Delete all but the first of the delivery's rows that are equal in everything but the counter; counts by file.

    The first is the first by file name and row, so the order of loading does not matter.
    """
    con, table = target.rows, f"raw.{target.contract.feed.table}"
    content = ", ".join(f'"{c}"' for c in content_columns(target.contract))
    # most rows share their hash with no other: only the few that do are compared cell by cell
    probe = f"hash({content})" if target.contract.feed.is_register else "record_id"
    if not _often(target, probe):
        return {}
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE intake_duplicate AS
        SELECT source_file, source_row FROM (SELECT *, {probe} AS probe FROM {table} WHERE delivery_id = ?)
        SEMI JOIN intake_often USING (probe)
        QUALIFY row_number() OVER (PARTITION BY probe, {content} ORDER BY source_file, source_row) > 1
        """,
        [target.delivery_id],
    )
    counts = con.execute("SELECT source_file, count(*) FROM intake_duplicate GROUP BY ALL").fetchall()
    con.execute(
        f"DELETE FROM {table} t USING intake_duplicate d "
        "WHERE t.delivery_id = ? AND t.source_file = d.source_file AND t.source_row = d.source_row",
        [target.delivery_id],
    )
    return dict(counts)


def _often(target: Target, probe: str) -> int:
    """Fill `intake_often` with what stands in more than one row of the delivery; returns how much that is."""
    found = target.rows.execute(
        f"CREATE OR REPLACE TEMP TABLE intake_often AS SELECT {probe} AS probe FROM raw.{target.contract.feed.table} "
        "WHERE delivery_id = ? GROUP BY ALL HAVING count(*) > 1",
        [target.delivery_id],
    ).fetchone()
    return int(found[0]) if found else 0


def tell_apart(target: Target) -> int:
    """Give rows that share a key but differ in content an identity of key and content; returns how many rows did.

    After `drop_exact`. All rows of such a key are renamed, so that none is first. `ledger.shared_key` remembers the
    key for supersession.
    """
    con, feed = target.rows, target.contract.feed
    if not feed.key or feed.is_register or not con.execute("SELECT 1 FROM intake_often LIMIT 1").fetchone():
        return 0
    if not _often(target, "record_id"):
        return 0
    found = con.execute(
        f"CREATE OR REPLACE TEMP TABLE intake_shared AS "
        f"SELECT r.*, row_number() OVER (ORDER BY source_file, source_row) AS place FROM raw.{feed.table} r "
        f"SEMI JOIN intake_often o ON o.probe = r.record_id WHERE r.delivery_id = ?",
        [target.delivery_id],
    ).fetchone()
    rows = int(found[0]) if found else 0
    for start in range(0, rows, _CHUNK_ROWS):
        _rename(target, con, start)
    return rows


def _rename(target: Target, con: duckdb.DuckDBPyConnection, start: int) -> None:
    feed = target.contract.feed
    shared = con.execute("SELECT * FROM intake_shared WHERE place > ? AND place <= ?", [start, start + _CHUNK_ROWS]).pl()
    columns = tuple(dict.fromkeys((*feed.key, *content_columns(target.contract))))
    renamed = shared.select(
        pl.col("record_id").alias("key_id"), "source_file", "source_row", record_ids(target.key, target.contract, shared, columns)
    )
    con.register("intake_renamed", renamed.to_arrow())
    con.execute(
        f"UPDATE raw.{feed.table} t SET record_id = n.record_id FROM intake_renamed n "
        "WHERE t.delivery_id = ? AND t.source_file = n.source_file AND t.source_row = n.source_row",
        [target.delivery_id],
    )
    con.execute(
        "INSERT INTO ledger.shared_key SELECT DISTINCT record_id, key_id, ?, ? FROM intake_renamed n "
        "WHERE NOT EXISTS (SELECT 1 FROM ledger.shared_key s WHERE s.record_id = n.record_id)",
        [feed.agency, feed.name],
    )
    con.unregister("intake_renamed")
