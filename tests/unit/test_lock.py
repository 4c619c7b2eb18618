"""One writer: the flock decides, the file only names the holder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from padan.errors import Locked
from padan.lock import single_writer

HOLD = """
import pathlib, sys, time
from padan.lock import single_writer
with single_writer(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_process(tmp_path: Path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    yield process
    process.kill()
    process.wait()


def test_a_second_writer_is_refused_at_once_and_told_who_holds_the_lock(tmp_path: Path, other_process) -> None:
    started = time.monotonic()
    with pytest.raises(Locked, match=f"pid {other_process.pid} sejak"), single_writer(tmp_path / "lock"):
        pass
    assert time.monotonic() - started < 5


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path, other_process) -> None:
    other_process.kill()
    other_process.wait()
    with single_writer(tmp_path / "lock"):
        assert str(other_process.pid) not in (tmp_path / "lock").read_text()


def test_the_same_process_may_enter_again(tmp_path: Path) -> None:
    with single_writer(tmp_path / "lock"), single_writer(tmp_path / "lock"):
        pass
    with single_writer(tmp_path / "lock"):
        pass
