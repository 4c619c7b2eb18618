"""A backup of an installation without its keys, and putting it back: a copy of files with their hashes, whole or not there.

The keys go to a folder of their own: whoever finds one of the two can read neither pseudonyms nor lists.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.config import Backup
from padan.errors import ConfigError, Defect, GateFailed
from padan.home import Home
from padan.ledger import create_tables

MANIFEST = "MANIFEST.sha256"
#: What cannot be made again from the rest, and what a reader would miss tomorrow. The register is built anew from the archive where absent.
PARTS = ("archive", "warehouse", "register", "serving", "reports", "returns", "review")


@dataclass(frozen=True)
class Copied:
    """Where it lies, and how much: files and bytes."""

    folder: Path
    files: int
    size: int


def back_up(home: Home, target: Path, keys: Path | None, now: dt.datetime) -> Copied:
    """Copy the home to a new folder under `target`, and its keys under `keys` where given. Hold the lock.

    Raises:
        ConfigError: a target lies inside the home, or keys and data would lie together.
    """
    name = f"padan-{now:%Y%m%dT%H%M%SZ}"
    for place in filter(None, (target, keys)):
        if place.resolve().is_relative_to(home.root.resolve()):
            raise ConfigError("cadangan di dalam rumahnya sendiri bukan cadangan.", todo="Pilih folder di disk lain.")
    if keys is not None and (keys.resolve().is_relative_to(target.resolve()) or target.resolve().is_relative_to(keys.resolve())):
        raise ConfigError("kunci dan data harus terpisah.", todo="Pilih folder lain untuk --keys.")
    if home.warehouse.exists():
        # What is in the write-ahead log goes into the file that is copied.
        with duckdb.connect(str(home.warehouse)) as con:
            con.execute("CHECKPOINT")
    copied = _copy(home.root, PARTS, target / name)
    if keys is not None:
        _copy(home.root, ("keys",), keys / name)
    return copied


def back_up_before_night(home: Home, settings: Backup, now: dt.datetime) -> Copied | None:
    """The copy that the settings ask for before a night, and the oldest beyond those that stay removed; None where none is asked for.

    Raises:
        ConfigError: the folders do not fit.
        Defect: the copy could not be made; the night does not begin, since it could not be undone.
    """
    if not settings.folder or not home.warehouse.exists():
        return None
    target, keys = Path(settings.folder), Path(settings.keys_folder) if settings.keys_folder else None
    try:
        copied = back_up(home, target, keys, now)
        for place in filter(None, (target, keys)):
            for old in sorted(place.glob("padan-*Z"))[: -settings.keep]:
                shutil.rmtree(old)
    except OSError as error:
        raise Defect(
            f"cadangan sebelum malam gagal ({type(error).__name__}).",
            holds="Malam tidak dimulai; terbitan terakhir tetap berlaku.",
            todo="Periksa ruang dan hak akses [backup] folder.",
        ) from None
    return copied


def remember(con: duckdb.DuckDBPyConnection, copied: Copied, now: dt.datetime) -> None:
    """Note a copy in `ledger.backup`, so that an erasure can name what still holds the rows."""
    create_tables(con)
    con.execute("INSERT INTO ledger.backup VALUES (?, ?, ?, ?)", [now.replace(tzinfo=None), str(copied.folder), copied.files, copied.size])


def restore(backup: Path, keys: Path | None, home: Home) -> Copied:
    """Put a backup back into an empty home; every file is compared with its hash before the home gets its name.

    Raises:
        ConfigError: the home is not empty, or the backup has no manifest.
        GateFailed: a file is missing, added or changed.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise ConfigError("rumah tujuan tidak kosong.", holds="Tidak ada yang ditimpa.", todo="Pilih folder baru, lalu tukar namanya.")
    unfinished = home.root.with_name(f".{home.root.name}.restore")
    shutil.rmtree(unfinished, ignore_errors=True)
    files = size = 0
    for place in filter(None, (backup, keys)):
        expected = _expected(place)
        shutil.copytree(place, unfinished, symlinks=True, dirs_exist_ok=True)
        (unfinished / MANIFEST).unlink()
        wrong = [name for name, digest in expected.items() if _digest(unfinished / name) != digest]
        if wrong:
            shutil.rmtree(unfinished)
            raise GateFailed(f"{len(wrong)} berkas cadangan rusak.", holds="Rumah tujuan tetap kosong.", todo="Pakai cadangan lain.")
        files, size = files + len(expected), size + sum((unfinished / name).stat().st_size for name in expected)
    if home.root.exists():
        home.root.rmdir()
    unfinished.rename(home.root)
    home.prepare()
    return Copied(home.root, files, size)


def _copy(root: Path, parts: tuple[str, ...], target: Path) -> Copied:
    unfinished = target.with_name(f".{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    for part in parts:
        if (root / part).exists():
            shutil.copytree(root / part, unfinished / part, symlinks=True)
    names = sorted(path.relative_to(unfinished) for path in unfinished.rglob("*") if path.is_file() and not path.is_symlink())
    lines = [f"{_digest(unfinished / name)}  {name}\n" for name in names]
    (unfinished / MANIFEST).write_text("".join(lines))
    size = sum((unfinished / name).stat().st_size for name in names)
    os.sync()
    unfinished.rename(target)
    return Copied(target, len(names), size)


def _expected(place: Path) -> dict[str, str]:
    if not (place / MANIFEST).is_file():
        raise ConfigError(f"{place.name}: bukan cadangan PADAN, atau belum selesai dibuat.", todo="Pilih folder padan-<waktu>.")
    return {line[66:].rstrip("\n"): line[:64] for line in (place / MANIFEST).read_text().splitlines()}


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
