"""`padan doctor`: is this installation fit for tonight? One line a question; nothing is changed, and no value of a person is read."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import stat
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import duckdb

from padan.access import open_faults
from padan.config import PadanConfig, load_linkage
from padan.errors import Locked, PadanError
from padan.home import Home
from padan.keys import KEY_BYTES
from padan.ledger import last_night
from padan.lock import require_free
from padan.operations.at_rest import volume_of
from padan.quality.deliveries import standing
from padan.register import current_release
from padan.serving import pointed, published_runs
from padan.serving.swap import MANIFEST, UNFINISHED
from schemas.extracts import contracts

State = Literal["baik", "perhatikan", "rusak"]
#: A night spills about as much again as the warehouse holds, and keeps yesterday's files.
ROOM = 3
LEAST_FREE = 2 * 2**30
#: DTSEN comes every quarter.
OLDEST_RELEASE = dt.timedelta(days=120)
SIZES = ("warehouse", "archive", "register", "serving", "returns", "reports", "dagster")
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}


@dataclass(frozen=True)
class Finding:
    """One answer. `todo`: what to do, empty where all is well."""

    question: str
    state: State
    answer: str
    todo: str = ""


def examine(home: Home, project: Path, config: PadanConfig, as_of: dt.date) -> list[Finding]:
    """Every finding, in the order of reading; a question that cannot be answered is a finding too."""
    questions: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _versions(project),
        lambda: _lock(home),
        lambda: _modes(home),
        lambda: _keys(home),
        lambda: _at_rest(home, config),
        lambda: _disk(home),
        lambda: _memory(config),
        lambda: _publication(home),
        lambda: _release(home, as_of),
        lambda: _ledger(home, as_of),
        lambda: _answers(home, project, as_of),
        lambda: _leftovers(home),
        lambda: _sizes(home),
    )
    found: list[Finding] = []
    for ask in questions:
        try:
            found += list(ask())
        except (OSError, ValueError, KeyError, duckdb.Error, PadanError) as error:
            found.append(
                Finding("pemeriksaan", "rusak", f"tidak dapat dijawab ({type(error).__name__})", "Jalankan lagi dengan --debug di vault.")
            )
    return found


def _versions(project: Path) -> Iterator[Finding]:
    pins = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    wrong = []
    for pin in pins:
        name, _, wanted = re.sub(r"\[.*?\]", "", pin).partition("==")
        try:
            there = version(re.split(r"[<>=!~ ]", name)[0])
        except PackageNotFoundError:
            there = "tidak ada"
        if (wanted and there != wanted) or there == "tidak ada":
            wrong.append(f"{name} {there}")
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}, DuckDB {duckdb.__version__}"
    yield Finding(
        "versi",
        "rusak" if wrong else "baik",
        ", ".join(wrong) or f"{python}; {len(pins)} paket seperti dikunci",
        "make setup" if wrong else "",
    )


def _lock(home: Home) -> Iterator[Finding]:
    try:
        require_free(home.lock)
        yield Finding("kunci malam", "baik", "bebas")
    except Locked as locked:
        yield Finding("kunci malam", "perhatikan", locked.what, locked.todo)


def _modes(home: Home) -> Iterator[Finding]:
    """The vault is its owner's alone; what is served is nobody's to write but ours."""
    faults = open_faults(home)
    yield Finding(
        "hak akses", "rusak" if faults else "baik", ", ".join(faults) or "vault tertutup", "chmod 700 folder itu" if faults else ""
    )


def _keys(home: Home) -> Iterator[Finding]:
    bad, files = [], sorted(home.keys.glob("*")) if home.keys.exists() else []
    for path in files:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            bad.append(f"{path.name} terbuka")
        elif path.suffix == ".key" and len(path.read_text().strip()) != 2 * KEY_BYTES:
            bad.append(f"{path.name} rusak")
        elif not path.stat().st_size:
            bad.append(f"{path.name} kosong")
    todo = "Pulihkan dari cadangan kunci; chmod 600." if bad else ""
    yield Finding("kunci rahasia", "rusak" if bad else "baik", ", ".join(bad) or f"{len(files)} berkas", todo)


def _at_rest(home: Home, config: PadanConfig) -> Iterator[Finding]:
    """What shows that the disk is encrypted, and what is closed to age recipients."""
    found = volume_of(home.root if home.root.exists() else home.root.parent)
    told = found.proof or f"{found.mount} ({found.kind}): tidak terbukti tersandi"
    archive = "arsip tertutup bagi penerima age" if config.encryption.archive_recipients else "arsip terbuka di dalam vault"
    asked = config.encryption.volume == "encrypted"
    state: State = "baik" if found.proof else "rusak" if asked else "perhatikan"
    yield Finding("penyandian", state, f"{told}; {archive}", "" if found.proof else "Letakkan rumah di volume LUKS.")


def _disk(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.root if home.root.exists() else home.root.parent).free
    used = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    enough = free >= max(LEAST_FREE, ROOM * used)
    yield Finding(
        "ruang disk",
        "baik" if enough else "perhatikan",
        f"{_size(free)} bebas",
        "" if enough else f"Sediakan {_size(max(LEAST_FREE, ROOM * used))}.",
    )


def _memory(config: PadanConfig) -> Iterator[Finding]:
    number, unit = re.fullmatch(r"([\d.]+)\s*([A-Za-z]+)", config.machine.memory_limit).groups()  # type: ignore[union-attr]
    wanted = float(number) * _UNITS[unit.upper()]
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    there = int(lines["MemAvailable"].split()[0]) * 1024
    enough = there >= 1.5 * wanted
    todo = "" if enough else "Hentikan program lain, atau turunkan [machine] memory_limit."
    yield Finding(
        "memori", "baik" if enough else "perhatikan", f"{_size(there)} tersedia, batas DuckDB {config.machine.memory_limit}", todo
    )


def _publication(home: Home) -> Iterator[Finding]:
    run = pointed(home.serving) if home.serving.exists() else None
    if run is None:
        yield Finding("terbitan", "perhatikan", "belum ada", "padan run, atau padan demo")
        return
    manifest = json.loads((home.serving / run / MANIFEST).read_text())
    missing = [name for name in manifest["files"] if not (home.serving / run / name).is_file()]
    kept = len(published_runs(home.serving))
    answer = f"{run[:8]} per {manifest['as_of']}, {kept} disimpan"
    yield Finding(
        "terbitan",
        "rusak" if missing else "baik",
        f"{len(missing)} berkas hilang" if missing else answer,
        "padan rollback" if missing else "",
    )


def _release(home: Home, as_of: dt.date) -> Iterator[Finding]:
    release = current_release(home, as_of)
    if release is None:
        yield Finding("rilis DTSEN", "perhatikan", "belum ada", "Letakkan kiriman dtsen di landing.")
        return
    old = as_of - release.version > OLDEST_RELEASE
    yield Finding(
        "rilis DTSEN",
        "perhatikan" if old else "baik",
        f"{release.version}, {release.persons:,} orang",
        "Minta rilis triwulan ini." if old else "",
    )


def _ledger(home: Home, as_of: dt.date) -> Iterator[Finding]:
    """How the last night ended, and which feeds are late."""
    if not home.warehouse.exists():
        yield Finding("malam terakhir", "perhatikan", "belum ada", "padan run")
        return
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        last = last_night(con)
        late = [
            contract.feed.path
            for contract in contracts().values()
            if not contract.feed.is_register
            and ((age := standing(con, contract).age(as_of)) is None or age > contract.feed.due.every_days + contract.feed.due.grace_days)
        ]
    good = last is not None and last.ended_well
    told = f"{last.as_of}: {last.ended}" if last else "belum ada"
    todo = "Baca laporannya bila ada, lalu padan run: ia meneruskan malam itu."
    yield Finding("malam terakhir", "baik" if good else "perhatikan", told, "" if good else todo)
    todo = "Tagih kirimannya; angka dari sumber itu tetap seperti kiriman terakhir." if late else ""
    yield Finding("kiriman", "perhatikan" if late else "baik", ", ".join(late) + " terlambat" if late else "semua sumber tepat waktu", todo)


def _answers(home: Home, project: Path, as_of: dt.date) -> Iterator[Finding]:
    """How many kept answers of linkage hold for a night of this program: where none does, it takes as long as a first one."""
    from padan.linkage.basis import basis_of

    if not home.warehouse.exists():
        return
    basis = basis_of(current_release(home, as_of), load_linkage(project / "config").person)
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        if not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'link' AND table_name = 'memory'").fetchone():
            return
        kept, holds = con.execute("SELECT count(*), count(*) FILTER (basis = ?) FROM link.memory", [basis.digest]).fetchall()[0]
    answer = f"{holds:,} dari {kept:,} tetap berlaku"
    todo = "Rilis, aturan, model atau program pemadanan lain dari malam terakhir: sediakan waktu seperti malam pertama."
    yield Finding("jawaban padanan", "baik" if holds == kept else "perhatikan", answer, "" if holds == kept else todo)


def _leftovers(home: Home) -> Iterator[Finding]:
    left = [path.name for path in home.serving.glob(f"{UNFINISHED}*")] if home.serving.exists() else []
    yield Finding(
        "sisa pekerjaan",
        "perhatikan" if left else "baik",
        f"{len(left)} folder belum jadi" if left else "tidak ada",
        "Malam berikutnya merapikannya." if left else "",
    )


def _sizes(home: Home) -> Iterator[Finding]:
    sizes = {
        name: sum(f.stat().st_size for f in (home.root / name).rglob("*") if f.is_file()) for name in SIZES if (home.root / name).exists()
    }
    yield Finding("ukuran", "baik", ", ".join(f"{name} {_size(size)}" for name, size in sizes.items()) or "kosong")


def _size(count: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
