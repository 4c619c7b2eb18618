"""Spark finds the night's candidates, gives its weights and reaches its decisions: on contoh and on a million register rows."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from padan.config import Machine, PersonPolicy
from padan.home import Home
from padan.linkage.answering import answer
from padan.linkage.engine import HERE, Engine
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.workspace import workspace
from padan.register import Release, list_releases
from padan.warehouse import attached

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed (spark-requirements.lock)"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
]

#: Rows of one engine that the other lacks.
_ONE_SIDED = """
SELECT count(*) FROM ((FROM here.{table} EXCEPT FROM spark.{table}) UNION ALL (FROM spark.{table} EXCEPT FROM here.{table}))
"""


def answered(con: duckdb.DuckDBPyConnection, release: Release, engine: Engine, into: Path) -> None:
    """Candidates, scores, losses and decisions of every standard person, as tables of a file."""
    with workspace(con, release.path) as (work, warehouse):
        prepare_records(work, warehouse)
        answer(work, PersonPolicy(), PERSON_V1.load(), register_size(work), lambda step, rows: None, engine=engine)
        work.execute(f"ATTACH '{into}' AS kept")
        for table in ("pair", "scored", "block_loss", "decided"):
            work.execute(f"CREATE TABLE kept.{table} AS FROM {table}")
        work.execute("DETACH kept")


def compared(con: duckdb.DuckDBPyConnection, release: Release, tmp: Path) -> dict[str, Any]:
    """How many rows each engine has, and how many differ."""
    from padan.linkage.spark.engine import cluster

    answered(con, release, HERE, tmp / "here.duckdb")
    with cluster(release, "local[2]", tmp) as spark:
        answered(con, release, spark.engine, tmp / "spark.duckdb")
    return differences(tmp)


def differences(tmp: Path) -> dict[str, Any]:
    with duckdb.connect() as con:
        for name in ("here", "spark"):
            con.execute(f"ATTACH '{tmp / name}.duckdb' AS {name} (READ_ONLY)")
        weights = " + ".join(f"abs(a.mw_{c.name} - b.mw_{c.name})" for c in PERSON_V1.comparisons)
        levels = " OR ".join(f"a.gamma_{c.name} <> b.gamma_{c.name}" for c in PERSON_V1.comparisons)

        def one(sql: str) -> Any:
            return con.execute(sql).fetchall()[0][0]

        return {
            "candidates": one("SELECT count(*) FROM here.pair"),
            "candidates_differ": one(_ONE_SIDED.format(table="pair")),
            "losses_differ": one(_ONE_SIDED.format(table="block_loss")),
            "scored": one("SELECT count(*) FROM here.scored a JOIN spark.scored b USING (l, r)"),
            "levels_differ": one(f"SELECT count(*) FROM here.scored a JOIN spark.scored b USING (l, r) WHERE {levels}"),
            "weight_error": one("SELECT max(abs(a.weight - b.weight)) FROM here.scored a JOIN spark.scored b USING (l, r)"),
            "part_error": one(f"SELECT max({weights}) FROM here.scored a JOIN spark.scored b USING (l, r)"),
            "decisions": one("SELECT count(*) FROM here.decided a JOIN spark.decided b USING (rec_no)"),
            "decisions_differ": con.execute(
                """SELECT rec_no, a.decision, b.decision, a.reason, b.reason FROM here.decided a JOIN spark.decided b USING (rec_no)
                WHERE (a.decision, a.reason) <> (b.decision, b.reason)
                    OR a.best_register_id IS DISTINCT FROM b.best_register_id ORDER BY 1"""
            ).fetchall(),
        }


def held(found: dict[str, Any]) -> None:
    print(found)
    assert found["candidates"] > 0
    assert found["candidates_differ"] == found["losses_differ"] == found["levels_differ"] == 0
    assert found["scored"] == found["candidates"]
    assert max(found["weight_error"], found["part_error"]) <= 1e-6
    assert found["decisions_differ"] == []


def test_contoh(contoh_night: Any, tmp_path: Path) -> None:
    home = Home(contoh_night.home)
    with attached(home, Machine()) as con:
        held(compared(con, list_releases(home)[-1], tmp_path))


def test_a_million_register_rows(tmp_path: Path) -> None:
    from bench.cases import write_cases
    from bench.population import ensure_register

    home = Home(tmp_path / "home").prepare()
    release = ensure_register(home, 1_000_000)
    with duckdb.connect(str(tmp_path / "cases.duckdb"), config={"memory_limit": "4GB", "threads": 2}) as con:
        write_cases(con, release.persons, 10_000)
        held(compared(con, release, tmp_path))
