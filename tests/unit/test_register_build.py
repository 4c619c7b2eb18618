"""A release's file: what it holds depends on what was delivered, never on the order, and it is whole or absent."""

from __future__ import annotations

import dataclasses
import datetime as dt
import stat

import duckdb
import pytest
from linkage_world import VERSION, built, child, crowd, deliver_register, home_of

from padan.config import Machine
from padan.errors import ConfigError, Defect
from padan.register import (
    build,
    build_release,
    current_release,
    describe_release,
    ensure_current,
    list_releases,
    publish_agregat,
    retire_release,
)
from padan.register.postings import KEY_MASK, POSTINGS, create_key_macros

PEOPLE = [
    child(1, "BUDI SANTOSO", "1985-02-03", hubungan_kepala="1"),
    child(1, "DEWI LESTARI", "1988-05-06", hubungan_kepala="2", jenis_kelamin="2"),
    child(1, "ANDI SANTOSO", "2014-07-08"),
    child(1, "RINI SANTOSO", "2016-09-10", jenis_kelamin="2", nama_ibu="DEWI L."),
    child(2, "SITI AMINAH", "1990-01-01", hubungan_kepala="1", jenis_kelamin="2", nik="0000000000000000"),
    child(2, "SITI AMINAH", "1990-01-01", hubungan_kepala="4", jenis_kelamin="2", nik=None),
    # read the long way: a title, a degree, more words than a passing name has, no name at all
    child(3, "H. M. YUNUS, S.PD", "1970-04-05", hubungan_kepala="1", no_kk="1"),
    child(3, "SITI NUR A B C D E F G", "1972-04-05", hubungan_kepala="2", jenis_kelamin="2"),
    child(3, "ANAK KORBAN", "2012-04-05", disabilitas="1", pbi="1"),
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


def test_a_register_id_names_the_release_and_the_number(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    assert rows(release.path, "SELECT count(*) FROM person WHERE register_id <> 'D20261001-' || person_no") == [(0,)]


def test_persons_that_are_equal_in_all_but_the_nik_get_different_ids(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    ids = rows(release.path, "SELECT register_id FROM person JOIN attribute USING (person_no) WHERE id_keluarga = 'K-00002'")
    assert len(set(ids)) == 2


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
    key = rows(release.path, f"SELECT CAST(md5_number_lower('TUNGGAL') & {KEY_MASK} AS BIGINT)")[0][0]
    expected = dict(rows(release.path, "SELECT value, expected FROM frequency_nama"))
    assert expected[key] == pytest.approx(1 + 0.06 * 120)  # each of the 120 may leave the other word out


def test_names_of_one_person_are_only_counted_and_nobody_is_lost(tmp_path) -> None:
    def name(n: int) -> str:  # spelled so that no rule of spelling makes two of them one
        return f"ABU {'BDGKLMNPRST'[n % 11]}A{'BDGKLMNPRST'[n // 11 % 11]}I{'BDGKLMNPRST'[n // 121]}U SATU"

    people = [child(n, name(n), "2010-01-02") for n in range(200)]
    people += [child(300 + n, name(n), "2012-01-02") for n in range(60)]
    people += [child(400, "LURING", "2013-01-02")]
    release = built(home_of(tmp_path), people)
    assert rows(release.path, "SELECT count(*), min(persons), max(persons) FROM frequency_nama") == [(60, 2, 2)]
    names, expected = rows(release.path, "SELECT names, expected FROM frequency_unlisted WHERE frequency = 'frequency_nama'")[0]
    assert names == 141
    assert expected == pytest.approx(2 * 60 / 141)  # 60 names twice, 141 once: Good and Turing
    u = rows(release.path, "SELECT u FROM u_probability WHERE comparison = 'nama'")[0][0]
    assert u == pytest.approx((60 * 4 + 141) / 261**2)


@pytest.mark.parametrize("name", ["TUNGGAL TUNGGAL", "TUNGGAL SARI TUNGGAL", "SARI TUNGGAL TUNGGAL", "SARI DEWI ANI TUNGGAL RIA TUNGGAL"])
def test_a_word_said_twice_in_a_name_counts_its_bearer_once(tmp_path, name: str) -> None:
    release = built(home_of(tmp_path), [child(1, name, "2011-01-02"), child(2, "TUNGGAL", "2011-01-03"), *crowd(5)])
    assert rows(release.path, "SELECT persons FROM frequency_token WHERE value = 'TUNGGAL'") == [(2,)]


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


def test_many_segments_make_the_release_that_one_makes(tmp_path, monkeypatch) -> None:
    one = built(home_of(tmp_path / "a"), PEOPLE)
    monkeypatch.setattr("padan.register.segments.SEGMENT_PERSONS", 10)
    many = built(home_of(tmp_path / "b"), PEOPLE[::-1])
    assert rows(many.path, "SELECT count(*) FROM built WHERE step LIKE 'orang %'")[0][0] >= 4
    for table in ("person", "attribute", "family", "agregat", "u_probability", "block_size", "frequency_nama", "posting_ibu_tempat"):
        assert rows(one.path, f"SELECT * FROM {table} ORDER BY ALL") == rows(many.path, f"SELECT * FROM {table} ORDER BY ALL"), table


def test_a_build_that_was_stopped_goes_on_after_its_last_whole_step(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("padan.register.segments.SEGMENT_PERSONS", 10)
    whole = built(home_of(tmp_path / "a"), PEOPLE)
    home = home_of(tmp_path / "b")
    deliver_register(home, PEOPLE)
    steps: list[str] = []

    def stop_at(limit: int):
        def progress(step: str, _: int) -> None:
            steps.append(step)
            if len(steps) == limit:
                raise KeyboardInterrupt

        return progress

    for limit in (3, 6, 12):
        with pytest.raises(KeyboardInterrupt):
            build_release(home, Machine(), VERSION, stop_at(limit))
        assert current_release(home, VERSION) is None
    stopped = build_release(home, Machine(), VERSION, stop_at(0))
    assert len(steps) == len(set(steps)) == rows(whole.path, "SELECT count(*) FROM built")[0][0]
    for table in ("person", "attribute", "agregat", "frequency_ibu", "posting_nik", "posting_kk", "token"):
        assert rows(whole.path, f"SELECT * FROM {table} ORDER BY ALL") == rows(stopped.path, f"SELECT * FROM {table} ORDER BY ALL"), table
    assert [path.name for path in stopped.path.parent.iterdir() if "register" in path.name] == ["register.duckdb"]


def test_a_delivery_that_was_replaced_is_built_from_the_beginning(tmp_path) -> None:
    home = home_of(tmp_path)
    deliver_register(home, PEOPLE)

    def stop(step: str, _: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_release(home, Machine(), VERSION, stop)
    with duckdb.connect(str(home.register / VERSION.isoformat() / "delivered.duckdb")) as con:
        con.execute("DELETE FROM raw.dtsen__anggota WHERE id_keluarga = 'K-00001'")
    assert build_release(home, Machine(), VERSION).persons == len(PEOPLE) - 4


def crowded(monkeypatch) -> None:
    """Build as a release of many millions is built."""
    monkeypatch.setattr(build, "CROWDED", 0)
    monkeypatch.setattr(build, "POSTINGS", tuple(dataclasses.replace(p, least=0) for p in POSTINGS if p.most is None))


@pytest.mark.parametrize("large", [False, True])
def test_posting_lists_are_what_their_definition_over_the_persons_says(tmp_path, monkeypatch, large) -> None:
    if large:
        crowded(monkeypatch)
    release = built(home_of(tmp_path), PEOPLE)
    with duckdb.connect(str(release.path), read_only=True) as con:
        create_key_macros(con)
        held = {row[0] for row in con.execute("SELECT table_name FROM duckdb_columns() WHERE table_name LIKE 'posting_%'").fetchall()}
        kept = [p for p in POSTINGS if f"posting_{p.name}" in held]
        assert {"nama_tanggal", "nama_tempat_tahun"} <= {p.name for p in kept} if large else "pasangan_kata" in {p.name for p in kept}
        for posting in kept:
            # a list by family has its first person
            first, join = "person_no", ""
            if posting.whole_family:
                first = "f.person_no"
                join = "d JOIN (SELECT person_no AS p, keluarga_no FROM person) ON p = d.person_no JOIN family f USING (keluarga_no)"
            defined = f"SELECT DISTINCT key, {first} FROM ({posting.sql}) {join} WHERE key IS NOT NULL ORDER BY ALL"
            found = con.execute(f"SELECT key, person_no FROM posting_{posting.name} ORDER BY ALL").fetchall()
            assert found == con.execute(defined).fetchall(), posting.name
        if large:
            marks = con.execute(
                "SELECT count(*) FROM posting_tanggal_tempat JOIN person USING (person_no) WHERE tanda <> name_signature(nama_longgar)"
            )
            assert marks.fetchall() == [(0,)]


def test_children_are_counted_by_place_desil_rule_and_programme(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE[:9])
    counts = dict(
        rows(release.path, "SELECT (aturan, program), (anak, keluarga) FROM agregat WHERE kode_kabupaten = '32.73' AND desil = 2")
    )
    assert counts[("semua", "semua")] == (3, 2)
    assert counts[("desil_1_4", "semua")] == (3, 2)
    assert counts[("disabilitas", "semua")] == counts[("disabilitas", "PBI")] == (1, 1)
    assert ("tidak_sekolah", "semua") not in counts


def test_the_counts_reach_the_warehouse_with_the_release_they_are_of(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    with duckdb.connect() as con:
        assert publish_agregat(con, release) == rows(release.path, "SELECT count(*) FROM agregat")[0][0]
        assert con.execute("SELECT DISTINCT dtsen_versi FROM register.agregat").fetchall() == [(VERSION,)]


def test_a_release_tells_its_size_its_time_and_its_largest_blocks(tmp_path) -> None:
    release = built(home_of(tmp_path), PEOPLE)
    said = describe_release(release)
    assert said["ukuran_byte"] == release.path.stat().st_size
    assert said["blok kk"] == 4  # the family of the four


def test_chances_of_agreement_follow_from_the_counts(tmp_path) -> None:
    people = [child(n, "BUDI" if n < 3 else f"ORANG{chr(65 + n)}", "2010-01-02") for n in range(10)]
    chances = dict(rows(built(home_of(tmp_path), people).path, "SELECT comparison, u FROM u_probability"))
    assert chances["lahir"] == pytest.approx(1)
    assert chances["nama"] == pytest.approx((3 * 3 + 7) / 100)
