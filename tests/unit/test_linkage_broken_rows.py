"""Broken rows are counted as Pandera itself finds them, whatever breaks and however many; no row is brought into Python for it."""

from __future__ import annotations

import tracemalloc
from typing import Any

import duckdb
import ibis
import pandera.ibis as pa
import pytest
from pandera.errors import SchemaErrors

from padan.linkage.broken_rows import CONTENT, FORM, KEY, broken_rows

WHOLE = [(1, "01", "L", 0.5, "a"), (2, None, "P", None, "bb"), (3, "03", None, 1.0, "ccc")]


class Sample(pa.DataFrameModel):
    """Every kind of rule that a schema of ours has, and those that it may have."""

    no: int = pa.Field(ge=1)
    kode: str = pa.Field(nullable=True, str_matches=r"[0-9]{2}$")
    jenis: str = pa.Field(nullable=True, isin=["L", "P"])
    nilai: float = pa.Field(nullable=True, ge=0, le=1)
    nama: str = pa.Field(str_length={"min_value": 1, "max_value": 3})

    @pa.dataframe_check(name="nama_menurut_nomor")
    def name_follows_number(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A name has as many letters as its number says."""
        return data.table.nama.length() == data.table.no

    class Config:
        """One row a number and name."""

        strict = True
        ordered = True
        unique = ["no", "nama"]  # noqa: RUF012 (Pandera reads a list)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE t (no BIGINT, kode VARCHAR, jenis VARCHAR, nilai DOUBLE, nama VARCHAR)")
    con.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", WHOLE)
    return con


DAMAGES = [
    ("UPDATE t SET no = 0 WHERE no = 1", {CONTENT: 1, "nama_menurut_nomor": 1}),
    ("UPDATE t SET kode = '1' WHERE no < 3", {CONTENT: 2}),
    ("UPDATE t SET kode = 'x01'", {CONTENT: 3}),
    ("UPDATE t SET jenis = 'laki'", {CONTENT: 3}),
    ("UPDATE t SET nilai = 1.5, jenis = 'x' WHERE no = 3", {CONTENT: 1}),
    ("UPDATE t SET nilai = -1", {CONTENT: 3}),
    ("UPDATE t SET nama = '' WHERE no = 3", {CONTENT: 1, "nama_menurut_nomor": 1}),
    ("UPDATE t SET nama = 'dddd' WHERE no = 3", {CONTENT: 1, "nama_menurut_nomor": 1}),
    ("UPDATE t SET nama = NULL WHERE no = 3", {CONTENT: 1}),
    ("UPDATE t SET nama = 'bb' WHERE no = 3", {"nama_menurut_nomor": 1}),
    ("INSERT INTO t SELECT * FROM t WHERE no < 3", {KEY: 4}),
    ("ALTER TABLE t ADD lain INTEGER", {FORM: 1}),
    ("ALTER TABLE t DROP kode", {FORM: 1}),
    ("ALTER TABLE t DROP nama", {FORM: 2}),
    ("ALTER TABLE t ALTER no TYPE VARCHAR", {FORM: 3}),
    ("DELETE FROM t", {}),
]


@pytest.mark.parametrize(("damage", "broken"), DAMAGES)
def test_each_rule_counts_what_breaks_it(con, damage: str, broken: dict[str, int]) -> None:
    assert broken_rows(con, Sample, "main.t") == {}
    con.execute(damage)
    assert broken_rows(con, Sample, "main.t") == broken


@pytest.mark.parametrize(("damage", "broken"), DAMAGES[:-1])
def test_pandera_itself_refuses_the_same_tables(con, damage: str, broken: dict[str, int]) -> None:
    con.execute(damage)
    with pytest.raises(SchemaErrors) as refused:
        Sample.validate(ibis.duckdb.from_connection(con).table("t"), lazy=True)
    named = {getattr(error.check, "name", None) for error in refused.value.schema_errors}
    reasons = {error.reason_code.name for error in refused.value.schema_errors}
    assert ("DUPLICATES" in reasons) == (KEY in broken)
    assert named >= broken.keys() - {FORM, KEY, CONTENT}


def test_only_the_rows_that_are_asked_for_are_looked_at(con) -> None:
    con.execute("UPDATE t SET jenis = 'x'")
    assert broken_rows(con, Sample, "main.t", "WHERE no > 1") == {CONTENT: 2}
    assert broken_rows(con, Sample, "main.t", "WHERE no > 3") == {}


def test_a_rule_that_is_not_known_here_is_not_passed_over(con) -> None:
    class Unknown(pa.DataFrameModel):
        nama: str = pa.Field(str_startswith="a")

    with pytest.raises(KeyError):
        broken_rows(con, Unknown, "main.t")


def test_many_broken_rows_are_counted_without_being_brought_into_python(con) -> None:
    con.execute("INSERT INTO t SELECT 0, 'RAHASIA' || i, 'x', 2, 'NAMA ' || i FROM range(100000) r(i)")
    tracemalloc.start()
    try:
        broken = broken_rows(con, Sample, "main.t")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert broken == {CONTENT: 100_000, "nama_menurut_nomor": 100_000}
    assert peak < 5_000_000
