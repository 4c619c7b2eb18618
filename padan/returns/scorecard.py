"""A scorecard back to each agency: `returns/<agency>/kartu_mutu/<date>.xlsx`, what to mend first, how often, since when, in which rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from padan.keys import load_password
from padan.night import Night
from padan.quality.deliveries import Standing, standing
from padan.returns.disagreements import disagreements
from padan.returns.faults import Fault, collect, past, remember
from padan.returns.workbook import write_workbook
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

#: Nights that a trend shows, and rows that a list holds at most: a sheet that nobody can open helps nobody.
NIGHTS, LARGEST_LIST = 30, 100_000


@dataclass(frozen=True)
class FeedCard:
    """One feed on its agency's card: `clean` of `rows` in force have no fault."""

    feed: str
    title: str
    standing: Standing
    late: bool
    rows: int
    clean: int
    faults: tuple[tuple[Fault, list[float]], ...] = ()
    broken: list[tuple[Any, ...]] = field(default_factory=list)
    aside: list[tuple[Any, ...]] = field(default_factory=list)
    unlike: list[tuple[Any, ...]] = field(default_factory=list)
    refused: tuple[str, ...] = ()


def write_scorecards(con: duckdb.DuckDBPyConnection, night: Night) -> list[Path]:
    """Write one workbook for each agency of which anything was read; returns them.

    Args:
        con: the warehouse, open for writing: the counts of the night are kept in quality.scorecard.
        night: the run that ended, published or not.
    """
    written = []
    own = [c for c in contracts().values() if not c.feed.is_register]
    for agency, feeds in groupby(own, key=lambda c: c.feed.agency):
        cards = [card for contract in feeds if (card := _card(con, night, contract)) is not None]
        if cards:
            folder = night.home.returns / agency / "kartu_mutu"
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            password = load_password(night.home.keys, f"returns-{agency}") if night.config.returns.passwords else None
            written.append(write_workbook(folder / f"{night.as_of}.xlsx", agency, night.as_of, cards, password))
    return written


def _card(con: duckdb.DuckDBPyConnection, night: Night, contract: Contract) -> FeedCard | None:
    if collect(con, contract) is None:
        return None
    feed, now = contract.feed, standing(con, contract)
    faults = remember(con, night.run_id, night.as_of, contract)
    rows = int(con.execute(f"SELECT count(*) FROM raw.{feed.table}__in_force").fetchall()[0][0])
    faulty = int(con.execute("SELECT count(*) FROM (SELECT DISTINCT source_file, source_row FROM cela)").fetchall()[0][0])
    age = now.age(night.as_of)
    return FeedCard(
        feed=feed.path,
        title=feed.title,
        standing=now,
        late=age is None or age > feed.due.every_days + feed.due.grace_days,
        rows=rows,
        clean=rows - faulty,
        faults=tuple((fault, past(con, fault, night.as_of, NIGHTS)) for fault in faults),
        broken=_listed(con),
        aside=_aside(con, contract),
        unlike=disagreements(con, contract, LARGEST_LIST),
        refused=_refused(con, night.run_id, contract),
    )


def _listed(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """File, row, own key, column and fault of each faulty cell, in the order of the files."""
    query = "SELECT feed, source_file, source_row, kunci, kolom, cela FROM cela ORDER BY source_file, source_row, kolom LIMIT ?"
    return con.execute(query, [LARGEST_LIST]).fetchall()


def _aside(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[tuple[Any, ...]]:
    """File, row, own key, rule and message of each row set aside from the deliveries that count."""
    feed = contract.feed
    keys = [c.delivered for c in contract.columns if c.name in feed.key]
    rows = con.execute(
        """SELECT source_file, source_row, raw, rule, message FROM quality.quarantine
        WHERE agency = ? AND feed = ? AND status = 'open' ORDER BY source_file, source_row LIMIT ?""",
        [feed.agency, feed.name, LARGEST_LIST],
    ).fetchall()
    return [(feed.path, file, row, _key_of(raw, keys), rule, message) for file, row, raw, rule, message in rows]


def _key_of(raw: str | None, keys: list[str]) -> str:
    """The row's own key as it was delivered, where its cells could be told apart."""
    try:
        cells = json.loads(raw or "{}")
    except ValueError:
        return ""
    return " / ".join(str(cells.get(name, "")) for name in keys) if isinstance(cells, dict) else ""


def _refused(con: duckdb.DuckDBPyConnection, run_id: str, contract: Contract) -> tuple[str, ...]:
    feed = contract.feed
    found = con.execute(
        "SELECT DISTINCT reason FROM ledger.delivery WHERE run_id = ? AND agency = ? AND feed = ? AND status = 'refused' ORDER BY 1",
        [run_id, feed.agency, feed.name],
    ).fetchall()
    return tuple(str(row[0]) for row in found)
