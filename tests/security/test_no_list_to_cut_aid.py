"""Nothing that leaves can be used to cut a family's aid: no row names a recipient as unlinked, over a desil, double or ineligible."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
from nights import RanNight
from python_calamine import CalamineWorkbook

from padan.keys import load_password
from padan.workbook import opened

#: Words that would say why aid should end, in a column's name or in a cell of a row about a person.
JUDGEMENTS = ("desil", "layak", "ineligible", "ganda", "duplikat", "inklusi", "graduasi", "coret", "hentikan", "status_padanan")
NOT_FOUND = "belum_ditemukan"


def served(night: RanNight, audience: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(night.home / "serving" / "current" / audience / "padan.duckdb"), read_only=True)


def returned(night: RanNight, agency: str) -> Iterator[tuple[Path, list[list[str]]]]:
    """Every sheet and CSV that an agency gets, as rows of text."""
    password = load_password(night.home / "keys", f"returns-{agency}")
    for path in sorted((night.home / "returns" / agency).rglob("*.xlsx")):
        book = CalamineWorkbook.from_filelike(io.BytesIO(opened(path, password)))
        for name in book.sheet_names:
            yield path, [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
    for path in sorted((night.home / "returns" / agency).rglob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            yield path, list(csv.reader(file, delimiter=";"))


def test_no_row_about_a_person_that_kemensos_is_served_judges_it(small_night: RanNight) -> None:
    with served(small_night, "kemensos") as con:
        persons = con.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = 'marts' GROUP BY ALL"
            " HAVING list_contains(list(column_name), 'pseudonim')"
        ).fetchall()
        assert {table for table, _ in persons} >= {"bantuan", "anak", "layanan", "hunian"}
        for table, columns in persons:
            assert not [c for c in columns if any(word in c for word in JUDGEMENTS)], table
            assert con.execute(
                f"SELECT count(*) FROM marts.{table} t WHERE contains(t::VARCHAR, '{NOT_FOUND}') AND {_no_institution(table)}"
            ).fetchall() == [(0,)]


def _no_institution(table: str) -> str:
    """A stay may say that its institution was not found: that is no word about the child."""
    return "coalesce(status_lembaga, '') <> 'belum_ditemukan'" if table == "hunian" else "true"


def test_every_row_of_aid_says_what_it_is_for(small_night: RanNight) -> None:
    with served(small_night, "kemensos") as con:
        assert con.execute("SELECT DISTINCT tujuan FROM marts.bantuan").fetchall() == [("layanan",)]


def test_no_recipient_of_aid_is_on_a_list_as_not_found_or_at_all_for_its_aid(small_night: RanNight) -> None:
    with small_night.warehouse() as con:
        listed = con.execute(
            """SELECT count(*) FROM returns.listed l JOIN intermediate.int_person_record__own r USING (record_id)
            JOIN intermediate.int_person__aided a ON a.person_id = r.person_id AND a.agency = 'kemensos'
            WHERE list_contains(l.alasan, 'perlu_pendaftaran') AND (a.pkh_terlihat OR a.yapi_terlihat)"""
        ).fetchall()
        feeds = con.execute("SELECT DISTINCT feed FROM returns.listed JOIN link.decision USING (record_id) ORDER BY 1").fetchall()
    assert listed == [(0,)]
    assert feeds == [("lksa_anak",), ("ppks",)], "a row of PKH or YAPI is never on a list"


def test_no_returned_sheet_judges_and_every_not_found_says_that_it_is_not_unentitled(small_night: RanNight) -> None:
    seen = 0
    for agency in ("kemensos", "kpai", "ditjenpas"):
        for path, rows in returned(small_night, agency):
            head = " ".join(rows[0]).lower() if rows else ""
            assert not [word for word in JUDGEMENTS if word in head], path.name
            for row in rows:
                for cell in row:
                    if re.search(r"belum ditemukan", cell, re.IGNORECASE) and "kartu_mutu" not in path.parts:
                        seen += 1
                        assert "bukan tidak berhak" in cell, path.name
    assert seen > 10


def test_what_everyone_reads_counts_and_names_nobody(small_night: RanNight) -> None:
    with served(small_night, "publik") as con:
        columns = {c for (c,) in con.execute("SELECT column_name FROM duckdb_columns() WHERE schema_name = 'marts'").fetchall()}
    assert "pseudonim" not in columns
