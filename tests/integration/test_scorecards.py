"""The scorecards of a night, opened as an agency opens them: its own rows and keys, counts that are right, nothing of a person."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from nights import AS_OF, RanNight
from python_calamine import CalamineWorkbook

from padan.keys import load_password
from padan.quality.deliveries import Standing
from padan.returns.faults import FAULTS
from padan.returns.scorecard import FeedCard
from padan.returns.workbook import write_workbook
from padan.workbook import opened

AGENCIES = ("ditjenpas", "kemensos", "kpai")


def _sheets(night: RanNight, agency: str) -> dict[str, list[list[Any]]]:
    path = night.home / "returns" / agency / "kartu_mutu" / f"{AS_OF}.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(opened(path, load_password(night.home / "keys", f"returns-{agency}"))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_each_agency_gets_one_card_closed_to_others(small_night: RanNight) -> None:
    cards = sorted((small_night.home / "returns").rglob("kartu_mutu/*.xlsx"))
    assert [card.relative_to(small_night.home / "returns").parts[0] for card in cards] == list(AGENCIES)
    assert all(card.stat().st_mode & 0o077 == 0 for card in cards)


@pytest.mark.parametrize("agency", AGENCIES)
def test_a_card_is_about_its_own_feeds_only(small_night: RanNight, agency: str) -> None:
    sheets = _sheets(small_night, agency)
    named = {row[0] for row in sheets["Ringkasan"][4:]} | {row[0] for row in sheets["Baris bercela"][1:]}
    assert named
    assert all(name.startswith(f"{agency}/") for name in named)


def test_counts_and_keys_are_those_of_the_delivered_rows(small_night: RanNight) -> None:
    sheets = _sheets(small_night, "kemensos")
    listed = {(row[0], row[3]) for row in sheets["Baris bercela"][1:] if row[4] == "nik" and row[5] == FAULTS["malformed"][0]}
    with small_night.warehouse() as con:
        malformed = con.execute(
            """SELECT 'kemensos/pkh', r.id_pkh FROM raw.kemensos__pkh__in_force r JOIN staging.stg_kemensos__pkh s USING (record_id)
            WHERE s.nik_status = 'malformed'"""
        ).fetchall()
        rows = dict(con.execute("SELECT 'kemensos/pkh', count(*) FROM raw.kemensos__pkh__in_force").fetchall())
    assert malformed
    assert {pair for pair in listed if pair[0] == "kemensos/pkh"} == set(malformed)
    summary = {row[0]: row for row in sheets["Ringkasan"][4:]}
    assert summary["kemensos/pkh"][5] == rows["kemensos/pkh"]
    assert 0 < summary["kemensos/pkh"][6] < rows["kemensos/pkh"]


def test_what_finds_a_child_is_mended_first(small_night: RanNight) -> None:
    first = _sheets(small_night, "kpai")["Perbaiki dulu"][1:]
    assert first[0][2] == "nik"
    assert all(row[9] for row in first)


@pytest.mark.parametrize("agency", AGENCIES)
def test_no_name_nor_number_of_a_person_is_in_a_card(small_night: RanNight, agency: str) -> None:
    cells = {str(cell).upper() for sheet in _sheets(small_night, agency).values() for row in sheet for cell in row}
    with small_night.warehouse() as con:
        values = con.execute(
            "SELECT nama FROM intermediate.int_person__standardized UNION SELECT nik FROM intermediate.int_person__standardized"
        )
        told = {str(value).upper() for (value,) in values.fetchall() if value and len(value) > 4}
    leaked = told & cells
    if agency == "kpai":  # one child in one complaint: its key is the complaint's number and the name that KPAI itself gave
        leaked = {cell for cell in leaked if cell.isdigit()}
    assert not leaked


def test_a_key_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    key = '=HYPERLINK("http://x";"y")'
    card = FeedCard(
        "a/b",
        "B",
        Standing(dt.date(2026, 1, 1), 1, 0, 0),
        late=False,
        rows=1,
        clean=0,
        broken=[("a/b", "f.csv", 2, key, "nik", "malformed")],
    )
    path = write_workbook(tmp_path / "k.xlsx", "a", dt.date(2026, 1, 2), [card])
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet for sheet in sheets)
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("Baris bercela").to_python()[1][3] == key


@pytest.mark.parametrize("agency", AGENCIES)
def test_rows_that_differ_are_told_against_dtsen_and_own_feeds_alone(small_night: RanNight, agency: str) -> None:
    rows = _sheets(small_night, agency)["Selisih"][1:]
    assert rows
    assert all(row[0].startswith(f"{agency}/") for row in rows)
    assert {row[5].split("/")[0] for row in rows} <= {"DTSEN", agency}
    with small_night.warehouse() as con:
        apart = con.execute(
            """SELECT DISTINCT s.agency || '/' || s.feed, s.source_file, s.source_row FROM intermediate.int_person__standardized s
            JOIN link.decision d USING (record_id) JOIN link.register_person r USING (register_id)
            WHERE s.agency = ? AND s.tanggal_lahir_precision = 'day' AND s.tanggal_lahir <> r.tanggal_lahir""",
            [agency],
        ).fetchall()
    assert {(row[0], row[1], int(row[2])) for row in rows if row[4] == "tanggal_lahir" and row[5] == "DTSEN"} == set(apart)
