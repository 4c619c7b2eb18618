"""`padan link`: the night's answers once more, on DuckDB or on Spark, and where they differ."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import ConfigError
from padan.home import Home
from padan.linkage.engine import HERE, Engine
from padan.register import Release
from pipelines.options import DEFAULT_HOME, PROJECT, DateOption, HomeOption, as_of_date
from pipelines.steps import Steps


class EngineName(StrEnum):
    """What may look keys up and score pairs."""

    DUCKDB = "duckdb"
    SPARK = "spark"


#: Differing records that are named; the rest is counted.
NAMED = 20


def link(
    engine: Annotated[EngineName, typer.Option("--engine", help="duckdb, atau spark (perlu pyspark dan Java)")] = EngineName.DUCKDB,
    master: Annotated[str, typer.Option("--master", help="alamat Spark, misalnya spark://host:7077")] = "local[2]",
    scratch: Annotated[
        Path | None, typer.Option("--scratch", help="folder pertukaran yang terlihat oleh setiap pelaksana Spark; bawaan: tmp di home")
    ] = None,
    dedupe: Annotated[bool, typer.Option("--dedupe", help="cari orang yang tercatat dua kali di rilis DTSEN (hanya spark)")] = False,
    home: HomeOption = DEFAULT_HOME,
    date: DateOption = None,
) -> None:
    """Jawab lagi setiap catatan malam terakhir dengan mesin yang dipilih dan sebut jawaban yang berbeda. Tidak menulis apa pun."""
    from padan.config import load_linkage, load_padan
    from padan.linkage.again import answer_again
    from padan.lock import single_writer
    from padan.register import current_release
    from padan.warehouse import attached

    place, machine, linkage = Home(home.resolve()), load_padan(PROJECT / "config").machine, load_linkage(PROJECT / "config")
    release = current_release(place, as_of_date(date))
    if release is None or not place.warehouse.exists():
        raise ConfigError(f"{place.root}: belum ada malam dengan rilis DTSEN.", todo="Jalankan padan run lebih dahulu.")
    started = time.monotonic()
    if dedupe:
        _dedupe(place, release, engine, master, scratch or place.tmp)
        return
    with (
        single_writer(place.lock),
        Steps(f"pemadanan ulang ({engine})") as steps,
        _engine(engine, release, master, scratch or place.tmp) as at_work,
        attached(place, machine) as con,
    ):
        found = answer_again(con, release, linkage.person, at_work, steps.done)
    decided = ", ".join(f"{name} {n:,}" for name, n in found.by_decision.items())
    typer.echo(
        f"{found.records:,} catatan, {found.candidates:,} calon: {decided}; {len(found.differences):,} jawaban berbeda dari malam itu "
        f"({time.monotonic() - started:.0f} detik)."
    )
    for d in found.differences[:NAMED]:
        typer.echo(f"{d.record_id}  {d.what}: malam {d.night}, sekarang {d.again}")


@contextmanager
def _engine(name: EngineName, release: Release, master: str, scratch: Path) -> Iterator[Engine]:
    if name is EngineName.DUCKDB:
        yield HERE
        return
    from padan.linkage.spark.engine import cluster

    with cluster(release, master, scratch) as spark:
        yield spark.engine


def _dedupe(place: Home, release: Release, engine: EngineName, master: str, scratch: Path) -> None:
    from padan.config import load_linkage, load_padan
    from padan.linkage.workspace import workspace
    from padan.lock import single_writer
    from padan.warehouse import attached

    if engine is not EngineName.SPARK:
        raise ConfigError("--dedupe berjalan di Spark saja.", todo="Tambahkan --engine spark.")
    from padan.linkage.spark.duplicates import find_duplicates
    from padan.linkage.spark.engine import cluster

    machine, policy = load_padan(PROJECT / "config").machine, load_linkage(PROJECT / "config").person
    target = release.path.parent / "duplicates.parquet"
    with (
        single_writer(place.lock),
        Steps("orang tercatat dua kali"),
        cluster(release, master, scratch) as spark,
        attached(place, machine) as con,
        workspace(con, release.path) as (work, _),
    ):
        found = find_duplicates(work, spark, policy, target)
    typer.echo(
        f"Rilis {release.version}: {found.compared:,} pasang dibandingkan, {found.pairs:,} mungkin satu orang, "
        f"{found.sure:,} hampir pasti, {found.in_one_family:,} di dalam satu keluarga. Daftar (vault): {found.path}"
    )
