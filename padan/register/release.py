"""Which DTSEN releases lie in the home, which one is in force, and retiring one."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.errors import ConfigError
from padan.home import Home

DELIVERED = "delivered.duckdb"
INDEX = "register.duckdb"


@dataclass(frozen=True)
class Release:
    """One built release of the register: its version (dtsen_versi), its immutable file, and how many persons and families it holds."""

    version: dt.date
    path: Path
    persons: int
    families: int
    index_version: str


def release_folder(home: Home, date: dt.date) -> Path:
    """Where the release of `date` lies, delivered or built."""
    return home.register / date.isoformat()


def read_release(path: Path) -> Release:
    """What a built file says about itself."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        row = con.execute("SELECT dtsen_versi, persons, families, index_version FROM release").fetchall()[0]
    finally:
        con.close()
    return Release(version=row[0], path=path, persons=row[1], families=row[2], index_version=row[3])


def describe_release(release: Release) -> dict[str, int | float]:
    """The size of a release's file in bytes, the seconds that its steps took, and its largest block by posting list (`blok <name>`)."""
    con = duckdb.connect(str(release.path), read_only=True)
    try:
        seconds = con.execute("SELECT coalesce(sum(seconds), 0) FROM built").fetchall()[0][0]
        blocks = con.execute("SELECT posting, largest FROM block_size ORDER BY posting").fetchall()
    finally:
        con.close()
    return {"ukuran_byte": release.path.stat().st_size, "detik_bangun": round(seconds, 1), **{f"blok {name}": n for name, n in blocks}}


def list_releases(home: Home) -> list[Release]:
    """Every built release, oldest first."""
    return [read_release(path) for path in sorted(home.register.glob(f"????-??-??/{INDEX}"))]


def current_release(home: Home, as_of: dt.date) -> Release | None:
    """The newest built release of `as_of` or before; None when there is none."""
    paths = [p for p in sorted(home.register.glob(f"????-??-??/{INDEX}")) if dt.date.fromisoformat(p.parent.name) <= as_of]
    return read_release(paths[-1]) if paths else None


def retire_release(home: Home, date: dt.date) -> None:
    """Remove a release that a newer one has replaced.

    Raises:
        ConfigError: there is no such release, or none newer that is built.
    """
    built = [release.version for release in list_releases(home)]
    if date not in built:
        raise ConfigError(f"rilis DTSEN {date}: tidak ada.", todo="Lihat daftar rilis.")
    if date == max(built):
        raise ConfigError(f"rilis DTSEN {date}: yang terbaru.", holds="Rilis tetap ada.", todo="Bangun rilis berikutnya lebih dahulu.")
    shutil.rmtree(release_folder(home, date))
