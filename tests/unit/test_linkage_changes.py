"""Every changed answer has a row with its cause; two past nights can be compared; a release alone changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb
import pytest
from linkage_world import built, child, crowd, home_of, linked, persons_of, put, record, warehouse

from padan.errors import ConfigError
from padan.linkage import persons
from padan.linkage.changes import CAUSES, diff

YUSUF = child(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
LAURA = child(2, "LAURA KRISTIANTI", "2015-08-11", jenis_kelamin="2")
MOVED = child(3, "OMPU TARULI", "2014-02-02") | {"nik": None}
PEOPLE = [YUSUF, LAURA, MOVED, *crowd(150)]
NEWCOMERS = [child(n, f"AA {n} BB", "2001-01-01", kode_kecamatan="11.01.01") for n in range(900, 920)]
LATER = dt.date(2027, 1, 1)

ROWS = [
    record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"], feed="pkh"),
    record(2, "YUSUF HABIBIE", "2013-04-19", feed="ppks"),
    record(3, "LAURA KRISTIANTI", "2015-08-11", nik=LAURA["nik"], jenis_kelamin="P"),
    record(4, "OMPU TARULI", "2014-02-02", no_kk=MOVED["no_kk"]),
    record(5, "QADAR XYLOFON", "2011-02-02"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return home_of(tmp_path_factory.mktemp("changes") / "home")


@pytest.fixture(scope="module")
def release(home):
    return built(home, PEOPLE)


@pytest.fixture(scope="module")
def nights(home, release, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """Night 1; 2 a correction and a withdrawal; 3 the release after, with one person gone; 4 a stricter policy; 5 all as on night 1."""
    con = warehouse(ROWS)
    linked(con, home, release, "m-1")
    con.execute(
        "UPDATE intermediate.int_person__standardized SET nik = ?, nama = 'YUSUF HABIBIE' WHERE record_id = 'r0003'", [YUSUF["nik"]]
    )
    con.execute("UPDATE intermediate.int_person__standardized SET tanggal_lahir = DATE '2013-04-19' WHERE record_id = 'r0003'")
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE record_id = 'r0005'")
    linked(con, home, release, "m-2")
    later = built(home_of(tmp_path_factory.mktemp("later")), [*NEWCOMERS, *(p for p in PEOPLE if p is not MOVED)], LATER)
    linked(con, home, later, "m-3")
    linked(con, home, later, "m-4", link_probability=1.0)
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE record_id = 'r0003'")
    put(con, [ROWS[2], ROWS[4]])
    linked(con, home, release, "m-5")
    return con


def changed(con: duckdb.DuckDBPyConnection, run: str) -> dict[str, tuple]:
    rows = con.execute("SELECT record_id, before_decision, after_decision, cause FROM link.change WHERE run_id = ?", [run]).fetchall()
    return {record_id: tuple(rest) for record_id, *rest in rows}


def test_a_first_night_changes_nothing(nights) -> None:
    assert changed(nights, "m-1") == {}


def test_a_correction_and_a_withdrawal_are_changes_of_data(nights) -> None:
    found = changed(nights, "m-2")
    assert found["r0003"][2] == "data"
    assert found["r0005"] == ("no_link", None, "data")
    assert set(found) == {"r0003", "r0005"}


def test_a_release_changes_only_the_link_to_a_person_it_no_longer_holds(nights) -> None:
    found = changed(nights, "m-3")
    assert set(found) == {"r0004"}
    assert found["r0004"][0] == "link"
    assert found["r0004"][1:] != ("link", "register")
    assert found["r0004"][2] == "register"


def test_a_policy_changes_links_as_model(nights) -> None:
    found = changed(nights, "m-4")
    assert found
    assert {cause for *_, cause in found.values()} == {"model"}


def test_a_program_that_joins_otherwise_is_a_cause_and_asks_no_record_again(release, tmp_path, monkeypatch) -> None:
    home, con = home_of(tmp_path / "home"), warehouse(ROWS)
    linked(con, home, release, "p-1")
    of_today = persons.basis_of
    monkeypatch.setattr(persons, "basis_of", lambda *given: replace(of_today(*given), program="another"))
    apart = "CREATE OR REPLACE TABLE component AS SELECT rec_no, rec_no AS component FROM decided"
    monkeypatch.setattr(persons, "join_records", lambda work, *_: work.execute(apart))
    assert linked(con, home, release, "p-2").scored == 0
    assert {cause for *_, cause in changed(con, "p-2").values()} == {"model"}


def test_two_nights_are_compared_over_all_between(nights) -> None:
    assert diff(nights, "m-1", "m-5").records == 0  # what changed and changed back is no difference
    one = diff(nights, "m-1", "m-3")
    assert one.counts == {("kemensos", "atensi", "data"): 2, ("kemensos", "atensi", "register"): 1}
    rows = nights.execute("SELECT record_id, before_decision, after_decision FROM run_difference ORDER BY 1").fetchall()
    back = diff(nights, "m-3", "m-1")
    assert back.counts == one.counts
    turned = nights.execute("SELECT record_id, after_decision, before_decision FROM run_difference ORDER BY 1").fetchall()
    assert turned == rows
    assert {r for r, *_ in rows} == {"r0003", "r0004", "r0005"}


def test_the_same_night_twice_differs_in_nothing_and_an_unknown_one_is_an_error(nights) -> None:
    assert diff(nights, "m-2", "m-2").counts == {}
    with pytest.raises(ConfigError):
        diff(nights, "m-2", "m-77")
    with pytest.raises(ConfigError):
        diff(duckdb.connect(":memory:"), "m-1", "m-2")


def test_every_cause_is_explained_and_every_run_is_counted(nights) -> None:
    assert {row[0] for row in nights.execute("SELECT DISTINCT cause FROM link.change").fetchall()} <= set(CAUSES)
    counts = dict(nights.execute("SELECT run_id, count(*) FROM link.change GROUP BY 1").fetchall())
    runs = nights.execute("SELECT run_id, changed, records, scored FROM link.run ORDER BY run_no").fetchall()
    assert [(run, n) for run, n, _, _ in runs] == [(f"m-{i}", counts.get(f"m-{i}", 0)) for i in range(1, 6)]
    assert [scored for *_, scored in runs] == [5, 1, 4, 4, 5]


def test_ids_stay_where_a_release_and_a_model_change_all_else(nights) -> None:
    rows = nights.execute("SELECT before_person_id, after_person_id, record_id FROM link.change WHERE run_id IN ('m-3', 'm-4')").fetchall()
    assert all(before == after for before, after, _ in rows)


@pytest.mark.long
def test_persons_that_merge_keep_the_id_of_the_larger_part_and_split_again(home, release) -> None:
    rows = [record(n, "QADAR XYLOFON", "2011-02-02", feed=feed) for n, feed in ((1, "atensi"), (2, "ppks"), (3, "yapi"))]
    con = warehouse([*rows, record(4, "TARUNA WIDIANTO", "2012-09-27", feed="pkh")])
    linked(con, home, release, "m-1")
    apart = persons_of(con)
    correct = "UPDATE intermediate.int_person__standardized SET nama = ?, tanggal_lahir = ? WHERE record_id = 'r0004'"
    con.execute(correct, ["QADAR XYLOFON", "2011-02-02"])
    linked(con, home, release, "m-2")
    assert set(persons_of(con).values()) == {apart["r0001"]}
    con.execute(correct, ["TARUNA WIDIANTO", "2012-09-27"])
    linked(con, home, release, "m-3")
    again = persons_of(con)
    assert again["r0001"] == apart["r0001"] == again["r0002"] == again["r0003"]
    assert again["r0004"] not in {apart["r0001"]}
