"""`padan ui`: Dagster's webserver and daemon on loopback. The open-source UI has no login, so it listens to this machine only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from padan.errors import InputRefused
from padan.home import Home
from pipelines.resources import PROJECT, enter

LOOPBACK = "127.0.0.1"


def serve(home: Home, landing: Path, port: int, *, read_only: bool) -> int:
    """Serve until interrupted; with `read_only` the webserver alone, which then can start nothing. Returns the exit code."""
    enter(home, landing)
    processes = [_start("dagster-webserver", "-h", LOOPBACK, "-p", str(port), *(["--read-only"] if read_only else []))]
    if not read_only:
        processes.append(_start("dagster-daemon", "run"))
    sys.stderr.write(f"Antarmuka: http://{LOOPBACK}:{port}  (siap dalam sekitar satu menit; Ctrl-C untuk berhenti)\n")
    # A service manager stops with SIGTERM; the processes below must end with this one.
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        codes = [process.wait(timeout=60) for process in processes]
    return 0 if all(code in (0, -signal.SIGINT) for code in codes) else 1


def _interrupted(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def serve_copy(audit_dir: Path, port: int) -> int:
    """Serve an auditor's copy, read-only; the copy itself stays as it was handed over. Returns the exit code.

    Raises:
        InputRefused: the folder is no copy that `padan audit export` wrote.
    """
    storage = audit_dir / "dagster"
    if not storage.is_dir():
        raise InputRefused("bukan_salinan_auditor", f"{audit_dir.name}: tanpa dagster/.", todo="Beri folder dari padan audit export.")
    with tempfile.TemporaryDirectory(prefix="padan-audit-") as folder:
        home = Home(Path(folder))
        shutil.copytree(storage, home.dagster)
        return serve(home, home.root / "landing", port, read_only=True)


@contextmanager
def instance_of(home: Home) -> Iterator[dg.DagsterInstance]:
    """Dagster's store of a home, to read."""
    enter(home, home.root / "landing")
    with dg.DagsterInstance.get() as instance:
        yield instance


def _start(command: str, *arguments: str) -> subprocess.Popen[bytes]:
    executable = Path(sys.executable).parent / command
    # Arguments are ours; the list form keeps a shell out of it.
    return subprocess.Popen([str(executable), *arguments, "-w", str(PROJECT / "workspace.yaml")], cwd=PROJECT, env=dict(os.environ))  # noqa: S603
