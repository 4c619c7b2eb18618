"""`padan diff`: two nights of a small home, and what the second answers otherwise."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest
from linkage_world import STANDARD, built, child, crowd, home_of, linked, put, record
from typer.testing import CliRunner, Result

from padan.errors import ConfigError, InputRefused
from padan.home import Home
from padan.ledger import start_night
from pipelines.cli import app

TARGET = child(1, "YUSUF HABIBIE", "2013-04-19")


def padan(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["diff", *arguments, "--home", str(home.root)])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The first night knows the child by name alone; on the second its NIK has come."""
    home = home_of(tmp_path_factory.mktemp("diff") / "home")
    release = built(home, [TARGET, *crowd(200)])
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("CREATE SCHEMA intermediate")
        con.execute(f"CREATE TABLE intermediate.int_person__standardized ({STANDARD})")
        put(con, [record(1, "QUDSI", None, kode_kabupaten=None), record(2, "ZULAIKHA BAHRI", "2010-05-05")])
        for run, day in (("malam-satu", 24), ("malam-dua", 25)):
            start_night(con, run, dt.date(2026, 11, day), run)
            linked(con, home, release, run)
            con.execute(
                "UPDATE intermediate.int_person__standardized SET nama = 'YUSUF HABIBIE', nik = ? WHERE source_row = 1", [TARGET["nik"]]
            )
    return home


def test_the_changed_record_is_counted_and_named_with_its_cause(home) -> None:
    done = padan(home, "malam-satu", "malam-dua")
    assert done.exit_code == 0, done.exception
    assert "1 catatan dijawab lain" in done.stdout
    assert "no_link → link" in done.stdout
    assert "r0001" in done.stdout
    assert TARGET["nik"] not in done.stdout


def test_json_holds_every_record(home) -> None:
    found = json.loads(padan(home, "malam-s", "malam-d", "--json").stdout)
    assert found["counts"] == [{"feed": "kemensos/atensi", "cause": "data", "records": 1}]
    assert [(r["record_id"], r["before_decision"], r["after_decision"]) for r in found["records"]] == [("r0001", "no_link", "link")]


def test_the_other_way_round_it_is_undone(home) -> None:
    assert "link → no_link" in padan(home, "malam-dua", "malam-satu").stdout


def test_an_unknown_or_ambiguous_night_is_refused(home, tmp_path: Path) -> None:
    assert isinstance(padan(home, "malam-satu", "tidak-ada").exception, InputRefused)
    assert isinstance(padan(home, "malam", "malam-dua").exception, InputRefused)
    assert isinstance(padan(Home(tmp_path), "a", "b").exception, ConfigError)
