"""A home with one small night in it, to be explained: register, records, mentions, decisions. Nobody in it exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from linkage_world import CONFIG, STANDARD, Row, built, child, crowd, home_of, linked, put, record

from padan.config import Machine
from padan.home import Home
from padan.ledger import start_night
from padan.linkage import link_institutions
from padan.linkage.why import Why, explain
from padan.register import Release

AS_OF = dt.date(2026, 11, 24)
NO_PLACE: Row = {"kode_kabupaten": None}
TARGET = child(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
FATHER = child(1, "WIDODO SANTOSO", "1980-02-02", hubungan_kepala="1", nik="3273010202800001")
NAMESAKES = [child(10 + n, "DEWI LESTARI", f"201{n % 8}-05-1{n % 9}", jenis_kelamin="2", kode_kecamatan="12.71.01") for n in range(12)]

RECORDS = [
    record(1, "YUSUF HABIBIE", "2013-04-19", record_id="aa0001", nik=TARGET["nik"], no_kk=TARGET["no_kk"]),
    record(2, "YUSUP HABIBI", "2013-04-19", record_id="bb0002", nama_ibu="RAHAYU NINGSIH"),
    record(3, "QUDSI ZULAIKHA", None, record_id="cc0003", **NO_PLACE),
    record(4, "YUSUF HABIBIE", None, record_id="dd0004"),
    record(5, "DEWI LESTARI", None, record_id="ee0005", jenis_kelamin="P", **NO_PLACE),
    record(6, "PUTRI QAMARIA WULANDARI", "2014-03-03", record_id="ff0006", jenis_kelamin="P", nama_ibu="QADRIA SULASTRI"),
    record(7, "PUTRI QAMARIA WULANDARI", "2014-03-03", record_id="ff0007", feed="yapi", jenis_kelamin="P", nama_ibu="QADRIA SULASTRI"),
    *[record(100 + n, f"ANAK{n} LAIN{n}", f"2012-03-{1 + n % 28:02d}", record_id=f"zz{n:04d}", **NO_PLACE) for n in range(60)],
]

LKS = [("3273/LKSA/00001", "PANTI ASUHAN AL HIKMAH", "LKSA", "32.73"), ("3204/LKSA/00002", "PANTI ASUHAN AL HIKMAH", "LKSA", "32.04")]
LKS += [(f"35{n:02d}/LKSA/1{n:04d}", f"PANTI ASUHAN CAHAYA {n}", "LKSA", f"35.{n:02d}") for n in range(1, 30)]
MENTIONS = [("aa0001", "PA AL HIKMAH", "32.73"), ("mm0002", "PANTI ASUHAN AL-HIKMAH", None)]


@dataclass(frozen=True)
class World:
    """The home, its release, and the register_id of each NIK."""

    home: Home
    release: Release

    def register_id(self, nik: str) -> str:
        with duckdb.connect(str(self.release.path), read_only=True) as con:
            return str(con.execute("SELECT register_id FROM person WHERE nik = ?", [nik]).fetchall()[0][0])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.warehouse), read_only=True) as con:
            return con.execute(sql).fetchall()

    @cache  # noqa: B019 (a world lives as long as its tests; asking takes Splink a second)
    def why(self, asked: str, other: str | None = None, *, block_cap: int = 2_000, **options: Any) -> Why:
        config = CONFIG.model_copy(update={"person": CONFIG.person.model_copy(update={"block_cap": block_cap})})
        return explain(self.home, Machine(), config, asked, other, **options)


def make_world(folder: Path, block_cap: int = 2_000) -> World:
    home = home_of(folder / "home")
    release = built(home, [TARGET, FATHER, *NAMESAKES, *crowd(300)])
    with duckdb.connect(str(home.warehouse)) as con:
        start_night(con, "uji-1", AS_OF, "x")
        con.execute("CREATE SCHEMA intermediate; CREATE SCHEMA staging")
        con.execute(f"CREATE TABLE intermediate.int_person__standardized ({STANDARD})")
        put(con, RECORDS)
        linked(con, home, release, block_cap=block_cap)
        _institutions(con)
    return World(home, release)


def _institutions(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE TABLE intermediate.int_institution__named (mention_id VARCHAR, agency VARCHAR, feed VARCHAR, delivery_date DATE,
        source_file VARCHAR, source_row BIGINT, no_td VARCHAR, nama_lks VARCHAR, jenis VARCHAR, kode_kabupaten VARCHAR)"""
    )
    con.execute("CREATE TABLE staging.stg_kemensos__lks (no_td VARCHAR, nama_lks VARCHAR, jenis VARCHAR, kode_kabupaten VARCHAR)")
    con.executemany("INSERT INTO staging.stg_kemensos__lks VALUES (?, ?, ?, ?)", LKS)
    for n, (mention, name, regency) in enumerate(MENTIONS, 1):
        con.execute(
            "INSERT INTO intermediate.int_institution__named VALUES (?, 'kpai', 'pengawasan', ?, 'a.json', ?, NULL, ?, 'LKSA', ?)",
            [mention, AS_OF, n, name, regency],
        )
    link_institutions(con, CONFIG, "uji-1")
