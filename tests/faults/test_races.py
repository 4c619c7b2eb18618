"""Nights that meet: of those that start together one runs, the others name it; the lock of a dead one is nobody's."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from figures import Figures
from nights import REPO

HOLDER = """
import sys, time
from pathlib import Path
from padan.errors import Locked
from padan.lock import single_writer
try:
    with single_writer(Path(sys.argv[1])):
        print("holds", flush=True)
        time.sleep(float(sys.argv[2]))
except Locked as locked:
    print("locked", locked.what, flush=True)
"""


def start(lock: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", HOLDER, str(lock), str(seconds)], cwd=REPO, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("times", [2, pytest.param(50, marks=pytest.mark.long)])
def test_of_two_that_start_together_one_holds_and_the_other_names_it(times: int, tmp_path: Path, figures: Figures) -> None:
    for at in range(times):
        began = time.monotonic()
        pair = [start(tmp_path / f"lock{at}", 1.5) for _ in range(2)]
        said = [process.stdout.readline() for process in pair if process.stdout]
        waited = time.monotonic() - began
        winner = pair[[line.startswith("holds") for line in said].index(True)]
        (loser,) = [line for line in said if not line.startswith("holds")]
        assert f"pid {winner.pid}" in loser
        for process in pair:
            process.kill()
            process.wait()
        figures.add("races of two nights: one winner, holder named", "50", 1)
        figures.most("seconds until the second of two nights was told", "5", waited)


@pytest.mark.parametrize("times", [2, pytest.param(50, marks=pytest.mark.long)])
def test_the_lock_of_a_dead_night_is_taken_over_at_once(times: int, tmp_path: Path, figures: Figures) -> None:
    lock = tmp_path / "lock"
    for _ in range(times):
        with start(lock, 60) as dead:
            assert dead.stdout is not None and dead.stdout.readline() == "holds\n"
            dead.send_signal(signal.SIGKILL)
        began = time.monotonic()
        with start(lock, 0) as heir:
            assert heir.stdout is not None and heir.stdout.readline() == "holds\n"
        figures.most("seconds until a dead night's lock was taken over", "60", time.monotonic() - began)
    assert lock.stat().st_mode & 0o077 == 0, "whoever may open the lock may keep every night from starting"
