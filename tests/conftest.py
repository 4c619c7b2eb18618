"""Fixtures for every kind of test: the sample deliveries, synthetic ones, and whole nights run as an operator runs them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

REPO = Path(__file__).resolve().parents[1]
CONTOH = REPO.parent / "shared" / "data" / "contoh"
AS_OF = dt.date(2026, 11, 24)


@dataclass(frozen=True)
class RanNight:
    """A night that `padan run` has run in a process of its own."""

    home: Path
    landing: Path
    exit_code: int
    stdout: str
    stderr: str

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(self.home / "warehouse" / "padan.duckdb"), read_only=True) as con:
            yield con


def padan(*arguments: str | Path, cwd: Path = REPO, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as an operator would, from this checkout."""
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=900)


def run_night(landing: Path, home: Path, as_of: dt.date = AS_OF) -> RanNight:
    done = padan("run", "--landing", landing, "--home", home, "--date", as_of.isoformat())
    return RanNight(home, landing, done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def contoh() -> Path:
    """The sample deliveries with their truth, where a checkout of them lies beside the project."""
    if not CONTOH.is_dir():
        pytest.skip("contoh deliveries are not beside the project (../shared/data/contoh)")
    return CONTOH


@pytest.fixture(scope="session")
def contoh_night(contoh: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """One night over the sample deliveries, run once a session; tests read it and change nothing."""
    return run_night(contoh / "landing", tmp_path_factory.mktemp("contoh") / "home")


@pytest.fixture(scope="session")
def small_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of synthetic deliveries of every feed: `landing/` and `truth/`; copy before you change it."""
    out = tmp_path_factory.mktemp("synth")
    done = padan("synth", out, "--persons", "3000", "--seed", "7", "--date", AS_OF.isoformat())
    assert done.returncode == 0, done.stderr
    return out
