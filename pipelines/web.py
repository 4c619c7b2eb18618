"""`padan ui`: Dagster's webserver and daemon on loopback. The open-source UI has no login, so it listens to this machine only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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


def _start(command: str, *arguments: str) -> subprocess.Popen[bytes]:
    executable = Path(sys.executable).parent / command
    # Arguments are ours; the list form keeps a shell out of it.
    return subprocess.Popen([str(executable), *arguments, "-w", str(PROJECT / "workspace.yaml")], cwd=PROJECT, env=dict(os.environ))  # noqa: S603
