"""The ledger of nights: what each was run on, how it ended, and which one a new night is compared with."""

import datetime as dt

import duckdb
import pytest

from padan import ledger

NIGHT = dt.date(2026, 11, 24)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_there_is_no_last_night_before_the_first(con: duckdb.DuckDBPyConnection) -> None:
    assert ledger.last_night(con) is None


def test_a_night_is_remembered_with_its_basis_and_its_end(con: duckdb.DuckDBPyConnection) -> None:
    ledger.start_night(con, "r1", NIGHT, "sidik", "kode", "kebijakan")
    running = ledger.last_night(con)
    assert running is not None and (running.status, running.exit_code, running.finished_at) == ("running", None, None)
    ledger.finish_night(con, "r1", "published", 2)
    night = ledger.last_night(con)
    assert night is not None and (night.status, night.exit_code) == ("published", 2) and night.finished_at is not None
    assert night.same_basis(NIGHT, "sidik", "kebijakan")
    for other in ((dt.date(2026, 11, 25), "sidik", "kebijakan"), (NIGHT, "lain", "kebijakan"), (NIGHT, "sidik", "")):
        assert not night.same_basis(*other)


@pytest.mark.parametrize(
    ("status", "exit_code", "well", "told"),
    [
        ("published", 0, True, "terbit"),
        ("published", 2, True, "terbit"),
        ("published", 1, False, "terbit, tetapi langkah sesudahnya gagal"),
        ("gate_failed", 3, False, "ditahan gerbang"),
        ("failed", 1, False, "gagal"),
        ("died", None, False, "berhenti sebelum selesai"),
        ("running", None, False, "berhenti sebelum selesai"),
    ],
)
def test_how_a_night_ended_is_told(con: duckdb.DuckDBPyConnection, status: str, exit_code: int | None, well: bool, told: str) -> None:
    ledger.start_night(con, "r1", NIGHT, "a")
    ledger.finish_night(con, "r1", status, exit_code)  # type: ignore[arg-type]
    night = ledger.last_night(con)
    assert night is not None and (night.ended_well, night.ended) == (well, told)


def test_a_night_that_died_is_closed_by_the_next_and_a_retry_starts_its_own_again(con: duckdb.DuckDBPyConnection) -> None:
    ledger.start_night(con, "r1", NIGHT, "a")
    ledger.start_night(con, "r2", NIGHT, "a")
    ledger.start_night(con, "r2", NIGHT, "a")
    ledger.finish_night(con, "r2", "gate_failed", 3)
    assert con.execute("SELECT run_id, status FROM ledger.night ORDER BY run_id").fetchall() == [("r1", "died"), ("r2", "gate_failed")]


def test_the_last_night_of_a_status_is_the_last_that_ended_so(con: duckdb.DuckDBPyConnection) -> None:
    for run_id, status, code in (("r1", "published", 0), ("r2", "failed", 1)):
        ledger.start_night(con, run_id, NIGHT, run_id)
        ledger.finish_night(con, run_id, status, code)  # type: ignore[arg-type]
    last, published = ledger.last_night(con), ledger.last_night(con, "published")
    assert last is not None and last.run_id == "r2" and published is not None and published.run_id == "r1"
