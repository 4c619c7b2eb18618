"""The publication at 10 million register persons and 300,000 case rows: `python -m bench serving --home HOME`.

A finished home's own rows are repeated until they are so many, in other regencies and as other persons; indicators are made anew for all
514 regencies. Peer: DuckDB copying the same tables to a fresh file with nothing hidden, named or checked.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from bench.measure import write
from padan.config import Machine, PadanConfig
from padan.home import Home
from padan.serving import publish
from padan.warehouse import configure
from schemas.sharing import AUDIENCES

PERSONS, CASES = 10_000_000, 300_000
#: What the issue asks for, in seconds.
BOUND = 180

_CELLS = """
CREATE TABLE target.marts.indicator AS
WITH place AS (
    SELECT kode, exp(5 * random()) AS weight FROM codes.codes_wilayah WHERE tingkat IN ('kabupaten', 'kota')
), wanted AS (
    SELECT DISTINCT indicator_code, kategori, periode FROM marts.indicator
    WHERE (length(periode) = 7 OR indicator_code NOT IN (SELECT indicator_code FROM marts.indicator WHERE length(periode) = 4))
), base AS (
    SELECT indicator_code, kategori,
        unnest(CASE WHEN indicator_code IN (SELECT indicator_code FROM marts.indicator WHERE length(periode) = 4)
            THEN [periode, left(periode, 4)] ELSE [periode] END) AS periode,
        kode, sex, umur, 1 + (random() * weight / 4)::BIGINT AS d, random() AS p
    FROM wanted, place, (VALUES ('L'), ('P')) s (sex), (VALUES ('0-5'), ('6-11'), ('12-14'), ('15-17')) u (umur) WHERE random() < 0.6
), counted AS (
    SELECT * EXCLUDE (p), (d * p)::BIGINT AS n FROM base
)
SELECT indicator_code, periode,
    CASE WHEN grouping(kode) = 0 THEN 'kabupaten' WHEN grouping(prov) = 0 THEN 'provinsi' ELSE 'nasional' END AS tingkat,
    CASE WHEN grouping(kode) = 0 THEN kode WHEN grouping(prov) = 0 THEN prov ELSE 'ID' END AS kode_kemendagri, kategori,
    CASE WHEN grouping(sex) = 0 THEN sex ELSE 'semua' END AS jenis_kelamin,
    CASE WHEN grouping(umur) = 0 THEN umur ELSE 'semua' END AS kelompok_umur,
    sum(n)::BIGINT AS numerator, sum(d)::BIGINT AS denominator, sum(n) / sum(d) AS value, sum(n) / sum(d) AS lower,
    sum(n) / sum(d) AS upper,
    NULL::DOUBLE AS baseline, NULL::DOUBLE AS target, 'bench' AS cakupan_sumber, DATE '2026-10-01' AS dtsen_versi, false AS suppressed,
    'bench' AS run_id
FROM (SELECT *, left(kode, 2) AS prov FROM counted)
GROUP BY GROUPING SETS ((indicator_code, periode, kategori, prov, kode), (indicator_code, periode, kategori, prov),
    (indicator_code, periode, kategori), (indicator_code, periode, kategori, prov, sex), (indicator_code, periode, kategori, sex),
    (indicator_code, periode, kategori, prov, umur), (indicator_code, periode, kategori, umur))"""


def main(arguments: list[str]) -> None:
    """Make the warehouse, publish it twice (the second night carries figures over), and print seconds beside the peer's."""
    parser = argparse.ArgumentParser(prog="python -m bench serving", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".padan"), help="a home with a finished night")
    parser.add_argument("--share", type=float, default=1.0, help="share of the size asked for")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="padan-serving-"))
    try:
        figures = _measure(Home(options.home.resolve()), Home(folder / "home").prepare(), options.share)
    finally:
        shutil.rmtree(folder)
    for name, value in figures.items():
        print(f"{name:28} {value:>14,.2f}" if isinstance(value, float) else f"{name:28} {value:>14,}")
    write("serving", {**figures, "bound": BOUND, "share": options.share})


def _measure(met: Home, home: Home, share: float) -> dict[str, Any]:
    config = PadanConfig()
    rows = _fill(met, home, config.machine, share)
    with duckdb.connect(str(home.warehouse)) as con:
        configure(con, config.machine, home.tmp)
        peer = _peer(con, home.root / "peer.duckdb")
        seconds = []
        for day in (1, 2):
            started = time.monotonic()
            done = publish(con, home, config, run_id=f"night-{day}", as_of=dt.date(2026, 11, 23 + day), versions={})
            seconds.append(time.monotonic() - started)
    return {
        **rows, "cells": done.cells, "hidden_cells": done.hidden_cells, "first_seconds": seconds[0], "second_seconds": seconds[1],
        "peer_seconds": peer, "ratio": seconds[0] / peer, "slowest_query_seconds": _slowest([done.file(name) for name in AUDIENCES]),
    }  # fmt: skip


def _fill(met: Home, home: Home, machine: Machine, share: float) -> dict[str, int]:
    """Every relation that is served, at size, into the warehouse of `home`; returns rows of cases, of all, and children."""
    with duckdb.connect() as con:
        configure(con, machine, home.tmp)
        # dbt's views name their database: the home's is called as in a night.
        con.execute(f"ATTACH '{met.warehouse}' AS padan (READ_ONLY)")
        con.execute(f"ATTACH '{home.warehouse}' AS target")
        for schema in ("marts", "codes", "quality", "intermediate"):
            con.execute(f"CREATE SCHEMA target.{schema}")
        con.execute("USE padan")
        cases, children = con.execute("SELECT (SELECT count(*) FROM marts.kasus), (SELECT count(*) FROM marts.anak)").fetchall()[0]
        times = max(1, round(CASES * share / cases))
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'codes'").fetchall():
            con.execute(f"CREATE TABLE target.codes.{name} AS FROM codes.{name}")
        relations = sorted({table.relation for audience in AUDIENCES.values() for table in audience.tables if table.name != "indicator"})
        total = sum(_repeat(con, relation, times) for relation in relations)
        con.execute('CREATE TABLE target.quality."check" AS FROM quality."check"')
        con.execute("SELECT setseed(0.4)")
        con.execute(_CELLS)
    return {"case_rows": cases * times, "rows": total, "children": children * times}


def _repeat(con: duckdb.DuckDBPyConnection, relation: str, times: int) -> int:
    """Copy a relation; one about persons or cases so many times, each time about others. Returns its rows."""
    columns = {name for (name, *_) in con.execute(f"DESCRIBE {relation}").fetchall()}
    again = sorted({"person_id", "record_id", "nomor", "no_kasus"} & columns)
    changed = ", ".join(f"{name} || '-' || i AS {name}" for name in again)
    source = f"SELECT * EXCLUDE (i) REPLACE ({changed}) FROM {relation}, range({times}) r (i)" if again else f"FROM {relation}"
    con.execute(f"CREATE TABLE target.{relation} AS {source}")
    return int(con.execute(f"SELECT count(*) FROM target.{relation}").fetchall()[0][0])


def _peer(con: duckdb.DuckDBPyConnection, path: Path) -> float:
    """Seconds in which DuckDB copies the same tables, once for each audience, to a file and to Parquet."""
    started = time.monotonic()
    for audience in AUDIENCES.values():
        con.execute(f"ATTACH '{path}' AS peer")
        con.execute("CREATE SCHEMA peer.marts")
        for table in audience.tables:
            con.execute(f"CREATE TABLE peer.marts.{table.name} AS FROM {table.relation}")
            con.execute(f"COPY peer.marts.{table.name} TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)")
        con.execute("DETACH peer")
        path.unlink()
    return time.monotonic() - started


def _slowest(files: list[Path]) -> float:
    """Seconds of the slowest of the documented queries, each on the files of those who have its tables."""
    text = (Path(__file__).parents[1] / "docs" / "contoh_kueri.sql").read_text()
    slowest, answered = 0.0, 0
    for file in files:
        with duckdb.connect(str(file), read_only=True) as con:
            for statement in con.extract_statements(text):
                started = time.monotonic()
                with suppress(duckdb.CatalogException, duckdb.BinderException):
                    con.execute(statement).fetchall()
                    answered += 1
                    slowest = max(slowest, time.monotonic() - started)
    if not answered:
        raise SystemExit("no documented query was answered")
    return slowest
