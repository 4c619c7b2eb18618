"""Three whole ordinary nights in a row, the third a quarter later with a new DTSEN release: no rule raises a false alarm."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from nights import AS_OF, RanNight, run_night

from padan.synth import NIGHTS_APART


@pytest.mark.long
def test_three_whole_nights_raise_no_alarm(small_night: RanNight, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_night.home, home, symlinks=True)
    for day in (AS_OF + dt.timedelta(days=1), AS_OF + NIGHTS_APART):
        night = run_night(small_night.landing, home, day)
        assert night.exit_code == 0, night.stderr[-3000:]
    with RanNight(home, small_night.landing, 0, "", "").warehouse() as con:
        nights = con.execute('SELECT count(DISTINCT run_id), count(*) FILTER (NOT passed) FROM quality."check"').fetchall()
        open_ones = con.execute("SELECT rule_id, table_name FROM quality.incident WHERE closed_run IS NULL").fetchall()
    assert nights == [(3, 0)]
    assert open_ones == []
