"""A release's file: what it holds depends on what was delivered, never on the order, and it is whole or absent."""

from __future__ import annotations

import datetime as dt
import stat

import duckdb
import pytest
from linkage_world import VERSION, built, child, crowd, deliver_register, home_of

from padan.config import Machine
from padan.errors import ConfigError, Defect
from padan.register import build_release, current_release, ensure_current, list_releases, retire_release

PEOPLE = [
    child(1, "BUDI SANTOSO", "1985-02-03", hubungan_kepala="1"),
    child(1, "DEWI LESTARI", "1988-05-06", hubungan_kepala="2", jenis_kelamin="2"),
    child(1, "ANDI SANTOSO", "2014-07-08"),
    child(1, "RINI SANTOSO", "2016-09-10", jenis_kelamin="2", nama_ibu="DEWI L."),
    child(2, "SITI AMINAH", "1990-01-01", hubungan_kepala="1", jenis_kelamin="2", nik="0000000000000000"),
    child(2, "SITI AMINAH", "1990-01-01", hubungan_kepala="4", jenis_kelamin="2", nik=None),
    *crowd(40),
]


def rows(path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_the_file_does_not_depend_on_the_order_of_delivery(tmp_path) -> None:
    one = built(home_of(tmp_path / "a"), PEOPLE)
    other = built(home_of(tmp_path / "b"), PEOPLE[::-1])
    for table in ("person", "attribute", "frequency_nama", "posting_kata_tahun", "posting_nik"):
        assert rows(one.path, f"SELECT * FROM {table} ORDER BY ALL") == rows(other.path, f"SELECT * FROM {table} ORDER BY ALL")


def test_a_register_id_depends_on_the_person_and_not_on_the_neighbours(tmp_path) -> None:
    few = built(home_of(tmp_path / "a"), PEOPLE[:4])
    many = built(home_of(tmp_path / "b"), PEOPLE)
    sql = "SELECT nik, register_id FROM person WHERE nik IS NOT NULL"
    assert set(rows(few.path, sql)) <= set(rows(many.path, sql))


def test_two_persons_of_equal_key_get_different_ids(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    ids = [
        r for (r,) in rows(release.path, "SELECT register_id FROM person JOIN attribute USING (person_no) WHERE id_keluarga = 'K-00002'")
    ]
    assert len(set(ids)) == 2
    assert sum(r.endswith("-2") for r in ids) == 1


def test_persons_are_numbered_densely_and_none_is_lost(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    assert release.persons == len(PEOPLE)
    assert rows(release.path, "SELECT min(person_no), max(person_no), count(DISTINCT person_no) FROM person") == [
        (1, len(PEOPLE), len(PEOPLE))
    ]


def test_a_placeholder_is_no_nik(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    assert rows(release.path, "SELECT count(*) FROM person WHERE nik IS NULL") == [(2,)]
    assert rows(release.path, "SELECT count(*) FROM posting_nik") == [(len(PEOPLE) - 2,)]


def test_the_mother_is_as_delivered_else_the_one_wife_or_woman_who_heads_the_family(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    mothers = dict(
        rows(
            release.path,
            "SELECT array_to_string(nama, ' '), array_to_string(ibu, ' ') FROM person WHERE keluarga_no = 1 OR ibu IS NOT NULL",
        )
    )
    assert mothers["ANDI SANTOSO"] == "DEWI LESTARI"
    assert mothers["RINI SANTOSO"] == "DEWI L"
    assert mothers.get("BUDI SANTOSO") is None


def test_a_rare_name_is_expected_less_than_once_and_a_shortened_one_more_often(tmp_path) -> None:
    people = [child(n, f"{chr(65 + n % 26)}{chr(65 + n // 26)}LANA TUNGGAL", "2010-01-02") for n in range(120)]
    people += [child(200, "TUNGGAL", "2011-01-02")]
    release = built(home_of(tmp_path), people)
    expected = dict(rows(release.path, "SELECT value, expected FROM frequency_nama"))
    assert expected["TUNGGAL"] == pytest.approx(1 + 0.06 * 120)  # each of the 120 may leave the other word out


def test_a_built_release_is_immutable_and_not_built_twice(tmp_path) -> None:
    home = home_of(tmp_path)
    release = built(home, PEOPLE)
    before = release.path.stat()
    assert stat.S_IMODE(before.st_mode) == 0o400
    assert build_release(home, Machine(), VERSION) == release
    assert release.path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_broken_build_leaves_no_release(tmp_path) -> None:
    home = home_of(tmp_path)
    deliver_register(home, PEOPLE)
    with duckdb.connect(str(home.register / VERSION.isoformat() / "delivered.duckdb")) as con:
        con.execute("DROP TABLE raw.dtsen__keluarga")
    with pytest.raises(Defect) as error:
        build_release(home, Machine(), VERSION)
    assert "dtsen__keluarga" not in str(error.value)
    assert current_release(home, VERSION) is None


def test_a_release_that_was_never_delivered_is_refused(tmp_path) -> None:
    with pytest.raises(Defect):
        build_release(home_of(tmp_path), Machine(), VERSION)


def test_the_release_in_force_is_the_newest_at_the_as_of_date(tmp_path) -> None:
    home = home_of(tmp_path)
    later = dt.date(2027, 1, 1)
    deliver_register(home, PEOPLE)
    deliver_register(home, PEOPLE, later)
    assert ensure_current(home, Machine(), dt.date(2026, 9, 30)) is None
    assert ensure_current(home, Machine(), dt.date(2026, 12, 31)).version == VERSION
    assert [r.version for r in list_releases(home)] == [VERSION]  # the later one is not built before it is due
    assert ensure_current(home, Machine(), later).version == later


def test_only_a_replaced_release_can_be_retired(tmp_path) -> None:
    home = home_of(tmp_path)
    built(home, PEOPLE)
    with pytest.raises(ConfigError):
        retire_release(home, VERSION)
    built(home, PEOPLE, dt.date(2027, 1, 1))
    retire_release(home, VERSION)
    assert [r.version for r in list_releases(home)] == [dt.date(2027, 1, 1)]
    with pytest.raises(ConfigError):
        retire_release(home, VERSION)
