"""What needs attention is told to a named case manager only, of the own agency and regencies, and every look is kept."""

from __future__ import annotations

import duckdb
import pytest

from padan.attention import RULES, cases_for
from padan.config import CaseManager
from padan.errors import InputRefused
from padan.ledger.access import acting_account

WHY = "surat tugas 12/2026"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA marts")
    con.execute(
        """CREATE TABLE marts.perhatian (aturan VARCHAR, agency VARCHAR, record_id VARCHAR, kunci VARCHAR, person_id VARCHAR,
        kode_kabupaten VARCHAR, mulai DATE, batas DATE, hari_lewat INTEGER)"""
    )
    con.execute(
        """INSERT INTO marts.perhatian VALUES
        ('tanpa_layanan_72_jam', 'kpai', 'rec-1', 'PGD-1', 'p1', '32.73', '2026-11-01', '2026-11-04', 20),
        ('pengaduan_berulang', 'kpai', 'rec-2', 'PGD-2', 'p2', '33.01', '2026-11-10', '2026-11-10', 14),
        ('tinggal_di_bawah_temuan_kekerasan', 'kemensos', 'rec-3', 'TD-1', 'p3', '32.73', '2026-10-01', '2026-11-01', 23)"""
    )
    return con


def manager(agency: str, *kabupaten: str, account: str = "") -> CaseManager:
    return CaseManager(account=account or acting_account(), agency=agency, kabupaten=kabupaten)


def test_an_account_that_is_not_named_sees_nothing_and_leaves_no_row(con: duckdb.DuckDBPyConnection) -> None:
    for managers in ((), (manager("kpai", account="orang lain"),)):
        with pytest.raises(InputRefused):
            cases_for(con, managers, WHY)
    assert not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger'").fetchall()


def test_a_manager_sees_the_own_agency_and_regencies_longest_overdue_first(con: duckdb.DuckDBPyConnection) -> None:
    assert [case.kunci for case in cases_for(con, (manager("kpai"),), WHY)] == ["PGD-1", "PGD-2"]
    assert [case.kunci for case in cases_for(con, (manager("kpai", "33.01"),), WHY)] == ["PGD-2"]
    assert [case.kunci for case in cases_for(con, (manager("kemensos"),), WHY)] == ["TD-1"]


def test_every_case_that_was_shown_is_in_the_ledger_with_its_reason(con: duckdb.DuckDBPyConnection) -> None:
    cases_for(con, (manager("kpai"),), WHY)
    kept = con.execute("SELECT who, record_id, reason FROM ledger.access ORDER BY record_id").fetchall()
    assert kept == [
        (acting_account(), "rec-1", f"perhatian tanpa_layanan_72_jam: {WHY}"),
        (acting_account(), "rec-2", f"perhatian pengaduan_berulang: {WHY}"),
    ]


def test_every_rule_names_its_clock() -> None:
    assert all("sejak" in clock for clock in RULES.values())


def test_without_a_night_it_says_what_to_do(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DROP TABLE marts.perhatian")
    with pytest.raises(InputRefused, match="belum ada malam"):
        cases_for(con, (manager("kpai"),), WHY)
