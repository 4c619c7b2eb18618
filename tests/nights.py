"""Whole nights, run in a process of their own as an operator runs them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.home import Home

REPO = Path(__file__).resolve().parents[1]
AS_OF = dt.date(2026, 11, 24)
#: What dbt parsed for the first night of this process; the next ones begin with it (it carries its fingerprint), and save 11 s each.
PARSED: list[Path] = []


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


def copy_project(folder: Path) -> Path:
    """The project without its tests and what a run leaves, for a test that changes its settings or its code."""
    anywhere = shutil.ignore_patterns("__pycache__", ".*_cache", "target", "*.egg-info")

    def left_out(where: str, names: list[str]) -> set[str]:
        ours = {".git", ".venv", ".padan", "tests", "docs"} if Path(where) == REPO else set()
        return ours | set(anywhere(where, names))

    return Path(shutil.copytree(REPO, folder / "padan", ignore=left_out))


def same_keys(night: RanNight, home: Path) -> None:
    """Give a new home the keys of a night that has run, so that records bear the same ids in both."""
    made = Home(home).prepare()
    for key in (night.home / "keys").iterdir():
        shutil.copy2(key, made.keys / key.name)


def run_night(landing: Path, home: Path, as_of: dt.date = AS_OF, project: Path | None = None) -> RanNight:
    """A night by the command line, of this checkout or of a copy of it."""
    env = {**os.environ, "PYTHONPATH": str(project)} if project else None
    if PARSED and not (home / "dbt" / "parsed").exists():
        shutil.copytree(PARSED[0], Home(home).prepare().dbt / "parsed")
    done = padan("run", "--landing", landing, "--home", home, "--date", as_of.isoformat(), cwd=project or REPO, env=env)
    if project is None and not PARSED and (home / "dbt" / "parsed").exists():
        PARSED.append(home / "dbt" / "parsed")
    return RanNight(home, landing, done.returncode, done.stdout, done.stderr)
