"""A whole night over deliveries that we did not write: accepted, accounted for, linked, published, and quiet when repeated."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import duckdb
import pytest
from nights import RanNight, run_night

from schemas.extracts import contracts


def test_the_night_ends_with_0_and_says_where_everything_is(contoh_night: RanNight) -> None:
    assert contoh_night.exit_code == 0, contoh_night.stderr[-3000:]
    assert contoh_night.stderr.count("Traceback") == 0
    for word in ("Kiriman yang berlaku", "Keputusan padanan", "Indikator nasional", "Gerbang", "Terbitan", "Laporan"):
        assert word in contoh_night.stdout


def test_all_13_feeds_are_accepted_and_every_row_is_accounted_for(contoh_night: RanNight) -> None:
    with contoh_night.warehouse() as con:
        rows = con.execute(
            "SELECT agency || '/' || feed, status, rows_received, rows_accepted, rows_quarantined, rows_duplicate FROM ledger.delivery"
        ).fetchall()
    assert {feed for feed, *_ in rows} == set(contracts())
    assert {status for _, status, *_ in rows} == {"accepted"}
    assert all(received == accepted + quarantined + duplicate for _, _, received, accepted, quarantined, duplicate in rows)
    assert sum(received for feed, _, received, *_ in rows if not feed.startswith("dtsen/")) == 5_971


def test_every_person_record_has_exactly_one_decision_with_a_person(contoh_night: RanNight) -> None:
    with contoh_night.warehouse() as con:
        missing, doubled, nobody = con.execute(
            """SELECT (SELECT count(*) FROM intermediate.int_person__standardized ANTI JOIN link.decision USING (record_id)),
                      (SELECT count(*) - count(DISTINCT record_id) FROM link.decision),
                      (SELECT count(*) FROM link.decision WHERE person_id IS NULL)"""
        ).fetchall()[0]
    assert (missing, doubled, nobody) == (0, 0, 0)


def test_every_gate_ran_and_is_green(contoh_night: RanNight) -> None:
    with contoh_night.warehouse() as con:
        failing = con.execute("SELECT rule_id, table_name FROM quality.check WHERE NOT passed AND severity = 'error'").fetchall()
        ran = con.execute("SELECT count(*) FROM quality.check WHERE severity = 'error'").fetchone()
    assert failing == []
    assert ran is not None
    assert ran[0] > 50


def test_the_night_says_how_right_its_links_are_and_the_report_shows_it(contoh_night: RanNight) -> None:
    with contoh_night.warehouse() as con:
        figures = con.execute(
            """SELECT measure, value, lower, upper FROM quality.linkage_accuracy
            WHERE group_kind = 'semua' AND method = 'post_stratified' AND measure <> 'unlike' ORDER BY measure"""
        ).fetchall()
        checks = dict(con.execute("SELECT rule_id, passed FROM quality.check WHERE table_name = 'quality.linkage_accuracy'").fetchall())
    assert [measure for measure, *_ in figures] == ["precision", "recall"]
    assert all(0.9 < lower <= value <= upper <= 1 for _, value, lower, upper in figures)
    assert checks["presisi_padanan_tidak_jatuh"]
    assert len(checks) == 7
    page = next(contoh_night.home.glob("reports/*/index.html")).read_text()
    assert "Seberapa tepat padanan malam ini" in page
    section = page.split('id="tepat"')[1].split('id="bobot"')[0]
    assert section.count("<svg") == 6


@pytest.mark.parametrize("audience", ["publik", "kpai", "kemensos", "ditjenpas"])
def test_each_audience_opens_a_file_with_comments_on_everything(contoh_night: RanNight, audience: str) -> None:
    path = contoh_night.home / "serving" / "current" / audience / "padan.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute("SELECT schema_name, table_name, comment FROM duckdb_tables()").fetchall()
        bare = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL").fetchall()
    assert {schema for schema, *_ in tables} >= {"marts", "quality", "codes"}
    assert all(comment for *_, comment in tables)
    assert bare == []


def test_a_second_run_changes_nothing_and_says_so_in_seconds(contoh_night: RanNight) -> None:
    before = (contoh_night.home / "serving" / "current").readlink()
    started = time.monotonic()
    again = run_night(contoh_night.landing, contoh_night.home)
    assert time.monotonic() - started < 20
    assert again.exit_code == 0
    assert "Tidak ada yang baru" in again.stderr
    assert (contoh_night.home / "serving" / "current").readlink() == before


@pytest.mark.long
def test_the_same_deliveries_in_another_home_are_decided_alike(contoh_night: RanNight, tmp_path: Path) -> None:
    from padan.linkage import decision_digest

    copied = tmp_path / "landing"
    shutil.copytree(contoh_night.landing, copied)
    other = run_night(copied, tmp_path / "home")
    with contoh_night.warehouse() as one, other.warehouse() as two:
        assert decision_digest(one) == decision_digest(two)
