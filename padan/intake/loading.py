"""Batches into DuckDB: rows of text into the raw table, broken rows into the quarantine, both counted.

Belongs here: one delivery's rows, inside the caller's transaction. Does not belong here: which delivery, and what then.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from padan.errors import InputRefused
from padan.intake.header import Matched, arrange, match
from padan.intake.identity import identity_columns, record_ids, scope_of
from padan.intake.opening import open_file
from padan.intake.reading import ROW, Batch, Reject, position
from padan.intake.rules import Broken, Readability, judge, message_of
from padan.intake.tables import raw_columns
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str, int], None]


@dataclass
class Loaded:
    """Rows of one file, and what was noticed. `received` = kept + quarantined before duplicates are looked for."""

    received: int = 0
    quarantined: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Target:
    """Where a delivery's rows go: `rows` has the raw table (a release has its own file), `con` the quarantine."""

    con: duckdb.DuckDBPyConnection
    rows: duckdb.DuckDBPyConnection
    contract: Contract
    delivery_id: str
    date: dt.date
    key: bytes
    readability: Readability = field(default_factory=Readability)
    progress: Progress = lambda _file, _rows: None


def load_file(target: Target, name: str, path: Path) -> Loaded:
    """Read one file into the raw table and the quarantine.

    Raises:
        InputRefused: the file breaks its contract as a whole.
    """
    reading = open_file(name, path, target.contract)
    matched = match(target.contract, reading.header)
    loaded = Loaded()
    for batch in reading.batches:
        _load_batch(target, name, reading.header, matched, batch, loaded)
        target.progress(name, loaded.received)
    if loaded.received == 0:
        raise InputRefused("berkas_kosong", "hanya kepala tabel, tanpa baris data.")
    loaded.notes += reading.notes + _notes_of(matched)
    return loaded


def _notes_of(matched: Matched) -> Counter[str]:
    """What is accepted and reported about the header, as counts."""
    return +Counter(
        kolom_tak_dikenal=len(matched.unknown),
        kolom_pilihan_tidak_ada=len(matched.absent),
        kolom_pilihan_ganda=len(matched.doubled),
        urutan_kolom_berbeda=int(matched.reordered),
    )


def _load_batch(target: Target, name: str, header: tuple[str, ...], matched: Matched, batch: Batch, loaded: Loaded) -> None:
    rows = arrange(matched, target.contract, batch.rows)
    broken = judge(target.contract, batch.rows, rows)
    target.readability.count(target.contract, rows)
    rejects = [*batch.rejects, *_rejects(header, batch.rows, broken)]
    messages = [message_of(r.rule) for r in batch.rejects] + [b.message for b in broken]
    if broken:
        rows = rows.with_row_index("place").filter(~pl.col("place").is_in([b.index for b in broken])).drop("place")
    _insert_rows(target, name, rows)
    _insert_quarantine(target, name, rejects, messages)
    loaded.received += batch.received
    loaded.quarantined += len(rejects)
    loaded.rules.update(r.rule for r in rejects)


def _rejects(header: tuple[str, ...], delivered: pl.DataFrame, broken: list[Broken]) -> list[Reject]:
    """Broken rows with every delivered cell, by header; a header name that stands twice keeps its place."""
    labels = [name if header.count(name) == 1 and name else f"{name} ({i + 1})" for i, name in enumerate(header)]
    found = []
    for b in broken:
        row = delivered.row(b.index, named=True)
        found.append(Reject(row[ROW], b.rule, {label: row[position(i)] for i, label in enumerate(labels)}))
    return found


def _insert_rows(target: Target, name: str, rows: pl.DataFrame) -> None:
    contract = target.contract
    if contract.feed.is_register:
        ids = pl.Series("record_id", [None] * rows.height, dtype=pl.String)
    else:
        ids = record_ids(target.key, contract, rows, identity_columns(contract))
    batch = rows.with_columns(ids, scope_of(contract)).to_arrow()
    columns = ", ".join(f'"{column}"' for column in raw_columns(contract) if column not in _SAME_FOR_FILE)
    target.rows.register("intake_batch", batch)
    target.rows.execute(
        f"INSERT INTO raw.{contract.feed.table} (delivery_id, delivery_date, source_file, {columns}) "
        f"SELECT ?, ?, ?, {columns} FROM intake_batch",
        [target.delivery_id, target.date, name],
    )
    target.rows.unregister("intake_batch")


_SAME_FOR_FILE = frozenset({"delivery_id", "delivery_date", "source_file"})


def _insert_quarantine(target: Target, name: str, rejects: list[Reject], messages: list[str]) -> None:
    if not rejects:
        return
    rows = {
        "source_row": [r.row for r in rejects],
        "rule": [r.rule for r in rejects],
        "message": messages,
        "raw": [json.dumps(r.raw, ensure_ascii=True) for r in rejects],
    }
    target.con.register("intake_quarantine", pl.DataFrame(rows).to_arrow())
    feed = target.contract.feed
    target.con.execute(
        "INSERT INTO quality.quarantine SELECT ?, ?, ?, ?, source_row, rule, message, raw, 'open' FROM intake_quarantine",
        [feed.agency, feed.name, target.date, name],
    )
    target.con.unregister("intake_quarantine")
