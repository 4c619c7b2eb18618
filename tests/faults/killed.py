"""Whole nights that are killed: started in a process group of their own, ended by SIGKILL at a random moment, and run again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from nights import REPO

from padan.linkage.digest import decision_digest
from padan.serving import pointed
from schemas.sharing import AUDIENCES

#: Seconds in which a child that was just started learns that its night is dead.
STARTING = 3.0


@dataclass(frozen=True)
class Kill:
    """One kill: seconds after the start, and what was still running of the night a moment later."""

    after: float
    ended_by_itself: bool
    orphans: int


def command(landing: Path, home: Path, as_of: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", "run", "--landing", str(landing), "--home", str(home), "--date", as_of]


def kill_a_night(landing: Path, home: Path, as_of: str, after: float, *, children: bool) -> Kill:
    """Start a night and SIGKILL its process (or one of its children) after some seconds."""
    with subprocess.Popen(command(landing, home, as_of), cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as night:
        with contextlib.suppress(subprocess.TimeoutExpired):
            night.wait(after)
            return Kill(after, True, 0)
        return _kill(night, after, children=children)


def kill_in_step(landing: Path, home: Path, as_of: str, step: str, seconds: float) -> Kill:
    """Start a night and SIGKILL its process some seconds after it says that `step` began."""
    with subprocess.Popen(command(landing, home, as_of), cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as night:
        assert night.stderr
        assert any(f"… {step} " in line for line in night.stderr), f"the night ended before {step}"
        time.sleep(seconds)
        return _kill(night, seconds, children=False)


def _kill(night: subprocess.Popen[Any], after: float, *, children: bool) -> Kill:
    """SIGKILL to the night, or to one of its children, and what still runs of it a moment later."""
    below = children_of(night.pid)
    os.kill(random.choice(below) if children and below else night.pid, signal.SIGKILL)
    night.wait()
    end = time.monotonic() + STARTING
    while any(alive(pid) for pid in below) and time.monotonic() < end:
        time.sleep(0.1)
    return Kill(after, False, sum(alive(pid) for pid in below))


def children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found + [below for child in found for below in children_of(child)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def digest_of(home: Path) -> str:
    with duckdb.connect(str(home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        return decision_digest(con)


def told_by(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the last night of a home came to: how it ended, its indicators, and every rule with its count."""
    asked = {
        "night": "SELECT status, exit_code FROM ledger.night",
        "indicators": "SELECT DISTINCT * EXCLUDE (run_id) FROM marts.indicator ORDER BY ALL",
        "checks": 'SELECT rule_id, table_name, numerator, denominator, passed FROM quality."check" ORDER BY ALL',
    }
    with duckdb.connect(str(home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        return {name: con.execute(query).fetchall() for name, query in asked.items()}


def whole_publication(home: Path) -> str | None:
    """The run in force, of which every audience's file is, or None before the first."""
    serving = home / "serving"
    run = pointed(serving) if serving.exists() else None
    if run is None:
        return None
    for audience in AUDIENCES:
        with duckdb.connect(str(serving / "current" / audience / "padan.duckdb"), read_only=True) as con:
            assert con.execute("SELECT DISTINCT run_id FROM quality.terbitan").fetchall() == [(run,)], "a mixed publication"
    return run


def rows_of(home: Path) -> dict[str, tuple[int, int]]:
    """By feed: rows received by the ledger, and rows in raw, quarantine and duplicates together."""
    with duckdb.connect(str(home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        found = {}
        for agency, feed in con.execute("SELECT DISTINCT agency, feed FROM ledger.taken WHERE agency <> 'dtsen' ORDER BY ALL").fetchall():
            received, duplicate = con.execute(
                "SELECT sum(rows_received), sum(rows_duplicate) FROM ledger.delivery WHERE agency = ? AND feed = ? AND status <> 'refused'",
                [agency, feed],
            ).fetchall()[0]
            raw = con.execute(f"SELECT count(*) FROM raw.{agency}__{feed}").fetchall()[0][0]
            aside = con.execute(
                "SELECT count(*) FROM quality.quarantine WHERE agency = ? AND feed = ? AND status <> 'replaced'", [agency, feed]
            ).fetchall()[0][0]
            found[f"{agency}/{feed}"] = (int(received or 0), raw + aside + int(duplicate or 0))
        return found
