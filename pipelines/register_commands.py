"""`padan register`: build a DTSEN release's index, list the releases, retire one that a newer one has replaced."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from padan.errors import ConfigError
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption, parsed_date
from pipelines.steps import Steps

register = typer.Typer(help="Rilis DTSEN: bangun indeksnya, lihat daftarnya, pensiunkan yang lama.", no_args_is_help=True)

ReleaseOption = Annotated[str | None, typer.Option("--release", help="tanggal rilis YYYY-MM-DD; bawaan: penyerahan terbaru")]


@register.command()
def build(release: ReleaseOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Bangun indeks satu rilis yang sudah diserahkan; yang sudah dibangun tidak diubah."""
    from padan.config import load_padan
    from padan.lock import single_writer
    from padan.register import build_release

    place = _place(home)
    version = _newest_delivered(place) if release is None else parsed_date(release, "--release")
    machine = load_padan(PROJECT / "config").machine
    started = time.monotonic()
    with single_writer(place.lock), Steps(f"rilis DTSEN {version}") as steps:
        built = build_release(place, machine, version, steps.done)
    said = "dibangun" if steps.seen else "sudah dibangun sebelumnya"
    typer.echo(
        f"Rilis {built.version} {said}: {built.persons:,} orang, {built.families:,} keluarga, {_size(built.path)}, "
        f"{time.monotonic() - started:.0f} detik."
    )


@register.command(name="list")
def list_all(home: HomeOption = DEFAULT_HOME) -> None:
    """Tampilkan setiap rilis: yang berlaku, yang lama, yang baru diserahkan; ukuran dan umurnya."""
    from padan.register import list_releases

    place = _place(home)
    built = {release.version: release for release in list_releases(place)}
    as_of = _as_of(place)
    current = max((version for version in built if version <= as_of), default=None)
    table = Table(show_edge=False, pad_edge=False)
    for column in ("rilis", "keadaan", "orang", "keluarga", "indeks", "penyerahan", "umur (hari)"):
        table.add_column(column, justify="left" if column in ("rilis", "keadaan") else "right")
    for version in sorted(built.keys() | set(_delivered(place))):
        release = built.get(version)
        state = "baru diserahkan" if release is None else "berlaku" if version == current else "lama" if version < as_of else "menunggu"
        counts = (f"{release.persons:,}", f"{release.families:,}", _size(release.path)) if release else ("–", "–", "–")
        delivered = place.register / version.isoformat() / "delivered.duckdb"
        table.add_row(version.isoformat(), state, *counts, _size(delivered), str((as_of - version).days))
    Console(width=118).print(table)


@register.command()
def retire(release: Annotated[str, typer.Argument(help="tanggal rilis YYYY-MM-DD")], home: HomeOption = DEFAULT_HOME) -> None:
    """Hapus indeks dan penyerahan satu rilis lama; rilis yang berlaku ditolak. Berkas kirimannya tetap ada di arsip."""
    from padan.lock import single_writer
    from padan.register import current_release, retire_release

    place = _place(home)
    version = parsed_date(release, "RELEASE")
    with single_writer(place.lock):
        current = current_release(place, _as_of(place))
        if current is not None and current.version == version:
            raise ConfigError(
                f"rilis DTSEN {version}: yang berlaku pada malam terakhir.",
                holds="Rilis tetap ada.",
                todo="Jalankan malam atas rilis berikutnya lebih dahulu.",
            )
        freed = sum(path.stat().st_size for path in (place.register / version.isoformat()).glob("*"))
        retire_release(place, version)
    typer.echo(f"Rilis {version} dipensiunkan; {_bytes(freed)} dibebaskan.")


def _place(home: Path) -> Home:
    place = Home(home.resolve())
    if not place.register.is_dir():
        raise ConfigError("belum ada register di folder ini.", todo="Periksa --home, atau jalankan padan run lebih dahulu.")
    return place


def _delivered(home: Home) -> list[dt.date]:
    return sorted(dt.date.fromisoformat(path.parent.name) for path in home.register.glob("????-??-??/delivered.duckdb"))


def _newest_delivered(home: Home) -> dt.date:
    delivered = _delivered(home)
    if not delivered:
        raise ConfigError("belum ada rilis DTSEN yang diserahkan.", todo="Muat dtsen/anggota dan dtsen/keluarga dengan padan run.")
    return delivered[-1]


def _as_of(home: Home) -> dt.date:
    """The day of the last night, which says what release is in force; today before the first."""
    from padan.config import load_padan
    from padan.ledger import last_night
    from padan.lock import require_free
    from padan.warehouse import connect
    from pipelines.clock import today

    if not home.warehouse.exists():
        return today()
    require_free(home.lock)
    with connect(home, load_padan(PROJECT / "config").machine, read_only=True) as con:
        last = last_night(con)
    return last.as_of if last else today()


def _size(path: Path) -> str:
    return _bytes(path.stat().st_size) if path.exists() else "–"


def _bytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
