"""What is decided, and about whom: the NIK pass and its guard, ties, absent siblings, contradicting rows, and no silent loss."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from linkage_world import answers, built, child, crowd, home_of, linked, persons_of, put, record, warehouse

from padan.linkage import check_input, check_output, decision_digest
from padan.linkage.decision import NEXT_ACTIONS, REASONS

FATHER = child(1, "WIDODO SUBAGYO", "1980-02-02", hubungan_kepala="1")
MOTHER = child(1, "RAHAYU NINGSIH", "1984-03-03", hubungan_kepala="2", jenis_kelamin="2")
YUSUF = child(1, "YUSUF HABIBIE", "2013-04-19")
TWIN_A = child(2, "LAURA KRISTIANTI", "2015-08-11", jenis_kelamin="2")
SAME_A = child(3, "GANDHI PRAMONO", "2012-06-13", kode_kecamatan="11.01.01", area="110101")
SAME_B = child(4, "GANDHI PRAMONO", "2012-06-13", kode_kecamatan="12.02.02", area="120202")
PEOPLE = [FATHER, MOTHER, YUSUF, TWIN_A, SAME_A, SAME_B, *crowd(400)]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return home_of(tmp_path_factory.mktemp("decisions") / "home")


@pytest.fixture(scope="module")
def release(home):
    return built(home, PEOPLE)


@pytest.fixture
def decide(home, release):
    def decide(*records, **policy):
        con = warehouse(list(records))
        linked(con, home, release, **policy)
        return answers(con)

    return decide


def test_a_nik_is_a_link_when_name_and_birth_date_agree(decide) -> None:
    assert decide(record(1, "YUSUF HABIBI", "2013-04-19", nik=YUSUF["nik"]))["r0001"] == ("link", "nik_cocok", YUSUF["nik"])


def test_a_record_without_nik_is_linked_on_name_date_and_place(decide) -> None:
    assert decide(record(1, "HABIBIE YUSUF", "2013-04-19"))["r0001"] == ("link", "bukti_cukup", YUSUF["nik"])


def test_one_wrong_digit_does_not_lose_the_child(decide) -> None:
    damaged = YUSUF["nik"][:11] + "9" + YUSUF["nik"][12:]
    assert decide(record(1, "YUSUF HABIBIE", "2013-04-19", nik=damaged, nik_status="valid"))["r0001"][0] == "link"


def test_a_parents_nik_and_name_on_a_childs_row_are_for_an_officer(decide) -> None:
    row = record(1, "RAHAYU NINGSIH", "2014-05-21", nik=MOTHER["nik"], no_kk=MOTHER["no_kk"], jenis_kelamin="P")
    assert decide(row)["r0001"][:2] == ("review", "nama_atau_tanggal_beda")
    own = {**row, "tanggal_lahir": dt.date(1991, 10, 7)}  # an adult's, whose date is wrong
    assert decide(own)["r0001"][0] == "link"


def test_a_nik_with_part_of_a_name_and_no_date_is_for_an_officer(decide) -> None:
    row = record(1, "YUSUF WIRATAMA", None, nik=YUSUF["nik"])
    assert decide(row)["r0001"][:2] == ("review", "nama_atau_tanggal_beda")
    assert decide(record(1, "YUSUF WIRATAMA", "2013-04-19", nik=YUSUF["nik"]))["r0001"][0] == "link"
    assert decide(record(1, "YUSUF HABIBIE", None, nik=YUSUF["nik"]))["r0001"][0] == "link"


def test_a_parents_nik_on_a_childs_row_leads_to_the_child(decide) -> None:
    row = record(1, "YUSUF HABIBIE", "2013-04-19", nik=MOTHER["nik"])
    assert decide(row)["r0001"] == ("link", "bukti_cukup", YUSUF["nik"])


def test_a_parents_nik_on_the_row_of_a_child_who_is_not_listed_is_no_link_to_the_parent(decide) -> None:
    row = record(1, "BIMA SUBAGYO", "2018-09-09", nik=FATHER["nik"], no_kk=FATHER["no_kk"])  # bears a word of the father's name
    decision, _, nik = decide(row)["r0001"]
    assert decision != "link"
    assert nik is None


def test_the_brother_who_is_listed_is_not_the_one_who_is_not(decide) -> None:
    row = record(1, "DAMAR HABIBIE", "2016-10-21", no_kk=YUSUF["no_kk"], nama_ibu="RAHAYU NINGSIH", nik_wali=MOTHER["nik"])
    assert decide(row)["r0001"][0] != "link"


def test_the_twin_who_is_listed_is_not_the_one_who_is_not(decide) -> None:
    row = record(1, "MARKUS KRISTIANTI", "2015-08-11", no_kk=TWIN_A["no_kk"])
    assert decide(row)["r0001"][0] != "link"
    # however high the posterior: the family's card and the day are the twin's as well
    alike = record(1, "LAURA AMELIA", "2015-08-11", no_kk=TWIN_A["no_kk"], jenis_kelamin="P")
    assert decide(alike, link_probability=0.5)["r0001"][:2] == ("review", "nama_atau_tanggal_beda")
    assert decide({**alike, "nama": "LAURA KRISTIANTY"})["r0001"][0] == "link"


def test_a_nik_next_to_the_listed_twins_is_the_other_twins_unless_the_whole_name_agrees(decide) -> None:
    serial = int(TWIN_A["nik"][12:])
    nik = {"nik": f"{TWIN_A['nik'][:12]}{serial + 1:04d}", "nik_status": "valid"}
    row = record(1, "LAURA", "2015-08-11", jenis_kelamin="P", **nik)
    far = {**row, "nik": f"{TWIN_A['nik'][:12]}{serial + 3:04d}"}  # a digit off as well, which a slip of the pen is
    assert decide(row, link_probability=0.5)["r0001"][:2] == ("review", "nama_atau_tanggal_beda")
    assert decide(far, link_probability=0.5)["r0001"][0] == "link"
    assert decide({**row, "nama": "LAURA KRISTIANTI"})["r0001"][0] == "link"


def test_two_equally_likely_persons_go_to_review(decide) -> None:
    row = record(1, "GANDHI PRAMONO", "2012-06-13", kode_kabupaten=None)
    assert decide(row)["r0001"] == ("review", "pelari_kedua_dekat", None)


def test_the_place_tells_two_persons_of_one_name_and_birthday_apart(decide) -> None:
    assert decide(record(1, "GANDHI PRAMONO", "2012-06-13", kode_kabupaten="12.02"))["r0001"][2] == SAME_B["nik"]


def test_what_cannot_be_compared_and_who_has_no_candidate_are_said_apart(decide) -> None:
    said = decide(record(1, None, None, kode_kabupaten=None), record(2, "QADAR XYLO", None, kode_kabupaten=None))
    assert said["r0001"] == ("no_link", "tak_ada_pembanding", None)
    assert said["r0002"] == ("no_link", "tak_ada_calon", None)


def test_a_nik_that_is_somebody_elses_is_said_so(decide) -> None:
    row = record(1, "QADAR XYLO", "2019-11-30", nik=YUSUF["nik"], jenis_kelamin="P", kode_kabupaten="11.01")
    assert decide(row)["r0001"] == ("no_link", "nik_milik_orang_lain", None)


def test_of_two_contradicting_rows_of_one_delivery_the_weaker_goes_to_review(decide) -> None:
    right = record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"])
    wrong = record(
        2, "YUSUF HABIBIE", "2013-04-19", nik="9999010101010001", jenis_kelamin="P", no_kk=YUSUF["no_kk"], nama_ibu="RAHAYU NINGSIH"
    )
    assert decide(wrong, link_probability=0.5)["r0002"][0] == "link"
    said = decide(right, wrong, link_probability=0.5)
    assert said["r0001"][0] == "link"
    assert said["r0002"] == ("review", "diklaim_dua_baris", None)
    assert decide(right, {**wrong, "feed": "pkh"}, link_probability=0.5)["r0002"][0] == "link"  # another delivery is another day


def test_several_rows_about_one_child_are_no_contradiction(decide) -> None:
    said = decide(*(record(n, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"]) for n in (1, 2, 3)))
    assert {decision for decision, _, _ in said.values()} == {"link"}


def test_without_a_release_every_record_waits_for_one(home) -> None:
    con = warehouse([record(1, "YUSUF HABIBIE", "2013-04-19"), record(2, "SITI", None)])
    linked(con, home, None)
    assert con.execute("SELECT reason, count(*) FROM link.decision GROUP BY 1").fetchall() == [("tak_ada_register", 2)]
    assert len(set(persons_of(con).values())) == 2
    assert [r.rule_id for r in check_output_of_persons(con) if not r.passed] == []


def check_output_of_persons(con):
    con.execute("CREATE TABLE IF NOT EXISTS intermediate.int_institution__named (mention_id VARCHAR)")
    return [r for r in check_output(con) if r.rule.table_name != "link.institution_decision"]


MIXED = [
    record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"]),
    record(2, "YUSUF", "2013-01-01"),
    record(3, "LAURA K.", "2015-08-11", jenis_kelamin="P", feed="ppks"),
    record(4, "GANDHI PRAMONO", "2012-06-13", kode_kabupaten=None),
    record(5, "QADAR XYLO", None, agency="kpai", feed="pengaduan"),
    record(6, "QADAR XYLO", "2014-02-02", agency="kpai", feed="pengaduan"),
    record(7, None, None),
    *[record(100 + i, p["nama"], p["tanggal_lahir"], kode_kabupaten=p["kode_kecamatan"][:5], jenis_kelamin=None, feed="pkh")
      for i, p in enumerate(crowd(60))],
]  # fmt: skip


def test_the_same_is_decided_whatever_the_order_of_rows_and_the_number_of_threads(home, release) -> None:
    shuffled = MIXED[:]
    random.Random(5).shuffle(shuffled)
    digests, persons = set(), []
    for rows, threads in ((MIXED, 1), (MIXED[::-1], 2), (shuffled, 3)):
        con = warehouse(rows, threads)
        linked(con, home, release)
        digests.add(decision_digest(con))
        persons.append(persons_of(con))
    assert len(digests) == 1
    assert persons[0] == persons[1] == persons[2]


@pytest.mark.long
def test_the_decision_does_not_depend_on_secret_record_ids(home, release) -> None:
    digests = set()
    for prefix in ("a", "z"):
        renamed = [{**row, "record_id": f"{prefix}{hash(row['record_id']) % 97:02d}{row['record_id']}"} for row in MIXED]
        con = warehouse(renamed)
        linked(con, home, release)
        digests.add(decision_digest(con))
    assert len(digests) == 1


def test_the_digest_changes_with_any_decision(home, release) -> None:
    con = warehouse(MIXED)
    linked(con, home, release)
    before = decision_digest(con)
    con.execute("UPDATE link.decision SET method = 'none' WHERE record_id = 'r0001'")
    assert decision_digest(con) != before


def test_every_record_has_one_decision_with_a_known_reason_and_the_gates_pass(home, release) -> None:
    con = warehouse(MIXED)
    summary = linked(con, home, release)
    assert summary.records == len(MIXED)
    reasons = [reason for (reason,) in con.execute("SELECT reason FROM link.decision").fetchall()]
    assert len(reasons) == len(MIXED)
    assert set(reasons) <= set(REASONS)
    assert set(REASONS) == set(NEXT_ACTIONS)
    assert [r.rule_id for r in [*check_input(con), *check_output_of_persons(con)] if not r.passed] == []


def test_a_candidate_keeps_what_speaks_for_and_against_it(home, release) -> None:
    con = warehouse([record(1, "YUSUF HABIBIE", "2013-04-19")])
    linked(con, home, release)
    names = [c for (c,) in con.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'candidate'").fetchall()]
    parts = " + ".join(c for c in names if c.startswith("mw_"))
    rows = con.execute(f"SELECT rules, match_weight - ({parts}), gamma_nama, gamma_nik FROM link.candidate WHERE rank = 1").fetchall()
    (rules, prior, name_level, nik_level) = rows[0]
    assert {"nama", "awalan_tanggal", "tanggal_tempat"} <= set(rules)
    assert prior == pytest.approx(-8.64, abs=0.2)  # log2 odds of 0.9 / 406: weights are all there is besides the prior
    assert (name_level, nik_level) == (13, -1)


def test_rows_of_the_register_that_no_link_names_stay_in_the_register(home, release) -> None:
    con = warehouse([record(1, "YUSUF HABIBIE", "2013-04-19"), record(2, "GANDHI PRAMONO", "2012-06-13", kode_kabupaten=None)])
    linked(con, home, release)
    assert con.execute("SELECT nik FROM link.register_key").fetchall() == [(YUSUF["nik"],)]
    assert con.execute("SELECT id_keluarga, desil, kode_kabupaten, tanggal_lahir, dtsen_versi FROM link.register_person").fetchall() == [
        ("K-00001", 2, "32.73", dt.date(2013, 4, 19), dt.date(2026, 10, 1))
    ]


def test_records_outside_the_register_are_one_person_over_feeds(home, release) -> None:
    rows = [
        record(1, "QADAR XYLOFON", "2014-02-02", nik="3273010202149999", agency="kpai", feed="pengaduan", nama_ibu="MARYATI"),
        record(2, "QADAR XYLOFON", "2014-02-02", nik="3273010202149999", feed="lksa_anak", nama_ibu="MARYATI"),
        record(3, "QADAR XYLOFON", "2014-02-02", nik="3273010202149999"),
        record(4, "OMPU TARULI", "2015-02-02"),
    ]
    con = warehouse(rows)
    linked(con, home, release)
    persons = persons_of(con)
    assert persons["r0001"] == persons["r0002"] == persons["r0003"] != persons["r0004"]


def test_a_record_that_cannot_be_linked_itself_joins_the_person_whom_its_like_was_linked_to(home, release) -> None:
    strong = record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"], no_kk=YUSUF["no_kk"])
    con = warehouse([strong, record(2, "YUSUF HABIBIE", "2013-04-19", feed="pkh", no_kk=YUSUF["no_kk"])])
    linked(con, home, release)
    assert len(set(persons_of(con).values())) == 1


def test_person_ids_stay_when_nothing_changes_and_when_records_arrive(home, release) -> None:
    con = warehouse(MIXED)
    linked(con, home, release, "uji-1")
    before = persons_of(con)
    linked(con, home, release, "uji-2")
    assert persons_of(con) == before
    put(con, [record(0, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"], record_id="r0000", source_row=900)])
    linked(con, home, release, "uji-3")
    after = persons_of(con)
    assert after["r0000"] == before["r0001"]  # the smallest record_id of the person is new, its id is not
    assert {r: after[r] for r in before} == before


@pytest.mark.long
def test_person_ids_outlive_the_withdrawal_of_a_record_and_a_new_release(home, release, tmp_path) -> None:
    con = warehouse(MIXED)
    linked(con, home, release)
    before = persons_of(con)
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE record_id = 'r0001'")
    later = built(home_of(tmp_path / "later"), PEOPLE, dt.date(2027, 1, 1))
    linked(con, home, later, "uji-2")
    put(con, [MIXED[0]])
    linked(con, home, later, "uji-3")
    assert persons_of(con) == before


@pytest.mark.long
def test_a_person_that_falls_apart_keeps_its_id_once(home, release) -> None:
    one, other = (
        record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"]),
        record(2, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"], feed="pkh"),
    )
    con = warehouse([one, other])
    linked(con, home, release)
    first = persons_of(con)["r0001"]
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE record_id = 'r0002'")
    put(con, [record(2, "LAURA KRISTIANTI", "2015-08-11", nik=TWIN_A["nik"], jenis_kelamin="P", feed="pkh")])
    linked(con, home, release, "uji-2")
    persons = persons_of(con)
    assert len(set(persons.values())) == 2
    assert first in persons.values()
