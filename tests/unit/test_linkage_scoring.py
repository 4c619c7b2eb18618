"""Splink scores exactly the pairs it is given, with the register's frequencies; its model is read from trained.json."""

from __future__ import annotations

import math

import pytest
from linkage_world import built, child, crowd, home_of, record, warehouse

from padan.config import PersonPolicy
from padan.errors import Defect
from padan.linkage.candidates import find_candidates
from padan.linkage.institution_v1.definition import INSTITUTION_V1
from padan.linkage.learning import learn_persons, probabilities, write_trained
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.scoring import CHUNK_PAIRS, score_pairs
from padan.linkage.workspace import REGISTER, workspace

SIDES = ("record_model", "register_model")
PEOPLE = [child(1, "YUSUF HABIBIE", "2013-04-19"), child(2, "YUSUF HABIBIE", "2011-05-20"), *crowd(200)]
RECORDS = [record(1, "YUSUF HABIBIE", "2013-04-19"), record(2, "YUSUF HABIBIE", "2011-05-20"), record(3, "WAHYU PRAYOGA", "2008-02-07")]


@pytest.fixture
def work(tmp_path):
    release = built(home_of(tmp_path), PEOPLE)
    with workspace(warehouse(RECORDS), release.path) as (work, catalog):
        prepare_records(work, catalog)
        find_candidates(work, 2000)
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        yield work


def score(work, pairs: str, target: str, **other) -> list[tuple]:
    size = register_size(work)
    score_pairs(work, PERSON_V1, PERSON_V1.load(), SIDES, pairs, target, size=size, prior=0.9 / size, **other)
    return work.execute(f"SELECT * FROM {target} ORDER BY l, r").fetchall()


def test_exactly_the_given_pairs_are_scored_and_weights_add_up(work) -> None:
    score(work, "candidate", "scored")
    parts = " + ".join(f"mw_{c.name}" for c in PERSON_V1.comparisons)
    size = register_size(work)
    prior = math.log2(0.9 / size / (1 - 0.9 / size))
    assert work.execute("SELECT count(*) FROM scored").fetchall() == work.execute("SELECT count(*) FROM candidate").fetchall()
    assert work.execute(f"SELECT max(abs(weight - {prior} - ({parts}))) FROM scored").fetchall()[0][0] < 1e-9


def test_chunks_give_the_weights_of_one_go(work, monkeypatch) -> None:
    whole = score(work, "candidate", "whole")
    assert len(whole) < CHUNK_PAIRS
    monkeypatch.setattr("padan.linkage.scoring.CHUNK_PAIRS", 2)
    chunked = score(work, "candidate", "chunked")
    assert len(chunked) == len(whole)
    for one, other in zip(chunked, whole, strict=True):
        assert one == pytest.approx(other, abs=1e-9)


def test_a_pair_that_does_not_exist_is_a_defect_and_not_a_missing_row(work) -> None:
    work.execute("INSERT INTO candidate VALUES (1, 999999)")
    with pytest.raises(Defect):
        score(work, "candidate", "scored")


def test_a_common_name_weighs_less_than_a_rare_one(work) -> None:
    score(work, "candidate", "scored")
    weights = dict(
        work.execute(
            "SELECT r.nama_asal, max(s.mw_nama) FROM scored s JOIN record r ON r.rec_no = s.l WHERE s.gamma_nama = 13 GROUP BY 1"
        ).fetchall()
    )
    persons = dict(
        work.execute(
            f"""SELECT n, persons FROM (VALUES ('HABIBIE YUSUF'), ('PRAYOGA WAHYU')) t(n)
            JOIN {REGISTER}.frequency_nama ON value = name_key(string_split(n, ' '))"""
        ).fetchall()
    )
    assert persons == {"HABIBIE YUSUF": 2}  # the name of one person has no row of its own
    assert weights["WAHYU PRAYOGA"] > weights["YUSUF HABIBIE"]


@pytest.mark.parametrize("model", [PERSON_V1, INSTITUTION_V1])
def test_what_was_trained_fits_the_definition(model) -> None:
    trained = model.load()
    assert {c.name for c in model.comparisons} == set(trained)
    for comparison in model.comparisons:
        levels = trained[comparison.name]
        assert set(levels) == {level.code for level in comparison.levels}
        assert [level.code for level in comparison.levels] == list(range(len(levels), 0, -1))
        assert sum(m for m, _ in levels.values()) == pytest.approx(1, abs=0.01)
        assert all(0 < m < 1 and 0 < u < 1 for m, u in levels.values())
        # the weakest level never speaks for a pair, the strongest never against it
        weights = {code: math.log2(m / u) for code, (m, u) in levels.items()}
        assert weights[1] < 0 < weights[len(levels)]


def test_training_needs_no_truth_and_finds_what_matches_agree_on(tmp_path) -> None:
    people = crowd(400)
    home = home_of(tmp_path / "home")
    release = built(home, people)
    rows = []
    for i, p in enumerate(people[:200]):
        wrong_sex = {"jenis_kelamin": "P" if p["jenis_kelamin"] == "1" else "L"} if i % 10 == 0 else {}
        sex = {"jenis_kelamin": "L" if p["jenis_kelamin"] == "1" else "P"} | wrong_sex
        rows.append(
            record(i, p["nama"], p["tanggal_lahir"], nik=p["nik"] if i % 2 else None, kode_kabupaten=p["kode_kecamatan"][:5], **sex)
        )
    counts = learn_persons(warehouse(rows), release.path, PersonPolicy(), random_pairs=5_000).counts
    trained = probabilities(PERSON_V1, [counts])
    assert trained["kelamin"][1][0] == pytest.approx(0.1, abs=0.04)  # one in ten records was given the other sex
    assert trained["lahir"][8][0] > 0.85
    assert trained["lahir"][8][1] < 0.01
    assert trained["nik"][5][0] > 0.7
    again = probabilities(PERSON_V1, [counts, counts])
    assert again["kelamin"][1][0] == pytest.approx(trained["kelamin"][1][0], abs=0.02)
    write_trained(PERSON_V1, trained, tmp_path / "trained.json")
    assert PERSON_V1.load(tmp_path / "trained.json")["lahir"][8][0] == pytest.approx(trained["lahir"][8][0], rel=1e-3)


def test_a_level_that_no_match_reached_is_worth_no_more_than_the_next_weaker() -> None:
    counts = {c.name: {level.code: (1000.0, 1000.0) for level in c.levels} for c in PERSON_V1.comparisons}
    counts["umur"] = {5: (0.0, 0.0), 4: (900.0, 10.0), 3: (0.0, 10.0), 2: (50.0, 100.0), 1: (1.0, 9000.0)}
    trained = probabilities(PERSON_V1, [counts])["umur"]
    weight = {code: math.log2(m / u) for code, (m, u) in trained.items()}
    assert weight[5] <= weight[4] + 1e-9
    assert weight[3] <= weight[2] + 1e-9
    assert weight[1] < 0
