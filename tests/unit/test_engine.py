"""What a night takes for granted of the pinned engine, and another version of it may not give."""

from __future__ import annotations

import duckdb

from padan.config import Machine
from padan.home import Home
from padan.rights.rewrite import rewrite
from padan.warehouse import STORAGE_VERSION, connect


def test_a_join_that_spills_loses_no_row(tmp_path) -> None:
    with duckdb.connect(str(tmp_path / "joined.duckdb")) as con:
        con.execute("SET threads = 1")
        con.execute("SET temp_directory = ?", [str(tmp_path / "spilled")])
        con.execute("CREATE TABLE few AS SELECT range % 2000 AS k FROM range(1000000)")
        con.execute("CREATE TABLE many AS SELECT range % 4000 AS k FROM range(2000000)")
        con.execute("CHECKPOINT")
        for limit in ("200MB", "25MB"):  # in memory; on disk
            con.execute("SET memory_limit = ?", [limit])
            assert con.execute("SELECT count(*) FROM many WHERE k IN (SELECT k FROM few)").fetchall() == [(1_000_000,)]
        con.execute("CREATE TABLE whole AS SELECT range AS k FROM range(1000000)")
        con.execute("CHECKPOINT")
        assert con.execute("SELECT count(*), sum(k) FROM whole JOIN (FROM whole) USING (k)").fetchall() == [(1_000_000, 499_999_500_000)]
        assert (tmp_path / "spilled").is_dir()  # made when something is first written there


def test_a_warehouse_has_the_newer_form_and_keeps_it(tmp_path) -> None:
    home = Home(tmp_path / "home").prepare()
    told = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'padan'"
    with connect(home, Machine()) as con:
        assert con.execute(told).fetchall() == [(f"{STORAGE_VERSION}+",)]
    rewrite(home.warehouse)
    with connect(home, Machine()) as con:
        assert con.execute(told).fetchall() == [(f"{STORAGE_VERSION}+",)]


def test_a_warehouse_of_an_older_form_is_opened_as_it_is(tmp_path) -> None:
    home = Home(tmp_path / "home").prepare()
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("CREATE TABLE kept AS SELECT 1 AS n")
    with connect(home, Machine()) as con:
        assert con.execute("SELECT n FROM kept").fetchall() == [(1,)]
        con.execute("CREATE TABLE added AS SELECT 2 AS n")
    with connect(home, Machine(), read_only=True) as con:
        assert con.execute("SELECT k.n + a.n FROM kept k, added a").fetchall() == [(3,)]
