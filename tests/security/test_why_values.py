"""`padan why` of planted rows shows no planted value, unless it is revealed, which is kept without any."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from hostile import NAMES, PLANTED
from nights import RanNight, padan

#: Names are compared word by word, so they are searched word by word.
NEEDLES = (*PLANTED, *(word for name in NAMES for word in name.split()))


def _shown(text: str) -> list[int]:
    return [index for index, value in enumerate(NEEDLES) if value in text.upper()]


@pytest.fixture(scope="module")
def planted(hostile_night: RanNight) -> list[str]:
    with hostile_night.warehouse() as con:
        rows = con.execute(
            "SELECT record_id FROM intermediate.int_person__standardized WHERE nama IN (SELECT unnest(?)) ORDER BY 1", [list(NAMES)]
        ).fetchall()
    assert rows
    return [row[0] for row in rows]


def test_nothing_planted_is_shown(hostile_night: RanNight, planted: list[str]) -> None:
    for options in ((), ("--json",)):
        done = padan("why", planted[0], *options, "--home", hostile_night.home)
        assert done.returncode == 0, done.stderr
        assert _shown(done.stdout + done.stderr) == []


def test_the_planted_record_with_a_candidate_is_masked_and_not_left_out(hostile_night: RanNight, planted: list[str]) -> None:
    with hostile_night.warehouse() as con:
        register_id = con.execute("SELECT min(register_id) FROM link.register_key").fetchall()[0][0]
    done = padan("why", planted[0], register_id, "--home", hostile_night.home)
    assert done.returncode == 0, done.stderr
    assert "•••" in done.stdout
    assert _shown(done.stdout + done.stderr) == []


def test_two_planted_records_against_each_other_show_nothing_either(hostile_night: RanNight, planted: list[str]) -> None:
    done = padan("why", planted[0], planted[-1], "--home", hostile_night.home)
    assert done.returncode == 0, done.stderr
    assert "•••" in done.stdout
    assert _shown(done.stdout) == []


def test_an_error_repeats_nothing_that_was_typed(hostile_night: RanNight, planted: list[str]) -> None:
    for arguments in ((PLANTED[0],), (planted[0], PLANTED[3])):
        done = padan("why", *arguments, "--home", hostile_night.home)
        assert done.returncode == 2
        assert _shown(done.stderr) == []


def test_revealed_values_are_shown_and_the_access_is_kept_without_them(hostile_night: RanNight, planted: list[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    for part in ("warehouse", "register"):
        shutil.copytree(hostile_night.home / part, home / part)
    done = padan("why", planted[0], planted[-1], "--reveal", "--reason", "uji keamanan nomor 7", "--home", home)
    assert done.returncode == 0, done.stderr
    assert _shown(done.stdout)
    with duckdb.connect(str(home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT record_id, other_id, reason FROM ledger.access").fetchall()
        cells = con.execute("SELECT CAST(a AS VARCHAR) FROM ledger.access a").fetchall()
    assert rows == [(planted[0], planted[-1], "uji keamanan nomor 7")]
    assert not any(_shown(cell) for (cell,) in cells)
