"""A failing rule opens an incident, the same failure keeps it, passing closes it, and what did not run changes nothing."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from padan.quality import catalogue, record_check, write_rules
from padan.quality.incidents import follow_incidents, open_incidents

FIRST = dt.date(2026, 11, 1)
RULE, TABLE = "penarikan_terjawab", "raw.uji"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA quality")
    return con


def night(con: duckdb.DuckDBPyConnection, day: int, run: str, *, failing: int | None = 3, ran: bool = True) -> int:
    if ran:
        record_check(con, run, RULE, TABLE, "completeness", "error", failing, 10, None, failing == 0)
    write_rules(con, catalogue().values())
    return follow_incidents(con, run, FIRST + dt.timedelta(days=day))


def test_it_opens_stays_and_closes(con) -> None:
    assert night(con, 0, "a", failing=0) == 0
    assert night(con, 1, "b") == 1
    assert night(con, 2, "c") == 1
    (incident,) = open_incidents(con)
    assert (incident.rule_id, incident.table_name, incident.owner, incident.nights) == (RULE, TABLE, "team:padan", 2)
    assert incident.age(FIRST + dt.timedelta(days=5)) == 4
    assert night(con, 3, "d", failing=0) == 0
    assert con.execute("SELECT opened_run, last_run, closed_run FROM quality.incident").fetchall() == [("b", "c", "d")]
    assert night(con, 4, "e") == 1
    assert con.execute("SELECT count(DISTINCT incident_id) FROM quality.incident").fetchall() == [(2,)]


def test_a_rule_that_did_not_run_neither_opens_nor_closes(con) -> None:
    assert night(con, 0, "a", failing=None) == 0
    assert night(con, 1, "b") == 1
    assert night(con, 2, "c", ran=False) == 1
    assert night(con, 3, "d", failing=None) == 1
    assert open_incidents(con)[0].nights == 1


@pytest.mark.parametrize("failing", [0, 3])
def test_a_run_that_is_repeated_counts_once(con, failing) -> None:
    night(con, 0, "a")
    night(con, 1, "b", failing=failing)
    once = con.execute("SELECT * FROM quality.incident").fetchall()
    night(con, 1, "b", failing=failing)
    assert con.execute("SELECT * FROM quality.incident").fetchall() == once
