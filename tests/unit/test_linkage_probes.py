"""Probes: what gives the answer away is hidden, no cell is filled that the record they stand for lacks, and the night stays as it was."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from linkage_world import CONFIG, built, child, crowd, home_of, linked, record, warehouse

from padan.config import EvaluationPolicy
from padan.linkage import decision_digest
from padan.linkage.evaluation import evaluate
from padan.linkage.probes import PROVEN, UNPROVEN, WITHOUT, draw_probes
from padan.linkage.workspace import REGISTER, workspace

PEOPLE = crowd(360)
POLICY = EvaluationPolicy(least_per_feed=200)  # everyone
ASKING = CONFIG.model_copy(update={"evaluation": POLICY})


def said_of(i: int, person: dict, **other) -> dict:
    return record(
        i, person["nama"], person["tanggal_lahir"], kode_kabupaten=person["kode_kecamatan"][:5],
        jenis_kelamin="LP"[int(person["jenis_kelamin"]) - 1], **other,
    )  # fmt: skip


def wrong_digit(nik: str) -> str:
    return nik[:13] + str((int(nik[13]) + 3) % 10) + nik[14:]


PROVED = [said_of(i, p, nik=p["nik"], no_kk=p["no_kk"], feed=("ppks", "abh")[i % 2]) for i, p in enumerate(PEOPLE[:160])]
BARE = [said_of(200 + i, p, feed=("ppks", "abh")[i % 2]) for i, p in enumerate(PEOPLE[160:220])]
DATELESS = [
    {**said_of(300 + i, p, feed="abh"), "tanggal_lahir": dt.date(int(p["tanggal_lahir"][:4]), 7, 1), "tanggal_lahir_precision": "year"}
    for i, p in enumerate(PEOPLE[220:240])
]
SLIPPED = [said_of(400 + i, p, nik=wrong_digit(p["nik"])) for i, p in enumerate(PEOPLE[240:270])]
RECORDS = [*PROVED, *BARE, *DATELESS, *SLIPPED]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(home_of(tmp_path_factory.mktemp("probes") / "home"), PEOPLE)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return home_of(tmp_path_factory.mktemp("night") / "home")


@pytest.fixture(scope="module")
def night(home, release):
    con = warehouse(RECORDS)
    linked(con, home, release)
    return con


@pytest.fixture(scope="module")
def drawn(night, release):
    """(class, feed of model, model's row, probe, donor's row) as dictionaries."""
    with workspace(night, release.path) as (work, catalog):
        draw_probes(work, catalog, POLICY)
        persons = f"{catalog}.intermediate.int_person__standardized"
        cursor = work.execute(
            f"""SELECT m.kelas, p, s AS donor, o AS model, r.nik AS own_nik FROM matched m JOIN probe p ON p.source_row = m.probe_no
            JOIN {persons} s ON s.record_id = m.donor_id JOIN {persons} o ON o.record_id = m.model_id
            JOIN own USING (donor_id) JOIN {REGISTER}.person r USING (person_no)"""
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_every_record_without_proof_is_stood_for(drawn) -> None:
    assert {row["kelas"] for row in drawn} == {WITHOUT, UNPROVEN}
    assert len(drawn) == len([*BARE, *DATELESS, *SLIPPED])
    assert all(row["p"]["feed"] == row["model"]["feed"] for row in drawn)


def test_the_nik_that_proves_is_gone(drawn) -> None:
    assert all(row["p"]["nik"] is None for row in drawn if row["kelas"] == WITHOUT)
    damaged = [row for row in drawn if row["kelas"] == UNPROVEN]
    assert all(row["p"]["nik"] not in (None, row["own_nik"]) and len(row["p"]["nik"]) == 16 for row in damaged)
    assert all(row["donor"]["nik"] == row["own_nik"] for row in drawn)


def test_no_cell_is_filled_that_the_record_lacks(drawn) -> None:
    for row in drawn:
        for cell in ("no_kk", "nama_ibu", "kode_kabupaten", "jenis_kelamin", "tanggal_lahir", "nama"):
            assert row["p"][cell] is None or row["model"][cell] is not None, cell
        assert row["p"]["tanggal_lahir_precision"] == row["model"]["tanggal_lahir_precision"]
    years = [row for row in drawn if row["model"]["tanggal_lahir_precision"] == "year"]
    assert years
    assert all(row["p"]["tanggal_lahir"] == dt.date(row["donor"]["tanggal_lahir"].year, 7, 1) for row in years)


def by_name(figures):
    return {(f.measure, f.group_kind, f.group_value, f.method): f for f in figures}


def test_what_the_probes_say_and_that_the_night_is_left_alone(night, release) -> None:
    before, tables = decision_digest(night), night.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    figures = by_name(evaluate(night, release, ASKING))
    assert (decision_digest(night), night.execute("SELECT count(*) FROM duckdb_tables()").fetchall()) == (before, tables)
    twins = figures["recall", "semua", "semua", "twin"]
    assert twins.denominator == len([*BARE, *DATELESS, *SLIPPED])
    assert twins.estimate.lower > 0.7
    assert figures["precision", "semua", "semua", "post_stratified"].denominator == len(RECORDS) - unlinked(night)
    assert {kind for _, kind, _, _ in figures} >= {"semua", "nik", "feed", "umur", "kelamin", "provinsi", "kata_nama"}
    assert {value for _, kind, value, _ in figures if kind == "nik"} == {WITHOUT, UNPROVEN}
    for figure in figures.values():
        assert 0 <= figure.estimate.lower <= figure.estimate.value <= figure.estimate.upper <= 1


def unlinked(con) -> int:
    return con.execute("SELECT count(*) FROM link.decision WHERE decision <> 'link'").fetchall()[0][0]


def test_the_same_is_asked_whatever_the_order_of_rows_and_the_secret_ids(home, release, night) -> None:
    shuffled = [{**row, "record_id": f"z{hash(row['record_id']) % 9973}{row['record_id']}"} for row in RECORDS]
    random.Random(3).shuffle(shuffled)
    con = warehouse(shuffled, threads=3)
    linked(con, home, release)
    assert evaluate(con, release, ASKING) == evaluate(night, release, ASKING)


@pytest.mark.long
def test_a_decoy_that_finds_its_brother_is_a_false_link(tmp_path) -> None:
    """Brothers of one name and birthday: whom the register lacks is taken for the other, and the figures say so."""
    home = home_of(tmp_path / "home")
    first = [child(n, f"{p['nama']}", p["tanggal_lahir"]) for n, p in enumerate(PEOPLE[:60], 1)]
    second = [{**p, "nik": p["nik"][:12] + f"{5000 + i}"} for i, p in enumerate(first)]
    release = built(home, [*first, *second, *PEOPLE[100:]])
    rows = [record(i, p["nama"], p["tanggal_lahir"], nik=p["nik"], no_kk=p["no_kk"]) for i, p in enumerate(first)]
    rows += [record(500 + i, p["nama"], p["tanggal_lahir"], kode_kabupaten=p["kode_kecamatan"][:5]) for i, p in enumerate(PEOPLE[100:160])]
    con = warehouse(rows)
    linked(con, home, release)
    figures = by_name(evaluate(con, release, ASKING))
    assert figures["false_link", "semua", "semua", "decoy"].estimate.value > 0.5
    assert figures["recall", "semua", "semua", "twin"].estimate.value < 0.1  # two are equally likely: review


def test_without_a_release_or_proof_or_wish_nothing_is_estimated(night, home, release) -> None:
    assert evaluate(night, None, ASKING) == []
    assert evaluate(night, release, CONFIG.model_copy(update={"evaluation": EvaluationPolicy(probes=0)})) == []
    con = warehouse(BARE)
    linked(con, home, release)
    assert evaluate(con, release, ASKING) == []


def test_classes_are_told_by_what_the_nik_proves(night, release) -> None:
    with workspace(night, release.path) as (work, catalog):
        draw_probes(work, catalog, POLICY)
        classes = dict(work.execute("SELECT record_id, kelas FROM night").fetchall())
    assert {classes[row["record_id"]] for row in PROVED} == {PROVEN}
    assert {classes[row["record_id"]] for row in BARE} == {WITHOUT}
    assert {classes[row["record_id"]] for row in SLIPPED} == {UNPROVEN}
