"""One writer at a time: `flock` on `$PADAN_HOME/lock`, which the kernel frees when the holder dies.

The file names its holder (pid, boot id, start time) for the operator; only the flock itself decides.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from padan.errors import Locked

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_LOOKS, _BETWEEN_LOOKS = 20, 0.05
# Locks of this process: the command line takes one before Dagster is imported, the job's resource enters it again.
_held: set[Path] = set()


@contextmanager
def single_writer(path: Path) -> Iterator[None]:
    """Hold the lock for the length of the block; entering again in the same process is allowed.

    Raises:
        Locked: another process holds it; the message names that process and since when.
    """
    path = path.resolve()
    if path in _held:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # For this account alone: whoever may open the file could lock it too, and keep every night from starting.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        os.fchmod(file.fileno(), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(path) from None
        _write_holder(path)
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
            file.truncate(0)


def require_free(path: Path) -> None:
    """Nobody holds the lock right now: for those who only read and must not keep a night from starting.

    Raises:
        Locked: another process holds it.
    """
    if at_work(path):
        raise _taken(path)


def at_work(path: Path) -> bool:
    """Whether another process holds the lock right now."""
    if not path.exists() or path.resolve() in _held:
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _taken(path: Path) -> Locked:
    return Locked(
        f"malam lain sedang berjalan: {holder(path)}.",
        holds="Malam itu tidak terganggu.",
        todo="Tunggu sampai selesai, atau hentikan proses itu.",
    )


def _write_holder(path: Path) -> None:
    boot = BOOT_ID.read_text().strip() if BOOT_ID.exists() else "?"
    path.write_text(json.dumps({"pid": os.getpid(), "boot_id": boot, "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}))


def holder(path: Path) -> str:
    """Who holds the lock, as the lock file says: `pid 123 sejak 2026-11-24T01:00:00+00:00`.

    Whoever took it this instant may not have written yet, and what stands there may be of a process that is dead: both pass in a moment.
    """
    for _ in range(_LOOKS):
        try:
            found = json.loads(path.read_text())
            if Path(f"/proc/{found['pid']}").exists():
                return f"pid {found['pid']} sejak {found['since']}"
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(_BETWEEN_LOOKS)
    return "pemegang tak dikenal"
