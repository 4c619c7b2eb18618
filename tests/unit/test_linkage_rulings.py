"""A ruling holds from the next night on, over releases, models and re-runs; the latest wins, and none is ever lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from figures import Figures
from linkage_world import FIRST, SECOND, Row, answers, built, child, crowd, home_of, linked, persons_of, record, warehouse

from padan.errors import ConfigError
from padan.linkage import check_output
from padan.linkage.rulings import _Groups, _Ruling
from padan.review import RegisterSubject, create_ruling_table, record_ruling, undo_ruling
from padan.review.rulings import fields_of

YUSUF = child(1, "YUSUF HABIBIE", "2013-04-19")
LAURA = child(2, "LAURA KRISTIANTI", "2015-08-11", jenis_kelamin="2")
NAMELESS_NIK = child(3, "OMPU TARULI", "2014-02-02") | {"nik": None}
PEOPLE = [YUSUF, LAURA, NAMELESS_NIK, *crowd(150)]

#: Not enough for a link: a name without date or place.
VAGUE = record(1, "YUSUF", None, kode_kabupaten=None)
SURE = record(2, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"], feed="pkh")
TWICE = record(3, "YUSUF HABIBIE", "2013-04-19", feed="ppks")
STRANGER = record(4, "QADAR XYLOFON", "2011-02-02", feed="ppks")

YUSUF_AS_RULED = RegisterSubject(YUSUF["nik"], YUSUF["id_keluarga"], dt.date(2013, 4, 19), "HABIBIE YUSUF")
OMPU_AS_RULED = RegisterSubject(None, NAMELESS_NIK["id_keluarga"], dt.date(2014, 2, 2), "OMPU TARULI")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return home_of(tmp_path_factory.mktemp("rulings") / "home")


@pytest.fixture(scope="module")
def release(home):
    return built(home, PEOPLE)


def rule(con, ruling, one, other, **extra) -> str:
    return record_ruling(con, ruling, one, other, by="peninjau uji", reason="berkas asli dilihat", **extra)


@pytest.mark.long
def test_a_record_ruled_to_be_a_register_person_is_linked_over_a_new_release(home, release, tmp_path) -> None:
    con = warehouse([VAGUE, STRANGER])
    linked(con, home, release)
    assert answers(con)["r0001"][0] != "link"
    rule(con, "same", "r0001", YUSUF_AS_RULED)
    rule(con, "same", "r0004", OMPU_AS_RULED)  # no NIK in the register: by family, name and birth date
    linked(con, home, release, "uji-2")
    assert answers(con)["r0001"] == ("link", "putusan_peninjau", YUSUF["nik"])
    assert answers(con)["r0004"] == ("link", "putusan_peninjau", None)
    before = persons_of(con)
    # in the next release other persons come first, so that every number is another
    newcomers = [child(n, f"AA {n} BB", "2001-01-01", kode_kecamatan="11.01.01") for n in range(900, 920)]
    later = built(home_of(tmp_path / "later"), newcomers + PEOPLE, dt.date(2027, 1, 1))
    summary = linked(con, home, later, "uji-3")
    assert answers(con)["r0001"] == ("link", "putusan_peninjau", YUSUF["nik"])
    assert persons_of(con) == before
    assert (summary.rulings.held, summary.rulings.unresolved, summary.rulings.contradicted) == (2, 0, 0)
    assert con.execute("SELECT cause, count(*) FROM link.change WHERE run_id = 'uji-2' GROUP BY 1").fetchall() == [("ruling", 2)]
    assert con.execute("SELECT count(*) FROM link.change WHERE run_id = 'uji-3'").fetchall() == [(0,)]


def test_a_person_whom_the_register_no_longer_holds_is_counted_not_guessed(home, release) -> None:
    con = warehouse([VAGUE])
    rule(con, "same", "r0001", RegisterSubject("3273010101010001", "K-99999", None, "SIAPA"))
    summary = linked(con, home, release)
    assert summary.rulings.unresolved == 1
    assert answers(con)["r0001"][0] != "link"


@pytest.mark.long
def test_a_record_ruled_not_to_be_a_register_person_is_never_given_it(home, release) -> None:
    con = warehouse([SURE, TWICE])
    linked(con, home, release)
    assert {r: a[2] for r, a in answers(con).items()} == {"r0002": YUSUF["nik"], "r0003": YUSUF["nik"]}
    ruling_id = rule(con, "different", "r0003", YUSUF_AS_RULED)
    summary = linked(con, home, release, "uji-2")
    assert summary.scored == 1  # only the record that the ruling touches
    assert answers(con)["r0003"][0] != "link"
    persons = persons_of(con)
    assert persons["r0002"] != persons["r0003"]
    assert con.execute("FROM link.candidate JOIN link.register_key USING (register_id) WHERE record_id = 'r0003'").fetchall() == []
    undo_ruling(con, ruling_id, by="peninjau uji", reason="keliru")
    linked(con, home, release, "uji-3")
    assert answers(con)["r0003"][2] == YUSUF["nik"]
    assert con.execute("SELECT cause FROM link.change WHERE run_id = 'uji-3' AND record_id = 'r0003'").fetchall() == [("ruling",)]


def test_records_ruled_one_person_are_one_and_records_ruled_two_are_two(home, release) -> None:
    con = warehouse([SURE, TWICE, STRANGER])
    rule(con, "same", "r0002", "r0004")
    rule(con, "different", "r0002", "r0003")
    linked(con, home, release)
    persons, found = persons_of(con), answers(con)
    assert persons["r0002"] == persons["r0004"] != persons["r0003"]
    assert found["r0003"][:2] == ("review", "putusan_berbeda")  # the surer of the two keeps the register person
    assert found["r0002"][:2] == ("link", "nik_cocok")
    con.execute("CREATE TABLE intermediate.int_institution__named (mention_id VARCHAR)")
    assert [r.rule_id for r in check_output(con) if not r.passed] == []


def test_of_records_ruled_one_the_surest_link_is_the_persons(home, release) -> None:
    weak = record(5, "LAURA KRISTIANTI", "2015-08-11", jenis_kelamin="P", feed="yapi")
    con = warehouse([SURE, weak])
    linked(con, home, release)
    assert answers(con)["r0005"][2] == LAURA["nik"]
    rule(con, "same", "r0005", "r0002")
    linked(con, home, release, "uji-2")
    assert answers(con)["r0005"] == ("link", "putusan_peninjau", YUSUF["nik"])
    assert len(set(persons_of(con).values())) == 1


def test_the_latest_ruling_wins_and_the_contradicted_one_is_counted(home, release) -> None:
    con = warehouse([SURE, STRANGER])
    for ruling in ("same", "different"):
        rule(con, ruling, "r0002", "r0004")
    summary = linked(con, home, release)
    assert (summary.rulings.held, summary.rulings.contradicted) == (1, 1)
    assert len(set(persons_of(con).values())) == 2
    rule(con, "same", "r0004", "r0002")
    linked(con, home, release, "uji-2")
    assert len(set(persons_of(con).values())) == 1


@pytest.mark.parametrize(
    ("rulings", "held", "groups"),
    [
        ([(True, "a", "b"), (True, "b", "c")], 2, [["a", "b", "c"]]),
        ([(False, "a", "c"), (True, "a", "b"), (True, "b", "c")], 2, [["a", "b"], ["c"]]),  # the last named is the oldest
        ([(True, "a", 1), (True, "b", 2), (True, "a", "b")], 2, [["a"], ["b"]]),  # never two register persons
        ([(True, "a", "b"), (False, "b", "a")], 1, [["a", "b"]]),
        ([(False, "a", 1), (True, "b", 1), (True, "a", "b")], 2, [["a"], ["b"]]),
    ],
)
def test_rulings_latest_first_make_groups_without_contradiction(rulings, held, groups) -> None:
    made = _Groups()
    assert sum(made.rule(_Ruling(*ruling)) for ruling in rulings) == held
    assert sorted(made.members().values()) == groups


def rule_many(con, rulings: list[tuple[str, str, str | Row]]) -> None:
    """What `record_ruling` would append, in one statement; of a record and another, or of a record and a person of the register."""
    create_ruling_table(con)
    told = [
        {"n": n, "ruling": ruling, "record_id": one}
        | ({"other": other} if isinstance(other, str) else {part: other[part] for part in ("nik", "id_keluarga", "tanggal_lahir", "nama")})
        for n, (ruling, one, other) in enumerate(rulings)
    ]
    names = ("n", "ruling", "record_id", "other", "nik", "id_keluarga", "tanggal_lahir", "nama")
    con.register("told", pa.table({name: [one.get(name) for one in told] for name in names}))
    said = fields_of("SELECT n AS key, record_id FROM told UNION ALL SELECT n, other FROM told WHERE other IS NOT NULL")
    con.execute(
        f"""INSERT INTO review.ruling
        SELECT t.n + b.next, printf('R%08d', t.n + b.next), now()::TIMESTAMP, 'peninjau uji', t.ruling, t.record_id, t.other,
            t.nik, t.id_keluarga, t.tanggal_lahir::DATE, t.nama, NULL, 'berkas asli dilihat', f.fields
        FROM told t JOIN ({said}) f ON f.key = t.n
        CROSS JOIN (SELECT coalesce(max(ruling_no), 0) + 1 AS next FROM review.ruling) b"""
    )


@pytest.mark.parametrize(("records", "again"), [(60, 2), pytest.param(6000, 20, marks=pytest.mark.long, id="ten thousand rulings")])
def test_many_rulings_and_re_runs_change_nothing(home, release, records: int, again: int, figures: Figures) -> None:
    names = [(f"{FIRST[n % 20]} {SECOND[n // 20 % 14]} {FIRST[n // 280 % 20]}", f"20{10 + n % 8}-0{1 + n % 9}-11") for n in range(records)]
    con = warehouse([record(n, name, born, feed="ppks", kode_kabupaten="11.01") for n, (name, born) in enumerate(names)])
    told: list[tuple[str, str, str | Row]] = []
    for n in range(0, records, 3):
        one, two, three = (f"r{at:04d}" for at in range(n, n + 3))
        person = PEOPLE[3 + n // 3 % 150]
        told += [("same", one, two), ("different", one, three), ("same", three, person), ("different", one, person)]
        told += [("different", two, three)]
    rule_many(con, told)
    before = con.execute("SELECT * FROM review.ruling ORDER BY ruling_no").fetchall()
    linked(con, home, release)
    first = (answers(con), persons_of(con))
    for run in range(again):
        if run % 2 == 0:
            con.execute("DELETE FROM link.memory")
        summary = linked(con, home, release, f"ulang-{run}", review_probability=0.45 if run % 3 else 0.5)
        assert summary.rulings.held == len(before) == records // 3 * 5
        assert (answers(con), persons_of(con)) == first
    after = con.execute("SELECT * FROM review.ruling ORDER BY ruling_no").fetchall()
    assert after == before
    figures.most("rulings changed by re-runs", f"0 of {len(before):,} in {again}", sum(a != b for a, b in zip(after, before, strict=True)))
    assert con.execute("SELECT count(*) FROM link.change").fetchall() == [(0,)]
    for n in range(0, records, 3):
        one, two, three = (f"r{at:04d}" for at in range(n, n + 3))
        assert first[0][three] == ("link", "putusan_peninjau", PEOPLE[3 + n // 3 % 150]["nik"])
        assert first[1][one] == first[1][two] != first[1][three]


def test_what_cannot_be_a_ruling_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    con = warehouse([SURE, STRANGER])
    for one, other, by, reason in (
        ("r0002", "r9999", "x", "y"),
        ("r0002", "r0002", "x", "y"),
        ("r0002", "r0004", " ", "y"),
        ("r0002", "r0004", "x", ""),
    ):
        with pytest.raises(ConfigError):
            record_ruling(con, "same", one, other, by=by, reason=reason)
    with pytest.raises(ConfigError):
        undo_ruling(con, "R00000001", by="x", reason="y")
    assert con.execute("SELECT count(*) FROM review.ruling").fetchall() == [(0,)]
