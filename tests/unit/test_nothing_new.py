"""What the last night leaves to do: nothing where it ended well, its rest where it stopped, else all of it."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from nights import copy_project

from padan.home import Home
from padan.intake.landing import fingerprint, scan
from padan.ledger import finish_night, forget_attempt, note_attempt, start_night
from padan.night import Night, code_version
from padan.review import create_ruling_table
from padan.upgrade import upgrade
from pipelines.command import PROJECT
from pipelines.nothing_new import settled_at_first, stopped, unchanged
from pipelines.options import vault

DAY = dt.date(2026, 11, 24)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """A home whose last night, `r1`, has begun over one delivery of an hour ago."""
    home, landing = Home(tmp_path / "home").prepare(), tmp_path / "landing"
    delivered = landing / "kemensos" / "pkh" / "2026-11-24" / "pkh.csv"
    delivered.parent.mkdir(parents=True)
    delivered.write_text("a")
    an_hour_ago = dt.datetime.now().timestamp() - 3600
    os.utime(delivered, (an_hour_ago, an_hour_ago))
    night = Night(home=home, project=PROJECT, landing=landing, as_of=DAY, run_id="r2")
    with night.warehouse() as con:
        upgrade(con)
        start_night(con, "r1", DAY, fingerprint(scan(landing, DAY)), night.code_version, night.linkage.policy_version)
        note_attempt(con, "r1", "r1", night.steps_version)
    return night


def ended(night: Night, status: str, exit_code: int) -> None:
    with night.warehouse() as con:
        finish_night(con, "r1", status, exit_code)  # type: ignore[arg-type]


def test_a_night_that_was_killed_is_gone_on_with_under_its_own_id(night: Night) -> None:
    left = stopped(night)
    assert left is not None and (left.night_id, left.run_id) == ("r1", "r1") and settled_at_first(night, left)
    assert unchanged(night) is None


def begun_again(night: Night, run_id: str) -> None:
    """The night is repeated under its own id, by `padan run` or in the UI."""
    with night.warehouse() as con:
        start_night(con, "r1", DAY, fingerprint(scan(night.landing, DAY)), night.code_version, night.linkage.policy_version)
        note_attempt(con, "r1", run_id, "other code")


def test_a_repeat_is_gone_on_with_from_its_last_try_and_keeps_what_the_first_began_with(night: Night) -> None:
    first = stopped(night)
    begun_again(night, "r1-again")
    left = stopped(night)
    assert first and left and (left.run_id, left.code, left.began_at) == ("r1-again", first.code, first.began_at)


def test_a_repeat_after_another_command_wrote_is_not_gone_on_with(night: Night) -> None:
    with vault(night.home.root):
        pass
    begun_again(night, "r1-again")
    assert stopped(night) is None


@pytest.mark.parametrize(("status", "exit_code"), [("failed", 1), ("gate_failed", 3), ("published", 1)])
def test_so_is_one_that_failed_or_was_held_or_whose_report_failed(night: Night, status: str, exit_code: int) -> None:
    ended(night, status, exit_code)
    assert stopped(night) is not None and unchanged(night) is None


@pytest.mark.parametrize("exit_code", [0, 2])
def test_one_that_ended_well_leaves_nothing(night: Night, exit_code: int) -> None:
    ended(night, "published", exit_code)
    (night.home.serving / "current").mkdir()
    last = unchanged(night)
    assert last is not None and last.run_id == "r1" and stopped(night) is None


def test_another_day_or_another_delivery_is_a_whole_night(night: Night) -> None:
    assert stopped(replace(night, as_of=DAY + dt.timedelta(days=1))) is None
    later = night.landing / "kemensos" / "pkh" / "2026-11-23" / "pkh.csv"
    later.parent.mkdir()
    later.write_text("b")
    assert stopped(night) is None


def test_after_any_other_command_that_writes_it_is_a_whole_night(night: Night) -> None:
    with vault(night.home.root):
        pass
    assert stopped(night) is None


def test_after_a_ruling_it_is_a_whole_night(night: Night) -> None:
    with night.warehouse() as con:
        create_ruling_table(con)
        columns = [row[0] for row in con.execute("DESCRIBE review.ruling").fetchall()]
        values = ", ".join("'2999-01-01'" if column == "decided_at" else "NULL" for column in columns)
        con.execute("BEGIN")
        con.execute("CREATE OR REPLACE TABLE review.ruling AS SELECT * FROM review.ruling LIMIT 0")
        con.execute(f"INSERT INTO review.ruling VALUES ({values})")
        con.execute("COMMIT")
    assert stopped(night) is None


def test_what_was_still_coming_in_when_it_began_is_told(night: Night) -> None:
    (file,) = night.landing.rglob("*.csv")
    just_now = dt.datetime.now().timestamp()
    os.utime(file, (just_now, just_now))
    begun_again(night, "r1-again")
    left = stopped(night)
    assert left is not None and not settled_at_first(night, left)


def test_a_home_that_knows_no_attempts_runs_a_whole_night(night: Night) -> None:
    with night.warehouse() as con:
        con.execute("DROP TABLE ledger.attempt")
        forget_attempt(con)
    assert stopped(night) is None


def test_a_waiver_does_not_begin_a_held_night_anew_and_a_setting_does(night: Night, tmp_path: Path) -> None:
    ended(night, "gate_failed", 3)
    copy = copy_project(tmp_path)
    assert stopped(replace(night, project=copy)) is not None
    (copy / "config" / "waivers.toml").write_text("# another waiver\n")
    waived = stopped(replace(night, project=copy))
    assert waived is not None and waived.night_id == "r1"
    with (copy / "config" / "padan.toml").open("a") as settings:
        settings.write("\n# another setting\n")
    assert stopped(replace(night, project=copy)) is None


def test_after_a_published_night_a_waiver_is_something_new(night: Night, tmp_path: Path) -> None:
    ended(night, "published", 0)
    (night.home.serving / "current").mkdir()
    copy = copy_project(tmp_path)
    (copy / "config" / "waivers.toml").write_text("# another waiver\n")
    assert unchanged(night) is not None and unchanged(replace(night, project=copy)) is None


def test_what_a_night_may_use_of_the_machine_is_no_other_code(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    less, more, other = "[machine]\nthreads = 2\n\n", '[machine]\nthreads = 8\nmemory_limit = "9GB"\n', "[quality]\nb = 1\n"
    versions = []
    for text in (less + other, more + other, other + more, other, other.replace("1", "2")):
        (tmp_path / "config" / "padan.toml").write_text(text)
        versions.append(code_version(tmp_path))
    assert len(set(versions[:4])) == 1 and versions[4] != versions[0]
