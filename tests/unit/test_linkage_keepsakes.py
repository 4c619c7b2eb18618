"""A linkage that was stopped in the midst of its lots: what it had answered is not asked again, and the result is that of one run."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree

import duckdb
import pytest
from linkage_world import built, crowd, families, home_of, linked, records_of, warehouse

from padan.home import Home
from padan.linkage import answering, persons
from padan.linkage.candidates import look_up
from padan.linkage.engine import Engine
from padan.linkage.scoring import score_pairs
from padan.register import Release
from padan.review import RegisterSubject, create_ruling_table, record_ruling

#: Records answered at a time: of those that NIK or family settle, and of the others.
LOT, SEEKING_LOT = 60, 60

TABLES = ("decision", "candidate", "block_loss", "memory", "entity", "register_person", "register_known")


class Stopped(Exception):
    """As a signal, in the middle of a lot."""


def raise_stopped(*_: object) -> None:
    raise Stopped


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def engine(asked: list[str], stop_after: int = 10**6, stop: Callable[[], None] = raise_stopped) -> Engine:
    """The night's own; writes down the records of each lot, and stops in the lot after `stop_after`."""
    lots: list[int] = []

    def score(con: duckdb.DuckDBPyConnection, *given, **named) -> None:
        if len(lots) == stop_after:
            stop()
        score_pairs(con, *given, **named)
        records = [name for (name,) in con.execute("SELECT record_id FROM record").fetchall()]
        lots.append(len(records))
        asked.extend(records)

    return Engine(look_up=look_up, score=score)


def subject_of(record_id: str) -> RegisterSubject:
    """The child of whom `records_of` made the record."""
    person = [p for p in families() if p["hubungan_kepala"] == "3"][int(record_id[1:]) - 1]
    born = dt.date.fromisoformat(person["tanggal_lahir"])
    return RegisterSubject(person["nik"], person["id_keluarga"], born, " ".join(sorted(person["nama"].split())))


def left(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    return {table: sorted(map(str, con.execute(f"FROM link.{table}").fetchall())) for table in TABLES}


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Release:
    return built(home_of(tmp_path_factory.mktemp("register") / "home"), [*families(), *crowd(300)])


@pytest.fixture(scope="module", autouse=True)
def small_lots() -> Iterator[None]:
    """Three lots of the settled, and two of those that look on."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answering, "LOT", LOT)
        patched.setattr(answering, "SEEKING_LOT", SEEKING_LOT)
        yield


@pytest.fixture(scope="module")
def whole(release, tmp_path_factory) -> dict[str, list[str]]:
    """What a night leaves that nobody stopped."""
    con = warehouse(records_of(families()))
    linked(con, Home(tmp_path_factory.mktemp("whole")).prepare(), release)
    return left(con)


@pytest.fixture(scope="module")
def stopped_after(release, tmp_path_factory) -> Callable[[int], tuple[Path, set[str]]]:
    """Stops a night after so many lots, once for each number: its folder of answers, and the records that it had answered."""

    @cache
    def stop(lots: int) -> tuple[Path, set[str]]:
        con, home, asked = warehouse(records_of(families())), Home(tmp_path_factory.mktemp("stopped")).prepare(), []
        with pytest.raises(Stopped):
            linked(con, home, release, engine=engine(asked, lots))
        assert not any(left(con).values())  # nothing is written before the whole is
        return home.answers, set(asked)

    return stop


@pytest.fixture
def stopped(stopped_after, tmp_path) -> Callable[[int], tuple[duckdb.DuckDBPyConnection, Home, set[str]]]:
    """A night stopped after so many lots: its warehouse, its home, the records that had been answered."""

    def lay(lots: int) -> tuple[duckdb.DuckDBPyConnection, Home, set[str]]:
        answers, asked = stopped_after(lots)
        home = Home(tmp_path / "home").prepare()
        copytree(answers, home.answers, dirs_exist_ok=True)
        return warehouse(records_of(families())), home, asked

    return lay


@pytest.mark.parametrize("lots", [1, 2, 4], ids=["early", "before the last settled", "among those that look on"])
def test_a_stopped_night_goes_on_with_the_lot_that_it_was_stopped_in(stopped, release, whole, lots: int) -> None:
    con, home, answered = stopped(lots)
    again: list[str] = []
    summary = linked(con, home, release, engine=engine(again))
    assert answered and again and not answered & set(again)
    assert summary.scored == summary.records == len(answered) + len(again)
    assert left(con) == whole


def test_a_night_stopped_after_its_last_lot_asks_nobody_again(release, whole, monkeypatch, tmp_path) -> None:
    con, home, asked = warehouse(records_of(families())), Home(tmp_path / "home").prepare(), []
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(persons, "join_records", raise_stopped)
        linked(con, home, release, engine=engine(asked))
    again: list[str] = []
    summary = linked(con, home, release, engine=engine(again))
    assert not again and len(asked) == summary.records
    assert left(con) == whole


def killed_night(home: Home, release: Release, lots: int) -> None:
    """What a process of its own does: a night that dies by kill -9 in the lot after `lots`."""
    answering.LOT, answering.SEEKING_LOT = LOT, SEEKING_LOT
    linked(warehouse(records_of(families())), home, release, engine=engine([], lots, kill_self))


def test_a_night_that_was_killed_leaves_its_answers(release, whole, tmp_path) -> None:
    home = Home(tmp_path / "home").prepare()
    night = get_context("spawn").Process(target=killed_night, args=(home, release, 2))
    night.start()
    night.join()
    assert night.exitcode == -signal.SIGKILL
    con, again = warehouse(records_of(families())), []
    summary = linked(con, home, release, engine=engine(again))
    assert 0 < len(again) < summary.records
    assert left(con) == whole


def test_nothing_stays_behind(stopped, release) -> None:
    con, home, _ = stopped(2)
    assert list(home.answers.iterdir())
    linked(con, home, release)
    assert not list(home.answers.iterdir())


def test_rows_carry_the_run_that_wrote_them(stopped, release) -> None:
    con, home, _ = stopped(2)
    linked(con, home, release, "uji-2")
    assert con.execute("SELECT DISTINCT run_id FROM link.candidate").fetchall() == [("uji-2",)]


def test_a_record_that_changed_went_or_was_ruled_on_since_is_not_answered_from_before(stopped, release) -> None:
    con, home, answered = stopped(2)
    changed, gone, ruled = sorted(answered)[:3]
    con.execute("UPDATE intermediate.int_person__standardized SET nama = 'TARUNA WIDIANTO' WHERE record_id = ?", [changed])
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE record_id = ?", [gone])
    create_ruling_table(con)
    record_ruling(con, "different", ruled, subject_of(ruled), by="peninjau uji", reason="berkas asli dilihat")
    again: list[str] = []
    linked(con, home, release, engine=engine(again))
    assert {changed, ruled} <= set(again) and answered - set(again) == answered - {changed, ruled}
    for table in ("candidate", "memory", "decision"):
        assert not con.execute(f"SELECT 1 FROM link.{table} WHERE record_id = ?", [gone]).fetchall()
    assert con.execute("SELECT barred IS NOT NULL FROM link.memory WHERE record_id = ?", [ruled]).fetchall() == [(True,)]


def test_answers_on_another_basis_go(stopped, release) -> None:
    con, home, answered = stopped(2)
    again: list[str] = []
    linked(con, home, release, engine=engine(again), block_cap=1_999)
    assert answered <= set(again)
    assert not list(home.answers.iterdir())


def test_a_damaged_file_is_no_answer_and_no_error(stopped, release) -> None:
    con, home, answered = stopped(2)
    for path in home.answers.iterdir():
        path.write_bytes(b"\0" * 5_000)
    again: list[str] = []
    linked(con, home, release, engine=engine(again))
    assert answered <= set(again)
