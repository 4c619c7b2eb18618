"""Each blocking rule finds the pair that only it can find, and a block above the cap is logged, not lost in silence."""

from __future__ import annotations

import dataclasses

import pytest
from linkage_world import built, child, crowd, home_of, record, warehouse

from padan.linkage.candidates import find_candidates
from padan.linkage.records import prepare_records
from padan.linkage.rules import RULES
from padan.linkage.workspace import REGISTER, workspace
from padan.register import build
from padan.register.postings import POSTINGS

TARGET = child(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
FATHER = child(1, "WIDODO", "1980-02-02", hubungan_kepala="1", nik="3273010202800001")
NIK = TARGET["nik"]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(home_of(tmp_path_factory.mktemp("register") / "home"), [TARGET, FATHER, *crowd(200)])


def found_by(release, row: dict, block_cap: int = 2000) -> tuple[set[str], list[tuple]]:
    """Rules that bring the record to TARGET, and the blocks that were dropped."""
    with workspace(warehouse([row]), release.path) as (work, catalog):
        prepare_records(work, catalog)
        find_candidates(work, block_cap)
        pairs = work.execute(f"SELECT p.rules FROM pair p JOIN {REGISTER}.person r USING (person_no) WHERE r.nik = ?", [NIK]).fetchall()
        lost = work.execute("SELECT rule, block_size, lost FROM block_loss ORDER BY rule").fetchall()
    mask = pairs[0][0] if pairs else 0
    return {rule.name for bit, rule in enumerate(RULES) if mask & (1 << bit)}, lost


ONLY = [
    ("nik", record(1, None, None, nik=NIK, kode_kabupaten=None)),
    ("nik_rusak", record(1, None, None, nik=NIK[:15] + "9", kode_kabupaten=None)),
    ("nik_rusak", record(1, None, None, nik=NIK[:3] + NIK[4] + NIK[3] + NIK[5:], kode_kabupaten=None)),
    ("kk", record(1, None, None, no_kk=TARGET["no_kk"], kode_kabupaten=None)),
    ("keluarga", record(1, None, None, nik_wali=FATHER["nik"], kode_kabupaten=None)),
    ("keluarga", record(1, None, None, nik=FATHER["nik"], kode_kabupaten=None)),  # a parent's NIK on the child
    ("nama", record(1, "HABIBIE YUSUF", None, kode_kabupaten=None)),
    ("nama", record(1, "YUSUFHABIBIE", None, kode_kabupaten=None)),
    ("pasangan_kata", record(1, "YUSUF AMIN HABIBI", None, kode_kabupaten=None)),
    ("awalan_tanggal", record(1, "YUSXX Q", "2013-04-19", kode_kabupaten=None)),
    ("awalan_tanggal", record(1, "YUSXX Q", "2014-04-19", kode_kabupaten=None)),  # a year off
    ("inisial_tanggal", record(1, "Y.H.", "2013-04-19", kode_kabupaten=None)),
    ("kata_tahun", record(1, "YUSUF QQ", "2013-01-01", kode_kabupaten=None)),  # only the year is known
    ("kata_tempat_tahun", record(1, "YUSUF QQ", None)),  # no date: every year
    ("kata_tempat_tahun", record(1, "YUSUF QQ", "2014-08-30")),
    ("tanggal_tempat", record(1, "QQ", "2013-04-19")),
    ("ibu_tempat", record(1, "QQ", None, nama_ibu="RAHAYU NINGSIH")),
    ("ibu_tahun", record(1, "QQ", "2013-09-30", nama_ibu="RAHAYU NINGSIH", kode_kabupaten=None)),
    ("ibu_inisial", record(1, "YQ", None, nama_wali="RAHAYU NINGSIH", kode_kabupaten=None)),
]


@pytest.mark.long
@pytest.mark.parametrize(("rule", "row"), ONLY)
def test_each_rule_finds_what_no_other_finds(release, rule, row) -> None:
    found, _ = found_by(release, row)
    implied = {"nik": {"keluarga"}, "nama": {"pasangan_kata"}}.get(rule, set())  # whose NIK it is, is of the family too
    assert {rule} <= found <= {rule} | implied


#: What a release of many millions is searched by.
CROWDED = [
    ("nama_tanggal", record(1, "HABIBI YUSUP", "2013-04-19", kode_kabupaten=None)),
    ("nama_tanggal", record(1, "YUSUF HABIBIE AMIN", "2014-04-19", kode_kabupaten=None)),  # a word and a year more than the register has
    ("nama_tempat_tahun", record(1, "YUSUF HABIBIE", "2013-08-30")),
    ("nama_tempat_tahun", record(1, "YUSUF HABIBIE", None)),
    ("tanggal_tempat", record(1, "YUSX QQ", "2013-04-19")),
    ("ibu_tempat", record(1, "QQ", None, nama_ibu="RAHAYU NINGSIH")),
]


@pytest.fixture(scope="module")
def crowded_release(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "CROWDED", 0)
        patch.setattr(build, "POSTINGS", tuple(dataclasses.replace(p, least=0) for p in POSTINGS if p.most is None))
        return built(home_of(tmp_path_factory.mktemp("crowded") / "home"), [TARGET, FATHER, *crowd(200)])


@pytest.mark.long
@pytest.mark.parametrize(("rule", "row"), CROWDED)
def test_a_crowded_release_is_searched_by_fewer_rules(crowded_release, rule, row) -> None:
    found, _ = found_by(crowded_release, row)
    assert found == {rule}


def test_in_a_crowded_release_one_day_and_place_need_a_like_name(crowded_release) -> None:
    found, _ = found_by(crowded_release, record(1, "QQ", "2013-04-19"))
    assert found == set()


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _ in ONLY + CROWDED} == {rule.name for rule in RULES}


def test_day_and_month_swapped_are_still_a_key(tmp_path) -> None:
    twin = child(1, "YUSUF HABIBIE", "2013-04-09")
    release = built(home_of(tmp_path), [twin, *crowd(20)])
    with workspace(warehouse([record(1, "QQ", "2013-09-04")]), release.path) as (work, catalog):
        prepare_records(work, catalog)
        find_candidates(work, 2000)
        assert work.execute("SELECT count(*) FROM pair").fetchall() == [(1,)]


def test_a_block_above_the_cap_is_dropped_and_the_record_that_lost_every_route_is_named(tmp_path) -> None:
    many = [child(n, "SITI", f"2013-01-{1 + n % 28:02d}", kode_kecamatan=f"11.01.{1 + n % 20:02d}") for n in range(1, 40)]
    release = built(home_of(tmp_path), many)
    found, lost = found_by(release, record(1, "SITI", None, kode_kabupaten=None), block_cap=10)
    assert found == set()
    assert lost == [("nama", 39, True)]


def test_a_record_whose_nik_name_and_date_agree_looks_no_further(release) -> None:
    found, _ = found_by(release, record(1, "YUSUF HABIBIE", "2013-04-19", nik=NIK, no_kk=TARGET["no_kk"]))
    assert found == {"nik"}
    found, _ = found_by(release, record(1, "SRI WAHYUNI", "2013-04-19", nik=NIK, no_kk=TARGET["no_kk"]))
    assert found >= {"nik", "kk", "tanggal_tempat"}
