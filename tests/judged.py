"""Every judge of the night over a copy of a real night's warehouse, so that a defect planted in its tables meets the rule meant for it."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from nights import AS_OF, REPO, RanNight

from padan.config import load_linkage, load_padan
from padan.intake.accounting import unaccounted
from padan.linkage import check_input, check_output, drift
from padan.quality import SUITES, record_conformity, run_suites
from padan.quality.accuracy import judge_drift
from padan.quality.deliveries import judge_deliveries
from padan.quality.history import remember
from padan.quality.suites import Tonight
from schemas.extracts import contracts

PAST = 8
QUALITY, LINKAGE = load_padan(REPO / "config").quality, load_linkage(REPO / "config")
Failed = set[tuple[str, str]]


@dataclass(frozen=True)
class Bench:
    """A finished night: its warehouse with a short past, and its dbt tests as they were compiled."""

    warehouse: Path
    run: Path

    @cached_property
    def dbt_tests(self) -> dict[str, str]:
        """SQL of every dbt test by name; a row that it returns breaks it."""
        return {node["name"]: node["compiled_code"] for node in self.nodes("test") if node.get("compiled_code")}

    @cached_property
    def dbt_nodes(self) -> dict[str, dict[str, Any]]:
        return {node["name"]: node for node in self.nodes("test") if node.get("compiled_code")}

    @cached_property
    def views(self) -> set[str]:
        """Models that are no tables."""
        return {node["name"] for node in self.nodes("model") if node["config"]["materialized"] == "view"}

    def nodes(self, kind: str) -> Iterator[dict[str, Any]]:
        for stage in ("standardize", "marts"):
            for node in json.loads((self.run / stage / "manifest.json").read_text())["nodes"].values():
                if node["resource_type"] == kind:
                    yield node

    @contextmanager
    def damaged(self, folder: Path, *damage: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A copy of the warehouse in `folder`, opened, with the damage done to it; its file keeps its name, which dbt's SQL holds."""
        path = folder / self.warehouse.name
        shutil.copy(self.warehouse, path)
        with duckdb.connect(str(path)) as con:
            for statement in damage:
                con.execute(statement)
            yield con


def make_bench(night: RanNight, folder: Path) -> Bench:
    """The night's own warehouse, copied, with PAST ordinary nights before it."""
    shutil.copy(night.home / "warehouse" / "padan.duckdb", folder / "padan.duckdb")
    run = max((night.home / "dbt" / "runs").glob("*/marts"), key=lambda p: p.stat().st_mtime).parent
    bench = Bench(folder / "padan.duckdb", run)
    with duckdb.connect(str(bench.warehouse)) as con:
        _give_past(con, run.name)
    return bench


def _give_past(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Nights before tonight that moved a little, by a seed."""
    dice = random.Random(11)  # noqa: S311 (a test's dice)
    night = Tonight(run_id, AS_OF, QUALITY.history_nights)
    measured = {m: v for suite in SUITES for m, v in suite.measure(con, night).items()}
    for ago in range(PAST, 0, -1):
        day, name = AS_OF - dt.timedelta(days=ago), f"malam-{ago}"
        remember(con, name, day, {metric: value * dice.uniform(0.985, 1.015) for metric, value in measured.items()})
        con.execute(
            "INSERT INTO quality.code_share SELECT ?, ?, feed, kolom, kode, n FROM quality.code_share WHERE run_id = ?", [name, day, run_id]
        )


def deliveries(con: duckdb.DuckDBPyConnection, as_of: dt.date = AS_OF) -> Failed:
    failed = set()
    for contract in contracts().values():
        table = f"raw.{contract.feed.table}"
        failed |= {(one.rule_id, table) for one in judge_deliveries(con, contract, as_of) if not one.passed}
        if unaccounted(con, contract)[0]:
            failed.add(("baris_diterima_sama_dengan_hasil", table))
    return failed


def linkage(con: duckdb.DuckDBPyConnection) -> Failed:
    return {(r.rule_id, r.rule.table_name) for r in (*check_input(con), *check_output(con)) if not r.passed}


def drifted(con: duckdb.DuckDBPyConnection) -> Failed:
    verdicts = judge_drift(drift.measure(con), drift.read_baseline(), LINKAGE.drift)
    return {(v.rule.rule_id, "quality.linkage_accuracy") for v in verdicts if v.failing}


def suites(con: duckdb.DuckDBPyConnection, as_of: dt.date = AS_OF, run: str = "uji") -> Failed:
    return {(r.suite, r.table_name) for r in run_suites(con, run, as_of, QUALITY) if not r.success}


def conformity(con: duckdb.DuckDBPyConnection) -> Failed:
    record_conformity(con, "uji")
    found = con.execute("SELECT rule_id, table_name FROM quality.\"check\" WHERE run_id = 'uji' AND NOT passed").fetchall()
    return set(found)


def dbt(con: duckdb.DuckDBPyConnection, bench: Bench) -> Failed:
    return {(name, "") for name, sql in bench.dbt_tests.items() if con.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0]}


def everything(con: duckdb.DuckDBPyConnection, bench: Bench) -> Failed:
    """What fails, of all judges."""
    return deliveries(con) | linkage(con) | drifted(con) | suites(con) | conformity(con) | dbt(con, bench)
