"""Publication on disk: a finished folder becomes the one in force by one rename, and old ones go.

A reader follows `serving/current`, a link to one run's folder that holds every audience, so that nobody ever sees two
runs mixed. Files are made under a fresh name and never written again: a reader that has one open keeps it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from padan.access import give
from padan.errors import Defect

CURRENT, STABLE, MANIFEST = "current", "stable", "manifest.json"
#: Folders of a publisher that died; a published run never begins with a dot.
UNFINISHED = "."
FILE_MODE, FOLDER_MODE, PASSAGE_MODE = 0o440, 0o750, 0o711


def sync(path: Path) -> None:
    """Flush a file or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal(folder: Path, groups: Mapping[str, str] | None = None) -> None:
    """Make every file of a finished folder read-only and durable, files before the folders that name them.

    `groups`: by subfolder (audience) the group that may read it. With any, others may pass through the folder, not look into it.
    """
    for audience, group in (groups or {}).items():
        give(folder / audience, group)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
        sync(path)
    folder.chmod(PASSAGE_MODE if groups else FOLDER_MODE)
    sync(folder)


def place(unfinished: Path, folder: Path) -> None:
    """Give a sealed folder its final name; it is not in force yet."""
    unfinished.rename(folder)
    sync(folder.parent)


def point(serving: Path, run_id: str, name: str = CURRENT) -> None:
    """Make `serving/<name>` mean this run, in one step; readers see the run before or this one.

    Raises:
        Defect: the run is not there, or has no manifest.
    """
    if not (serving / run_id / MANIFEST).is_file():
        raise Defect("terbitan yang dituju tidak lengkap atau tidak ada.", holds="Terbitan terakhir tetap berlaku.")
    fresh = serving / f"{UNFINISHED}{name}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(run_id, target_is_directory=True)
    fresh.replace(serving / name)
    sync(serving)


def pointed(serving: Path, name: str = CURRENT) -> str | None:
    """The run that `serving/<name>` means, or None."""
    link = serving / name
    return link.readlink().name if link.is_symlink() else None


def sweep(serving: Path) -> None:
    """Remove what a publisher that died left half made."""
    for left in serving.glob(f"{UNFINISHED}*"):
        if left.is_symlink() or left.is_file():
            left.unlink()
        else:
            shutil.rmtree(left)


def discard(folder: Path) -> None:
    """Remove a placed run that never came into force: its publisher died before it could point to it.

    Raises:
        Defect: the run is in force or pinned.
    """
    if folder.name in {pointed(folder.parent), pointed(folder.parent, STABLE)}:
        raise Defect("terbitan yang berlaku tidak dapat dibangun ulang.", holds="Terbitan terakhir tetap berlaku.")
    if folder.exists():
        gone = folder.parent / f"{UNFINISHED}gone-{folder.name}"
        folder.rename(gone)
        shutil.rmtree(gone)


def published_runs(serving: Path) -> list[str]:
    """Runs on disk, newest first, by the time in their manifests."""
    taken = [
        (json.loads(path.read_text())["published_at"], path.parent.name)
        for path in serving.glob(f"[!{UNFINISHED}]*/{MANIFEST}")
        if not path.parent.is_symlink()
    ]
    return [run for _, run in sorted(taken, reverse=True)]


def prune(serving: Path, keep: int) -> list[str]:
    """Remove runs beyond the newest `keep`; never the one in force, never the pinned `stable`. Returns those removed."""
    pinned = {pointed(serving), pointed(serving, STABLE)}
    old = [run for run in published_runs(serving)[keep:] if run not in pinned]
    for run in old:
        discard(serving / run)
    return old
