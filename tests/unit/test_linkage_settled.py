"""A record whose family holds just one member of that very name and day looks no further, and no decision differs for it."""

from __future__ import annotations

import math

import pytest
from linkage_world import built, child, crowd, families, home_of, linked, record, records_of, warehouse

from padan.linkage import answering
from padan.linkage.candidates import find_candidates
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records
from padan.linkage.rules import RULES
from padan.linkage.screen import NEGLIGIBLE
from padan.linkage.workspace import workspace

MOTHER = child(1, "RAHAYU NINGSIH", "1985-06-06", jenis_kelamin="2", hubungan_kepala="1")
TARGET = child(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
SISTER = child(1, "YUSRINA HABIBIE", "2015-01-30", nik="3273017001150002", jenis_kelamin="2", nama_ibu="RAHAYU NINGSIH")
NAMESAKE = child(2, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
KK, NIK = TARGET["no_kk"], TARGET["nik"]
#: Places of the nation, of like size: a rarity is worth no more by much.
KECAMATAN, REGENCIES = 7_300, 514
#: Nobody's number, and no digit's error of TARGET's.
NOBODYS = "9999990101990001"

NEAR = {"nik", "kk", "keluarga"}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(home_of(tmp_path_factory.mktemp("register") / "home"), [MOTHER, TARGET, SISTER, NAMESAKE, *crowd(200)])


def asked(release, row: dict, *, near: bool = False) -> tuple[str | None, set[str], int]:
    """By what the record is settled, the rules of its pairs, and how many persons these are."""
    with workspace(warehouse([row]), release.path) as (work, catalog):
        prepare_records(work, catalog)
        find_candidates(work, 2000, near=near)
        known_by = work.execute("SELECT known_by FROM settled").fetchall()
        masks = [mask for (mask,) in work.execute("SELECT rules FROM pair").fetchall()]
    rules = {rule.name for bit, rule in enumerate(RULES) if any(mask & 1 << bit for mask in masks)}
    return known_by[0][0] if known_by else None, rules, len(masks)


@pytest.mark.parametrize(
    "row",
    [
        record(1, "YUSUF HABIBIE", "2013-04-19", no_kk=KK),
        record(1, "HABIBIE YUSUF", "2013-04-19", no_kk=KK, nik=NIK[:15] + "9"),
        record(1, "YUSUF HABIBIE", "2013-04-19", no_kk=KK, nama_ibu="RAHAYU NINGSIH", kode_kabupaten=None),
        record(1, "YUSUF HABIBIE", "2013-04-19", nik_wali=MOTHER["nik"], nama_wali="RAHAYU NINGSIH", kode_kecamatan="32.73.09"),
    ],
    ids=["kartu", "NIK rusak", "ibu", "wali"],
)
def test_one_member_of_that_name_and_day_settles_a_record(release, row) -> None:
    for near in (False, True):
        known_by, rules, members = asked(release, row, near=near)
        assert (known_by, members) == ("keluarga", 3)
        assert rules <= NEAR


@pytest.mark.parametrize(
    "other",
    [
        {"nama": "YUSUP HABIBIE"},
        {"tanggal_lahir": None, "tanggal_lahir_precision": "none"},
        {"tanggal_lahir_precision": "year"},
        {"jenis_kelamin": "P"},
        {"nama_ibu": "SITI AMINAH"},
        {"kode_kabupaten": "31.71"},
        {"kode_kecamatan": "31.71.01", "kode_kabupaten": None},
        {"nik": NOBODYS},
        {"nik": SISTER["nik"]},
        {"nama_wali": "RAHAYU NINGSIH"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whoever_differs_in_anything_looks_on(release, other) -> None:
    row = record(1, "YUSUF HABIBIE", "2013-04-19", no_kk=KK) | other
    known_by, rules, _ = asked(release, row)
    assert known_by is None
    assert rules - NEAR
    assert asked(release, row, near=True)[::2] == (None, 0)


def test_a_twin_or_a_ruling_unsettles(tmp_path, release) -> None:
    row = record(1, "YUSUF HABIBIE", "2013-04-19", no_kk=KK)
    twin = child(1, "YUNUS HABIBIE", "2013-04-19", nik="3273011904130099")
    with_twin = built(home_of(tmp_path), [MOTHER, TARGET, twin, *crowd(40)])
    assert asked(with_twin, row)[0] is None
    with workspace(warehouse([row]), release.path) as (work, catalog):
        prepare_records(work, catalog)
        ruled = "SELECT 1 AS rec_no, person_no FROM linkage_register.person_row WHERE nik = " + NIK
        find_candidates(work, 2000, apart=ruled)
        assert work.execute("SELECT count(*) FROM settled").fetchall() == [(0,)]


def test_nobody_outside_the_family_could_count() -> None:
    """Such a person could have no more than the member but a kecamatan for a regency, and lacks the family.

    With a card one digit off, of which a name and a day are rarely those of another, it would be a hundredth of the member at most.
    """
    trained = PERSON_V1.load()
    for size, share in ((30_000, 1 / 2_000), (1_000_000, NEGLIGIBLE), (289_000_000, NEGLIGIBLE)):
        bits = PERSON_V1.weights(trained, size)["keluarga"]
        place = math.log2(trained["kecamatan"][4][0] * KECAMATAN) - math.log2(trained["kecamatan"][3][0] * REGENCIES)
        assert 2.0 ** -(bits[3] - bits[1] - place) < share
        assert 2.0 ** -(bits[3] - bits[2]) < 0.01


def _linked(tmp_path, rows: list[dict]) -> dict[str, list[tuple]]:
    home = home_of(tmp_path)
    release = built(home, [*families(), *crowd(300)])
    con = warehouse(rows)
    linked(con, home, release)
    tables = ("decision", "candidate", "block_loss", "memory", "entity")
    return {t: sorted(map(str, con.execute(f"SELECT * FROM link.{t}").fetchall())) for t in tables} | {
        "decided": con.execute("SELECT record_id, decision, reason, register_id, person_id FROM link.decision ORDER BY 1").fetchall()
    }


def test_a_night_that_looks_on_for_all_decides_the_same(tmp_path, monkeypatch) -> None:
    rows = records_of(families())
    settled = _linked(tmp_path / "one", rows)
    monkeypatch.setattr("padan.linkage.candidates.settle_by_family", lambda con: None)
    whole = _linked(tmp_path / "two", rows)
    assert settled["decided"] == whole["decided"]
    assert len(whole["candidate"]) - len(settled["candidate"]) > 20
    assert sum("link" in row[1] for row in settled["decided"]) > 100


def test_many_records_in_lots_of_two_kinds_are_answered_like_few(tmp_path, monkeypatch) -> None:
    rows = records_of(families())
    once = _linked(tmp_path / "one", rows)
    monkeypatch.setattr(answering, "LOT", 50)
    monkeypatch.setattr(answering, "SEEKING_LOT", 30)
    assert _linked(tmp_path / "two", rows) == once
