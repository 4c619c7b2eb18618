"""The row-level marts: one grain each, no row lost, and nothing in them that names a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marts_disagreements import disagreements
from marts_night import rows_of
from marts_world import AS_OF, is_kept

if TYPE_CHECKING:
    from conftest import Night

GRAIN = {
    "anak": "person_id",
    "kasus": "record_id",
    "layanan": "record_id",
    "bantuan": "record_id",
    "hunian": "record_id",
    "lembaga": "no_td",
    "pekerja_sosial": "person_id, jabatan, kode_kabupaten",
    "rumah_aman": "id_rumah_aman",
    "pengawasan": "no_was",
    "padanan": "agency_kiri, feed_kiri, agency_kanan, feed_kanan, tingkat, kode_kemendagri",
    "selisih": "agency_kiri, feed_kiri, agency_kanan, feed_kanan, kolom, tingkat, kode_kemendagri",
    "indicator_definition": "indicator_code",
    "child_category": "agency, person_id, kategori, aturan, sumber",
    "temuan": "no_was, temuan",
    "perhatian": "aturan, record_id",
    "wilayah": "kode, dari",
    "keluarga": "id_keluarga, dari",
}
#: Parts of a column's name that would name a person; an institution's name and nik-free counts are none.
PERSONAL = ("nik", "no_kk", "nama", "alamat", "lahir", "ibu", "wali", "telepon")
INSTITUTION = {"nama_lks"}


def test_every_mart_holds_one_row_a_grain(night: Night) -> None:
    for mart, key in GRAIN.items():
        twice = rows_of(night.warehouse, f"select count(*) - count(distinct ({key})) from marts.{mart}")
        assert twice == [(0,)], mart


def test_every_row_of_a_feed_is_in_its_mart(night: Night) -> None:
    feeds = {
        "kasus": ("kpai/pengaduan", "ditjenpas/abh"),
        "layanan": ("kemensos/atensi", "kemensos/ppks"),
        "bantuan": ("kemensos/pkh", "kemensos/yapi"),
        "hunian": ("kemensos/lksa_anak",),
    }
    for mart, sources in feeds.items():
        held = {record for (record,) in rows_of(night.warehouse, f"select record_id from marts.{mart}")}
        assert held == {r.record_id for feed in sources for r in night.world.of(feed) if is_kept(r, AS_OF)}, mart


def test_the_children_are_those_of_the_definition(night: Night) -> None:
    held = {person for (person,) in rows_of(night.warehouse, "select person_id from marts.anak")}
    rows = {r.person_id for r in night.world.records if r.feed != "kemensos/peksos"}
    assert held == {pid for pid in rows if night.answers.people[pid].is_child()}


def test_no_mart_has_a_column_that_names_a_person(night: Night) -> None:
    columns = rows_of(
        night.warehouse,
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'marts' and table_name not in ('indicator', 'indicator_definition', 'wilayah')",
    )
    assert len(columns) > 100
    named = [(t, c) for t, c in columns if c not in INSTITUTION and any(c == p or p in c.split("_") for p in PERSONAL)]
    assert named == []


def test_every_mart_and_column_says_in_the_file_what_it_is(night: Night) -> None:
    tables = rows_of(night.warehouse, "select table_name from duckdb_tables() where schema_name = 'marts' and comment is null")
    columns = rows_of(
        night.warehouse, "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
    )
    assert tables == []
    assert columns == []


def test_every_pair_of_feeds_accounts_for_every_child_of_both(night: Night) -> None:
    children = {pid for (pid,) in rows_of(night.warehouse, "select person_id from marts.anak")}
    by_feed: dict[str, set[str]] = {}
    for r in night.world.records:
        if r.person_id in children:
            by_feed.setdefault(r.feed, set()).add(r.person_id)
    got = {
        (left, right): tuple(counts)
        for left, right, *counts in rows_of(
            night.warehouse,
            "select agency_kiri || '/' || feed_kiri, agency_kanan || '/' || feed_kanan, keduanya, hanya_kiri, hanya_kanan "
            "from marts.padanan where tingkat = 'nasional'",
        )
    }
    feeds = sorted(by_feed)
    wanted = {
        (a, b): (len(by_feed[a] & by_feed[b]), len(by_feed[a] - by_feed[b]), len(by_feed[b] - by_feed[a]))
        for i, a in enumerate(feeds)
        for b in feeds[i + 1 :]
    }
    assert got == wanted


def test_what_two_feeds_say_of_a_child_is_compared_where_both_say_something(night: Night) -> None:
    got = {
        (left, right, column, code): (compared, differing)
        for left, right, column, code, compared, differing in rows_of(
            night.warehouse,
            "select agency_kiri || '/' || feed_kiri, agency_kanan || '/' || feed_kanan, kolom, kode_kemendagri, dibandingkan, berbeda "
            "from marts.selisih",
        )
    }
    assert got == disagreements(night.answers)
    assert {column for _, _, column, _ in got} >= {"tanggal_lahir", "jenis_kelamin"}
    assert any(differing for _, differing in got.values())
