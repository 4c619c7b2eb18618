"""Answers, rulings, undoing and assignment on a warehouse of a few cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from linkage_world import answers, built, child, crowd, home_of, linked, record, warehouse

from padan.errors import InputRefused
from padan.review import RegisterSubject, record_ruling
from padan.review.answers import OFFICE, case_outcome, create_answer_tables, readings_of, take_answer, take_back
from padan.review.assignment import assign, assigned_to, reader_name, to_read
from padan.review.learning import measure
from padan.review.queue import build_queue

KEY, DAY = b"k" * 32, dt.date(2026, 11, 24)
CHILDREN = [child(n, name, born) for n, (name, born) in enumerate([("DEWI SEKARWANGI", "2013-04-19"), ("BAGUS PRAKOSA", "2012-08-03")], 1)]
# A year off, elsewhere: enough to ask, too little to link.
DOUBTFUL = [
    record(1, "DEWI SEKARWANGI", "2012-04-19", feed="ppks", kode_kabupaten=None, kode_kecamatan=None),
    record(2, "BAGUS PRAKOSA", "2011-08-03", feed="ppks", kode_kabupaten=None, kode_kecamatan=None),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = home_of(tmp_path_factory.mktemp("answers") / "home")
    return home, built(home, [*CHILDREN, *crowd(150)])


@pytest.fixture
def office(place) -> tuple[duckdb.DuckDBPyConnection, Path, list[str]]:
    """A warehouse whose two records are in doubt, its register, and its cases, the first of the queue first."""
    home, release = place
    con = warehouse(DOUBTFUL)
    linked(con, home, release)
    con.execute("UPDATE link.decision SET decision = 'review', reason = 'bukti_abu_abu', register_id = NULL")
    queued(con)
    cases = [row[0] for row in con.execute("SELECT case_id FROM review.case ORDER BY priority DESC, case_id").fetchall()]
    assert len(cases) == 2
    return con, release.path, cases


def queued(con: duckdb.DuckDBPyConnection, day: dt.date = DAY) -> int:
    create_answer_tables(con)
    return build_queue(con, lambda *ids: "K-" + "-".join(ids), day, "uji")


def answer(office, case: str, said: str, by: str, *, centre: bool = True, share: float = 0.0):
    con, register, _ = office
    return take_answer(con, register, case, said, "dokumen diperiksa", by, centre=centre, key=KEY, share=share)


def rulings(con) -> list[tuple[str, str]]:
    return con.execute("SELECT ruling, decided_by FROM review.ruling ORDER BY ruling_no").fetchall()


def test_two_who_disagree_go_to_a_third(office) -> None:
    con, _, (case, _) = office
    assert answer(office, case, "SAMA", "siti", share=1.0).readers == 2 and rulings(con) == []
    assert answer(office, case, "BEDA", "budi", share=1.0).readers == 3 and rulings(con) == []
    assert answer(office, case, "BEDA", "tini", share=1.0).ruling == "different"
    assert rulings(con) == [("different", "tini")]


def test_an_answer_taken_back_takes_its_ruling_with_it_and_neither_is_deleted(office) -> None:
    con, _, (case, _) = office
    answer(office, case, "SAMA", "siti")
    assert take_back(con, case, "siti", "salah tekan") and not take_back(con, case, "siti", "salah tekan")
    assert rulings(con) == [("same", "siti"), ("undo", "siti")]
    assert readings_of(con, case, con.execute("SELECT fields FROM review.case WHERE case_id = ?", [case]).fetchall()[0][0]) == []
    answer(office, case, "BEDA", "siti")
    assert rulings(con)[-1] == ("different", "siti")
    assert con.execute("SELECT count(*) FROM review.answer").fetchall() == [(3,)]


def test_a_case_whose_record_changes_is_read_anew(office, place) -> None:
    con, _, (case, _) = office
    answer(office, case, "RAGU", "siti")
    assert case_outcome(con, case, KEY, 0.0).readers == 2
    con.execute("UPDATE intermediate.int_person__standardized SET nama = 'DEWI SEKAR WANGI' WHERE nama LIKE 'DEWI%'")
    con.execute("UPDATE intermediate.int_person__standardized SET nama = 'BAGUS PRAKOSO' WHERE nama LIKE 'BAGUS%'")
    queued(con)
    assert case_outcome(con, case, KEY, 0.0).readers == 1, "what was said of other fields counts no more"


def test_cases_are_given_by_priority_to_as_many_as_they_need(office) -> None:
    con, _, cases = office
    con.execute("UPDATE review.case SET centre_decides = true")
    assert assign(con, "siti", 1, DAY, KEY, 0.0) == 1 and to_read(con, "siti", KEY, 0.0) == cases[:1]
    assert assign(con, "budi", 9, DAY, KEY, 0.0) == 1 and to_read(con, "budi", KEY, 0.0) == cases[1:]
    assert assigned_to(con, cases[0], "siti") and not assigned_to(con, cases[0], "budi")
    assert assign(con, "tini", 9, DAY, KEY, 0.0) == 0
    assert assign(con, "tini", 9, DAY + dt.timedelta(days=8), KEY, 0.0) == 2, "what lies for a week is given to another"
    answer(office, cases[0], "SAMA", "siti")
    assert to_read(con, "siti", KEY, 0.0) == [] and to_read(con, "tini", KEY, 0.0) == cases[1:]


def test_a_regencys_case_comes_to_the_centre_only_when_its_office_has_read_it(office) -> None:
    con, _, cases = office
    assert assign(con, "siti", 9, DAY, KEY, 0.0) == 0
    answer(office, cases[1], "RAGU", "petugas 32.73", centre=False)
    assert assign(con, "siti", 9, DAY, KEY, 0.0) == 1 and to_read(con, "siti", KEY, 0.0) == [cases[1]]


def test_an_office_is_one_reader_whoever_signs(office) -> None:
    con, _, (case, _) = office
    for by in ("petugas satu", "petugas dua", "petugas tiga"):
        assert answer(office, case, "SAMA", by, centre=False, share=1.0).ruling is None
    assert rulings(con) == [] and answer(office, case, "SAMA", "siti", share=1.0).ruling == "same"
    with pytest.raises(InputRefused):
        reader_name(OFFICE)


@pytest.mark.parametrize("name", ["", "a", "Siti", "../x", "siti rahma", "x" * 33])
def test_a_readers_name_is_a_name(name: str) -> None:
    with pytest.raises(InputRefused):
        reader_name(name)


def test_what_the_rulings_teach_is_kept_by_night(office) -> None:
    con, _, cases = office
    answer(office, cases[0], "SAMA", "siti", share=1.0)
    answer(office, cases[0], "SAMA", "budi", share=1.0)
    answer(office, cases[1], "BEDA", "siti", share=1.0)
    found = {(one.measure, one.stratum): one for one in measure(con, DAY + dt.timedelta(days=3), KEY, 1.0, 0.99, "malam-1")}
    assert found["antrean", "semua"].value == 2 and found["antrean", "sudah diputus"].value == 1
    assert found["antrean", "menunggu pembaca lain"].value == 1 and found["umur_tertua", "semua"].value == 3
    assert (found["kesepakatan", "semua"].numerator, found["kesepakatan", "semua"].denominator) == (1, 1)
    strata = [one for (name, _), one in found.items() if name == "sama"]
    assert sum(one.denominator for one in strata) == 1 and all(one.lower <= one.value <= one.upper for one in strata)
    measure(con, DAY, KEY, 1.0, 0.99, "malam-1")
    assert con.execute("SELECT count(*) FROM review.measure WHERE measure = 'antrean' AND stratum = 'semua'").fetchall() == [(1,)]


def test_a_ruling_lapses_when_the_record_says_something_else_and_is_asked_again(place) -> None:
    home, release = place
    sure = record(3, "DEWI SEKARWANGI", "2013-04-19", nik=CHILDREN[0]["nik"], feed="ppks")
    con = warehouse([sure])
    linked(con, home, release)
    queued(con)
    register_id = con.execute("SELECT register_id FROM link.decision").fetchall()[0][0]
    subject = RegisterSubject(CHILDREN[0]["nik"], CHILDREN[0]["id_keluarga"], dt.date(2013, 4, 19), "DEWI SEKARWANGI")
    record_ruling(con, "different", "r0003", subject, by="siti", reason="akta dilihat")
    linked(con, home, release, "uji-2")
    assert answers(con)["r0003"][0] != "link" and queued(con) == 0
    con.execute("UPDATE intermediate.int_person__standardized SET kode_kecamatan = '11.01.01'")
    assert linked(con, home, release, "uji-3").rulings.held == 1, "moving house is no reason to ask again"
    con.execute("UPDATE intermediate.int_person__standardized SET nama_ibu = 'SULASTRI'")
    summary = linked(con, home, release, "uji-4")
    assert (summary.rulings.held, summary.rulings.lapsed) == (0, 1)
    assert answers(con)["r0003"][:2] == ("review", "putusan_kedaluwarsa"), "not linked against a ruling unseen"
    queued(con)
    assert con.execute("SELECT kind, register_id FROM review.case").fetchall() == [("kedaluwarsa", register_id)]
    assert con.execute("SELECT state FROM link.ruling_state").fetchall() == [("kedaluwarsa",)]
    record_ruling(con, "same", "r0003", subject, by="budi", reason="akta baru")
    linked(con, home, release, "uji-5")
    assert answers(con)["r0003"][:2] == ("link", "putusan_peninjau") and con.execute("SELECT count(*) FROM review.ruling").fetchall() == [
        (2,)
    ]
