"""A warehouse of any released version is brought up to this one: nothing of it is lost, and a night on it publishes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from nights import REPO, run_night

from padan.errors import Defect
from padan.home import Home
from padan.intake.tables import prepare
from padan.linkage.tables import TABLES
from padan.upgrade import VERSION, upgrade, version_of

VERSIONS = sorted((REPO / "tests" / "integration" / "versions").glob("*.sql"))
OWN = ("ledger", "review", "raw", "quality")
ROWS = """
INSERT INTO ledger.night VALUES ('malam-1', DATE '2026-11-01', 'f', 'c', 'p', 'published', 0,
    TIMESTAMP '2026-11-01', TIMESTAMP '2026-11-01');
INSERT INTO ledger.taken VALUES (1, 'kemensos/pkh@2026-10-01#a', 'kemensos', 'pkh', DATE '2026-10-01', 'd', 'accepted', NULL, NULL, false,
    '{}', TIMESTAMP '2026-10-02', 'malam-1');
INSERT INTO ledger.access VALUES (TIMESTAMP '2026-10-02', 'akun', 'r1', NULL, 'surat tugas 1');
INSERT INTO quality.quarantine VALUES ('kemensos', 'pkh', DATE '2026-10-01', 'a.csv', 7, 'kunci_kosong', 'm', '{"NIK": ""}', 'open');
"""


def old(path: Path, version: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute(version.read_text())
        con.execute(ROWS)
    return path


def columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN (SELECT unnest(?)) ORDER BY ALL", [list(OWN)]
    ).fetchall()
    return {(s, t): [(c[0], c[1]) for c in con.execute(f'DESCRIBE {s}."{t}"').fetchall()] for s, t in tables}


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_an_old_warehouse_becomes_what_a_new_one_is_and_keeps_its_rows(version: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(old(tmp_path / "old.duckdb", version))) as con, duckdb.connect(str(tmp_path / "new.duckdb")) as fresh:
        assert version_of(con) == int(version.stem)
        assert upgrade(con) == VERSION - int(version.stem) and version_of(con) == VERSION
        assert upgrade(con) == 0, "once"
        for one in (con, fresh):
            upgrade(one)
            from datetime import date

            prepare(one, date(2026, 11, 24))
        made, wanted = columns(con), columns(fresh)
        assert {name: made.get(name) for name in wanted} == wanted
        memory = [(name, kind) for name, kind, *_ in con.execute("DESCRIBE link.memory").fetchall()]
        assert sorted(memory) == sorted(tuple(column.split()) for column in TABLES["memory"].split(","))
        assert con.execute("SELECT count(*) FROM ledger.delivery").fetchall() == [(1,)]
        assert con.execute("SELECT raw->>'NIK', status FROM quality.quarantine").fetchall() == [("", "open")]
        assert con.execute("SELECT who FROM ledger.access").fetchall() == [("akun",)]


def test_a_warehouse_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "new.duckdb")) as con:
        upgrade(con)
        con.execute("INSERT INTO ledger.schema_version VALUES (?, now()::TIMESTAMP)", [VERSION + 1])
        before = columns(con)
        with pytest.raises(Defect, match="berversi"):
            upgrade(con)
        assert columns(con) == before


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_a_night_on_an_old_warehouse_publishes(version: Path, small_landing: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(version.read_text())
    night = run_night(small_landing / "landing", home.root)
    assert night.exit_code == 0, night.stderr[-3000:]
