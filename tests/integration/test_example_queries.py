"""The example queries of the docs, each run on the published file of the reader that it names."""

from __future__ import annotations

import re

import duckdb
import pytest
from nights import REPO, RanNight

EXAMPLE = re.compile(r"-- (\d+)\. pembaca: (\w+)\. ([^\n]+)\n(.*?;)\n", re.DOTALL)
QUERIES = EXAMPLE.findall((REPO / "docs" / "contoh_kueri.sql").read_text())
#: On a small night only a little may be left after small cells are hidden; these may then answer nothing.
MAY_BE_EMPTY = {"12", "17", "20"}


def test_there_are_twenty_and_each_names_its_reader() -> None:
    assert [int(number) for number, *_ in QUERIES] == list(range(1, 21))


@pytest.mark.parametrize(("number", "reader", "asked", "sql"), QUERIES, ids=[number for number, *_ in QUERIES])
def test_an_example_answers(small_night: RanNight, number: str, reader: str, asked: str, sql: str) -> None:
    assert asked.endswith(("?", ".", ")"))
    path = small_night.home / "serving" / "current" / ("publik" if reader == "semua" else reader) / "padan.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(sql).fetchall()
    assert rows or number in MAY_BE_EMPTY


OWN = [
    ("kpai", "kasus", "agency = 'kpai'"),
    ("ditjenpas", "kasus", "agency = 'ditjenpas'"),
    ("kemensos", "layanan", "true"),
    ("kemensos", "bantuan", "true"),
    ("kemensos", "hunian", "true"),
]


@pytest.mark.parametrize(("audience", "table", "own"), OWN)
def test_a_served_table_has_the_rows_of_its_mart_each_once(small_night: RanNight, audience: str, table: str, own: str) -> None:
    with small_night.warehouse() as con:
        rows = con.execute(f"SELECT count(*) FROM marts.{table} WHERE {own}").fetchall()
    path = small_night.home / "serving" / "current" / audience / "padan.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute(f"SELECT count(*) FROM marts.{table}").fetchall() == rows
