"""Batches into DuckDB: rows of text into the raw table, broken rows into the quarantine, both counted.

Belongs here: one delivery's rows, inside the caller's transaction. Does not belong here: which delivery, and what then.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from padan.errors import InputRefused
from padan.intake.header import Matched, arrange, match
from padan.intake.identity import identity_columns, record_ids, scope_of
from padan.intake.jail import open_jailed
from padan.intake.reading import ROW, Batch, Reading, Reject, position
from padan.intake.rules import Broken, Readability, judge, message_of
from padan.intake.tables import raw_columns
from padan.intake.tombstones import ERASED, kept_out
from padan.progress import Progress, quiet
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb


#: More rows than this are not set aside: 5 % of a feed of 20 million rows.
MAX_QUARANTINED = 1_000_000
_SAME_FOR_FILE = ("delivery_id", "delivery_date", "source_file")


@dataclass
class Loaded:
    """Rows of one file, and what was noticed. `received` = kept + quarantined before duplicates are looked for."""

    received: int = 0
    quarantined: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    aside: list[pl.DataFrame] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Target:
    """Where a delivery's rows go: `rows` has the raw table (a release has its own file), `con` the quarantine."""

    con: duckdb.DuckDBPyConnection
    rows: duckdb.DuckDBPyConnection
    contract: Contract
    delivery_id: str
    date: dt.date
    key: bytes
    tombstones: frozenset[str] = frozenset()
    readability: Readability = field(default_factory=Readability)
    progress: Progress = quiet


def load_file(target: Target, name: str, path: Path) -> Loaded:
    """Read one file into the raw table and the quarantine.

    Raises:
        InputRefused: the file breaks its contract as a whole.
    """
    loaded = Loaded()
    with open_jailed(name, path, target.contract) as reading:
        matched = match(target.contract, reading.header)
        _insert_rows(target, name, _accepted(target, name, reading, matched, loaded))
        _insert_quarantine(target, name, loaded)
    if loaded.received == 0:
        raise InputRefused("berkas_kosong", "hanya kepala tabel, tanpa baris data.")
    loaded.notes += reading.notes + _notes_of(matched)
    return loaded


def _accepted(target: Target, name: str, reading: Reading, matched: Matched, loaded: Loaded) -> Iterator[pl.DataFrame]:
    """The rows of each batch that stand, with identity and scope; the others are put aside, all are counted."""
    for batch in reading.batches:
        rows = arrange(matched, target.contract, batch.rows)
        broken = judge(target.contract, batch.rows, rows)
        target.readability.count(target.contract, rows)
        _put_aside(loaded, reading.header, batch, broken)
        rows = _without(rows, [b.index for b in broken])
        loaded.received += batch.received
        target.progress(name, loaded.received)
        rows = rows.with_columns(_identity(target, rows), scope_of(target.contract))
        erased = kept_out(target.contract, target.key, target.tombstones, rows)
        _leave_empty(loaded, rows, erased)
        yield _without(rows, erased)


def _without(rows: pl.DataFrame, places: list[int]) -> pl.DataFrame:
    if not places:
        return rows
    return rows.with_row_index("place").filter(~pl.col("place").is_in(places)).drop("place")


def _leave_empty(loaded: Loaded, rows: pl.DataFrame, erased: list[int]) -> None:
    """Rows that were erased and came again are counted, and nothing of them is kept."""
    loaded.quarantined += len(erased)
    for at in erased:
        loaded.aside.append(
            pl.DataFrame(
                {"source_row": [rows[ROW][at]], "rule": [ERASED], "message": [message_of(ERASED)], "raw": ["{}"], "status": ["erased"]}
            )
        )


def _identity(target: Target, rows: pl.DataFrame) -> pl.Series:
    """Record ids; the register's rows need none."""
    if target.contract.feed.is_register:
        return pl.Series("record_id", [None] * rows.height, dtype=pl.String)
    return record_ids(target.key, target.contract, rows, identity_columns(target.contract))


def _notes_of(matched: Matched) -> Counter[str]:
    """What is accepted and reported about the header, as counts."""
    return +Counter(
        kolom_tak_dikenal=len(matched.unknown),
        kolom_pilihan_tidak_ada=len(matched.absent),
        kolom_pilihan_ganda=len(matched.doubled),
        urutan_kolom_berbeda=int(matched.reordered),
    )


def _put_aside(loaded: Loaded, header: tuple[str, ...], batch: Batch, broken: list[Broken]) -> None:
    rejects = [*batch.rejects, *_rejects(header, batch.rows, broken)]
    if not rejects:
        return
    loaded.quarantined += len(rejects)
    loaded.rules.update(r.rule for r in rejects)
    if loaded.quarantined > MAX_QUARANTINED:
        raise InputRefused("terlalu_banyak_karantina", f"lebih dari {MAX_QUARANTINED} baris melanggar kontrak.")
    rows = {
        "source_row": [r.row for r in rejects],
        "rule": [r.rule for r in rejects],
        "message": [message_of(r.rule) for r in batch.rejects] + [b.message for b in broken],
        "raw": [json.dumps(r.raw, ensure_ascii=True) for r in rejects],
        "status": ["open"] * len(rejects),
    }
    loaded.aside.append(pl.DataFrame(rows))


def _rejects(header: tuple[str, ...], delivered: pl.DataFrame, broken: list[Broken]) -> list[Reject]:
    """Broken rows with every delivered cell, by header; a header name that stands twice keeps its place."""
    labels = [name if header.count(name) == 1 and name else f"{name} ({i + 1})" for i, name in enumerate(header)]
    found = []
    for b in broken:
        row = delivered.row(b.index, named=True)
        found.append(Reject(row[ROW], b.rule, {label: row[position(i)] for i, label in enumerate(labels)}))
    return found


def _insert_rows(target: Target, name: str, batches: Iterator[pl.DataFrame]) -> None:
    """All batches in one statement: DuckDB then writes as it goes and holds little, also of 20 million rows.

    Raises:
        InputRefused: what the batches raised while DuckDB was pulling them.
    """
    import duckdb
    import pyarrow as pa

    columns = [c for c in raw_columns(target.contract) if c not in _SAME_FOR_FILE]
    schema = pa.schema([(c, pa.int64() if c == ROW else pa.large_string()) for c in columns])
    refused: list[BaseException] = []

    def pull() -> Iterator[Any]:
        try:
            for rows in batches:
                yield from rows.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).to_batches()
        except BaseException as error:
            refused.append(error)
            raise

    quoted = ", ".join(f'"{column}"' for column in columns)
    target.rows.register("intake_batches", pa.RecordBatchReader.from_batches(schema, pull()))
    try:
        target.rows.execute(
            f"INSERT INTO raw.{target.contract.feed.table} ({', '.join(_SAME_FOR_FILE)}, {quoted}) "
            f"SELECT ?, ?, ?, {quoted} FROM intake_batches",
            [target.delivery_id, target.date, name],
        )
    except duckdb.Error:
        # DuckDB wraps what the reader raised, and quotes it
        if refused:
            raise refused[0] from None
        raise
    finally:
        target.rows.unregister("intake_batches")


def _insert_quarantine(target: Target, name: str, loaded: Loaded) -> None:
    feed = target.contract.feed
    for rows in loaded.aside:
        target.con.register("intake_quarantine", rows.to_arrow())
        target.con.execute(
            "INSERT INTO quality.quarantine SELECT ?, ?, ?, ?, source_row, rule, message, raw, status FROM intake_quarantine",
            [feed.agency, feed.name, target.date, name],
        )
        target.con.unregister("intake_quarantine")
    loaded.aside.clear()
