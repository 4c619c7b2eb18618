"""kill -9 anywhere: the next `padan run` needs no hand, loses and doubles nothing, and decides what an undisturbed night decides."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from figures import Figures
from killed import digest_of, kill_a_night, kill_in_step, rows_of, told_by, whole_publication
from nights import AS_OF, RanNight, padan, run_night

from padan.home import Home

RECOVERY_SECONDS = 60.0


def seconds_of(night: RanNight) -> float:
    """How long an undisturbed night took on this machine, as it said itself."""
    return float(re.findall(r"Selesai dalam (\d+) detik", night.stderr)[-1])


def started_runs(home: Path) -> int:
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as con:
        return int(con.execute("SELECT count(*) FROM runs WHERE status IN ('STARTED', 'STARTING')").fetchone()[0])


def killed_and_recovered(undisturbed: RanNight, home: Path, kills: int, seed: int) -> tuple[int, float]:
    """Nights killed one after another on one home until `kills` kills hit, then one that runs through; the hits, and its extra seconds.

    Every second night goes on where the one before was killed; then the as-of day changes, so that one that came through leaves the
    next one work to do. Its time is then the one within which kills fall, since the undisturbed night may have had less of the machine.
    """
    dice, hit, nights, whole = random.Random(seed), 0, 0, seconds_of(undisturbed)
    while hit < kills:
        nights += 1
        assert nights <= 2 * kills, f"only {hit} of {nights} kills met a night that still ran"
        before, day = whole_publication(home), AS_OF + dt.timedelta(days=nights // 2 % 2)
        began = time.monotonic()
        kill = kill_a_night(undisturbed.landing, home, day.isoformat(), dice.uniform(0.5, 0.95 * whole), children=dice.random() < 0.3)
        took = time.monotonic() - began
        if kill.ended_by_itself and took > whole / 2:  # else it found nothing to do
            whole = min(whole, took)
        assert kill.orphans == 0, "what a dead night started goes on"
        assert whole_publication(home) is not None or before is None, "a publication was lost"
        hit += not kill.ended_by_itself
    began = time.monotonic()
    night = run_night(undisturbed.landing, home)
    assert night.exit_code == 0, night.stderr[-3000:]
    assert digest_of(home) == digest_of(undisturbed.home)
    assert all(received == there for received, there in rows_of(home).values())
    assert rows_of(home) == rows_of(undisturbed.home)
    assert started_runs(home) == 0, "a run of a dead process stands as started"
    assert not list((home / "tmp").iterdir())
    return hit, time.monotonic() - began - seconds_of(undisturbed)


def test_a_night_killed_twice_in_one_step_goes_on_from_that_step(small_night: RanNight, tmp_path: Path) -> None:
    home, day = tmp_path / "home", AS_OF.isoformat()
    shutil.copytree(small_night.home / "dbt" / "parsed", Home(home).prepare().dbt / "parsed")
    assert kill_in_step(small_night.landing, home, day, "marts", 4.0).orphans == 0  # in the midst of dbt, a process of its own
    assert "berhenti sebelum selesai" in padan("status", "--home", home).stdout
    assert kill_in_step(small_night.landing, home, day, "marts", 0.0).orphans == 0  # no step of this try stands, those of the first do
    night = run_night(small_night.landing, home)
    assert night.exit_code == 0, night.stderr[-3000:]
    assert re.findall(r"… (\S+) ", night.stderr) == ["marts", "quality__check", "serving__current", "returns__list"]
    assert digest_of(home) == digest_of(small_night.home)
    assert rows_of(home) == rows_of(small_night.home)
    assert started_runs(home) == 0
    assert told_by(home) == told_by(small_night.home)
    assert padan("verify", home / "reports").returncode == 0
    assert padan("run", "--landing", small_night.landing, "--home", home, "--date", day).stderr.count("Tidak ada yang baru")


@pytest.mark.long
@pytest.mark.parametrize("series", range(10))
def test_two_hundred_kills_lose_and_double_nothing(series: int, little_night: RanNight, tmp_path: Path, figures: Figures) -> None:
    home = tmp_path / "home"
    shutil.copytree(little_night.home / "dbt" / "parsed", Home(home).prepare().dbt / "parsed")
    hit, seconds = killed_and_recovered(little_night, home, 20, series)
    figures.add("kill -9 of a whole night, 0 rows lost or doubled, same digest", "200 kills", hit)
    figures.most("seconds that the night after them took longer than an undisturbed one", f"{RECOVERY_SECONDS:.0f}", seconds)
