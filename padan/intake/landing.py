"""What lies in the landing folder: deliveries, and whatever cannot be one.

Belongs here: names, sizes and dates of files. Does not belong here: a byte of their content, or anything slow to
import: this runs before a night decides whether there is anything new at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "MANIFEST.sha256"
SETTLE_MINUTES = 10
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_JUNK = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class LandedFile:
    """One file of a delivery as it lies there: name, size in bytes, time of last change in nanoseconds."""

    name: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Refusal:
    """Something that was refused: rule and one clear sentence, without a value of anybody."""

    agency: str
    feed: str
    delivery_date: dt.date | None
    where: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Delivery:
    """One folder `agency/feed/date`. `defect` is set where the folder holds what no delivery may hold."""

    agency: str
    feed: str
    date: dt.date
    files: tuple[LandedFile, ...]
    manifest: LandedFile | None
    defect: Refusal | None = None

    @property
    def path(self) -> str:
        """`agency/feed`, as contracts name it."""
        return f"{self.agency}/{self.feed}"

    def settled(self, now: dt.datetime, minutes: int = SETTLE_MINUTES) -> bool:
        """True once a manifest vouches for it, or no file changed in the last `minutes` (it may still be arriving)."""
        if self.manifest is not None:
            return True
        limit = (now.timestamp() - minutes * 60) * 1e9
        return all(file.mtime_ns <= limit for file in self.files)


@dataclass(frozen=True)
class LandingScan:
    """Deliveries up to the as-of date, by agency, feed and date, and refused entries that are no delivery."""

    deliveries: tuple[Delivery, ...]
    refusals: tuple[Refusal, ...]

    def of(self, path: str) -> tuple[Delivery, ...]:
        """Deliveries of the feed `agency/feed`, oldest first."""
        return tuple(d for d in self.deliveries if d.path == path)

    def refusals_of(self, path: str) -> tuple[Refusal, ...]:
        """Refused entries inside the folder of the feed `agency/feed`."""
        return tuple(r for r in self.refusals if f"{r.agency}/{r.feed}" == path)

    def strays(self, known: Collection[str]) -> tuple[Refusal, ...]:
        """What belongs to no known feed: one refusal an unknown feed folder, and every entry above the feeds."""
        unknown = sorted({(d.agency, d.feed) for d in self.deliveries if d.path not in known})
        folders = tuple(
            Refusal(agency, feed, None, f"{agency}/{feed}", "umpan_tak_dikenal", f"{shown(f'{agency}/{feed}')}: tidak ada kontraknya.")
            for agency, feed in unknown
        )
        return folders + tuple(r for r in self.refusals if f"{r.agency}/{r.feed}" not in known)


def shown(name: str) -> str:
    """A file name fit for one line: control and direction characters become `?`."""
    return "".join(c if c.isprintable() else "?" for c in name)


def fingerprint(found: LandingScan) -> str:
    """SHA-256 over names, sizes and times of everything found; equal as long as nothing in the landing changed."""
    lines = [
        f"{d.path}\0{d.date}\0{f.name}\0{f.size}\0{f.mtime_ns}" for d in found.deliveries for f in (*d.files, *filter(None, (d.manifest,)))
    ]
    lines += [f"{r.where}\0{r.rule}" for r in found.refusals]
    lines += [f"{d.path}\0{d.date}\0{d.defect.rule}" for d in found.deliveries if d.defect]
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogateescape")).hexdigest()


def scan(landing: Path, as_of: dt.date) -> LandingScan:
    """Everything under `landing` that is dated up to `as_of`; later deliveries are not looked into. Follows no link."""
    deliveries: list[Delivery] = []
    refusals: list[Refusal] = []
    for agency in _folders(landing, "", "", refusals):
        for feed in _folders(Path(agency.path), agency.name, "", refusals):
            for folder in _folders(Path(feed.path), agency.name, feed.name, refusals):
                date = _date(folder.name)
                if date is None:
                    why = "nama folder bukan tanggal (YYYY-MM-DD)"
                    refusals.append(_refusal(agency.name, feed.name, folder.name, "folder_bukan_tanggal", why))
                elif date <= as_of:
                    deliveries.append(_delivery(agency.name, feed.name, date, Path(folder.path)))
    return LandingScan(tuple(deliveries), tuple(refusals))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Entries by name, without what operating systems leave behind."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return sorted((e for e in found if not _is_junk(e.name)), key=lambda e: e.name)


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _JUNK


def _folders(folder: Path, agency: str, feed: str, refusals: list[Refusal]) -> Iterator[os.DirEntry[str]]:
    """The folders in `folder`; anything else in it is refused."""
    for entry in _entries(folder):
        if entry.is_symlink():
            refusals.append(_refusal(agency, feed, entry.name, "tautan_simbolik", "tautan tidak diikuti"))
        elif entry.is_dir(follow_symlinks=False):
            yield entry
        else:
            refusals.append(_refusal(agency, feed, entry.name, "letak_salah", "berkas harus di <instansi>/<umpan>/<YYYY-MM-DD>/"))


def _refusal(agency: str, feed: str, name: str, rule: str, why: str) -> Refusal:
    where = "/".join(filter(None, (agency, feed, name)))
    return Refusal(agency, feed, None, where, rule, f"{shown(where)}: {why}.")


def _date(name: str) -> dt.date | None:
    if not _DATE.fullmatch(name):
        return None
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None


def _delivery(agency: str, feed: str, date: dt.date, folder: Path) -> Delivery:
    files: list[LandedFile] = []
    defect: Refusal | None = None
    for entry in _entries(folder):
        info = entry.stat(follow_symlinks=False)
        rule, why = _not_a_file(info.st_mode)
        if rule:
            where = f"{agency}/{feed}/{date}/{entry.name}"
            defect = defect or Refusal(agency, feed, date, where, rule, f"{shown(where)}: {why}.")
        else:
            files.append(LandedFile(entry.name, Path(entry.path), info.st_size, info.st_mtime_ns))
    manifest = next((f for f in files if f.name == MANIFEST), None)
    return Delivery(agency, feed, date, tuple(f for f in files if f is not manifest), manifest, defect)


def _not_a_file(mode: int) -> tuple[str, str]:
    if stat.S_ISREG(mode):
        return "", ""
    if stat.S_ISLNK(mode):
        return "tautan_simbolik", "tautan tidak diikuti"
    if stat.S_ISDIR(mode):
        return "letak_salah", "folder di dalam kiriman"
    return "bukan_berkas", "perangkat, pipa atau soket, bukan berkas"
