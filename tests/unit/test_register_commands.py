"""`padan register`: what it builds, lists and refuses to remove."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from linkage_world import child, crowd, deliver_register, home_of
from typer.testing import CliRunner, Result

from padan.errors import ConfigError, Defect, Locked
from padan.home import Home
from padan.ledger import start_night
from padan.lock import single_writer
from pipelines.cli import app

OLD, NEW = dt.date(2026, 7, 1), dt.date(2026, 10, 1)
PEOPLE = [child(1, "YUSUF HABIBIE", "2013-04-19"), *crowd(50)]


def padan(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["register", *arguments, "--home", str(home.root)])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_of(tmp_path / "home")
    deliver_register(home, PEOPLE, OLD)
    deliver_register(home, PEOPLE[:20], NEW)
    with duckdb.connect(str(home.warehouse)) as con:
        start_night(con, "uji-1", dt.date(2026, 11, 24), "x")
    return home


def test_build_takes_the_newest_delivery_and_tells_its_steps_and_size(home) -> None:
    done = padan(home, "build")
    assert done.exit_code == 0
    assert "Rilis 2026-10-01 dibangun: 20 orang, 20 keluarga" in done.stdout
    assert "✓" in done.stderr
    again = padan(home, "build")
    assert "sudah dibangun sebelumnya" in again.stdout
    assert again.stderr.strip() == ""


def test_list_says_which_release_is_in_force_and_what_is_only_delivered(home) -> None:
    padan(home, "build", "--release", NEW.isoformat())
    listed = {line.split()[0]: line for line in padan(home, "list").stdout.splitlines() if line.startswith("2026")}
    assert "baru diserahkan" in listed["2026-07-01"]
    assert "berlaku" in listed["2026-10-01"]
    assert " 20 " in listed["2026-10-01"]
    assert listed["2026-10-01"].split()[-1] == "54"  # days to the night


def test_an_old_release_is_retired_and_the_one_in_force_is_not(home) -> None:
    padan(home, "build", "--release", OLD.isoformat())
    padan(home, "build", "--release", NEW.isoformat())
    refused = padan(home, "retire", NEW.isoformat())
    assert isinstance(refused.exception, ConfigError)
    assert (home.register / NEW.isoformat() / "register.duckdb").exists()
    done = padan(home, "retire", OLD.isoformat())
    assert "dipensiunkan" in done.stdout
    assert not (home.register / OLD.isoformat()).exists()


def test_the_release_that_the_last_night_used_stays_though_a_newer_one_is_built(home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        start_night(con, "uji-2", dt.date(2026, 9, 1), "y")
    padan(home, "build", "--release", OLD.isoformat())
    padan(home, "build", "--release", NEW.isoformat())
    refused = padan(home, "retire", OLD.isoformat())
    assert isinstance(refused.exception, ConfigError)
    assert "malam terakhir" in str(refused.exception)
    assert (home.register / OLD.isoformat() / "register.duckdb").exists()


@pytest.mark.parametrize(("arguments", "error"), [(("build", "--release", "2020-01-01"), Defect), (("retire", "kemarin"), ConfigError)])
def test_what_is_not_there_is_said_in_one_line(home, arguments, error) -> None:
    assert isinstance(padan(home, *arguments).exception, error)


def test_a_home_without_a_register_is_said(tmp_path: Path) -> None:
    assert isinstance(padan(Home(tmp_path), "list").exception, ConfigError)


def test_nothing_is_built_while_a_night_is_at_work(home) -> None:
    import fcntl

    with single_writer(home.lock):
        pass
    with home.lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for arguments in (("build",), ("retire", OLD.isoformat()), ("list",)):
            assert isinstance(padan(home, *arguments).exception, Locked)
