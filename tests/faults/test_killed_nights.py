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
from killed import digest_of, kill_a_night, rows_of, whole_publication
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

    The as-of day alternates, so that a night that came through before it was to be killed leaves the next one work to do; its
    time is then the one within which kills fall, since the undisturbed night may have had less of the machine.
    """
    dice, hit, nights, whole = random.Random(seed), 0, 0, seconds_of(undisturbed)
    while hit < kills:
        nights += 1
        assert nights <= 2 * kills, f"only {hit} of {nights} kills met a night that still ran"
        before, day = whole_publication(home), AS_OF + dt.timedelta(days=nights % 2)
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


def test_a_night_killed_in_its_middle_is_redone_by_the_next(small_night: RanNight, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_night.home / "dbt" / "parsed", Home(home).prepare().dbt / "parsed")
    kill = kill_a_night(small_night.landing, home, AS_OF.isoformat(), 25.0, children=False)
    assert not kill.ended_by_itself and kill.orphans == 0
    night = run_night(small_night.landing, home)
    assert night.exit_code == 0, night.stderr[-3000:]
    assert digest_of(home) == digest_of(small_night.home)
    assert rows_of(home) == rows_of(small_night.home)
    assert started_runs(home) == 0
    assert padan("run", "--landing", small_night.landing, "--home", home, "--date", AS_OF.isoformat()).stderr.count("Tidak ada yang baru")


@pytest.mark.long
@pytest.mark.parametrize("series", range(10))
def test_two_hundred_kills_lose_and_double_nothing(series: int, little_night: RanNight, tmp_path: Path, figures: Figures) -> None:
    home = tmp_path / "home"
    shutil.copytree(little_night.home / "dbt" / "parsed", Home(home).prepare().dbt / "parsed")
    hit, seconds = killed_and_recovered(little_night, home, 20, series)
    figures.add("kill -9 of a whole night, 0 rows lost or doubled, same digest", "200 kills", hit)
    figures.most("seconds that the night after them took longer than an undisturbed one", f"{RECOVERY_SECONDS:.0f}", seconds)
