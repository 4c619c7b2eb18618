"""Non-interference over a whole night: take every case away, link anew, and nothing that goes to Kemensos about a person changes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest
from nights import RanNight, run_night

from schemas.sharing import AUDIENCES

CASES = ("kpai/pengaduan", "ditjenpas/abh")


def own_rows(night: RanNight, table: str, columns: str) -> list[tuple[object, ...]]:
    """Rows of Kemensos's file, persons by what they have in common and not by their pseudonym (keys differ from home to home)."""
    with duckdb.connect(str(night.home / "serving" / "current" / "kemensos" / "padan.duckdb"), read_only=True) as con:
        return con.execute(f"SELECT {columns} FROM marts.{table} ORDER BY ALL").fetchall()


def lists(night: RanNight) -> dict[str, list[list[str]]]:
    """Office → rows of its list but for their ids, in the order of file and row."""
    found = {}
    for path in sorted((night.home / "returns" / "kemensos" / "daftar").rglob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            found[path.name] = sorted(row[1:] for row in list(csv.reader(file, delimiter=";"))[1:])
    return found


@pytest.mark.long
def test_whatever_is_delivered_about_cases_kemensos_is_shown_the_same(small_night: RanNight, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(small_night.landing, landing)
    for feed in CASES:
        shutil.rmtree(landing / feed)
    bare = run_night(landing, tmp_path / "home")
    assert bare.exit_code == 0, bare.stderr
    for table in AUDIENCES["kemensos"].tables:
        if table.has_persons:
            columns = ", ".join(column.name for column in table.columns if column.name != "pseudonim")
            assert own_rows(bare, table.name, columns) == own_rows(small_night, table.name, columns), table.name
    assert lists(bare) == lists(small_night)
    assert lists(bare), "no list, nothing proven"
