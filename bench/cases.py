"""Records of an agency about an invented population, with their truth: `write_cases(con, persons, n)`.

Persons are drawn uniformly without reading the register; some are not in it: strangers, and children of listed families.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from bench.errors import MIXED, Damage, ErrorModel, Fields
from bench.population import VERSION, address_sql, load_lists, persons_sql

DELIVERED = dt.date(2026, 11, 23)

#: Columns of intermediate.int_person__standardized, as the dbt model makes them.
_TABLE = """CREATE OR REPLACE TABLE intermediate.int_person__standardized (record_id VARCHAR, agency VARCHAR, feed VARCHAR,
    delivery_date DATE, source_file VARCHAR, source_row BIGINT, nik VARCHAR, nik_status VARCHAR, no_kk VARCHAR, nama VARCHAR,
    tanggal_lahir DATE, tanggal_lahir_precision VARCHAR, jenis_kelamin VARCHAR, nama_ibu VARCHAR, kode_kecamatan VARCHAR,
    kode_kabupaten VARCHAR, kode_kecamatan_lama VARCHAR, kode_kabupaten_lama VARCHAR, nik_wali VARCHAR, nama_wali VARCHAR,
    kelompok VARCHAR, tanggal_acuan DATE, anak BOOLEAN)"""


def write_cases(
    con: duckdb.DuckDBPyConnection,
    persons: int,
    n: int,
    *,
    seed: int = 1,
    case_seed: int = 1,
    errors: ErrorModel = MIXED,
    fields: Fields | None = None,
    absent: float = 0.10,
    absent_in_listed_family: float = 0.5,
    version: dt.date = VERSION,
) -> None:
    """Make `intermediate.int_person__standardized` (n rows) and `truth(record_id, nik_register, id_keluarga)` in `con`.

    Args:
        con: database that takes the two tables.
        persons: size of the register that `population` wrote with `seed`.
        n: records.
        seed: of the population.
        case_seed: of the records and their errors.
        errors: what goes wrong with them.
        fields: which fields they hold.
        absent: share of records whose person the register lacks (`nik_register` NULL).
        absent_in_listed_family: share of those whose family it holds (`id_keluarga` filled).
        version: of the register.
    """
    load_lists(con)
    con.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
    con.execute("CREATE OR REPLACE TEMP TABLE ditarik AS " + _drawn(persons, n, case_seed, absent, absent_in_listed_family))
    own = "SELECT i AS n, f, CASE WHEN keadaan = 'saudara' THEN size ELSE pos END AS pos, size FROM ditarik"
    # the head of the family; for the head, the next member (nobody of the register where there is none)
    other = "SELECT i AS n, f, CASE WHEN pos = 0 AND keadaan <> 'saudara' THEN 1 ELSE 0 END AS pos, size FROM ditarik"
    con.execute(f"CREATE OR REPLACE TEMP TABLE sendiri AS {persons_sql(own, seed, version)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE kerabat AS {persons_sql(other, seed, version)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE tertulis AS {_written(case_seed, Damage(errors), fields or Fields())}")
    con.execute(_TABLE)
    con.execute(f"INSERT INTO intermediate.int_person__standardized {_standardized()}")
    con.execute(
        """CREATE OR REPLACE TABLE truth AS SELECT t.record_id, CASE WHEN d.keadaan = 'ada' THEN s.nik END AS nik_register,
        CASE WHEN d.keadaan <> 'asing' THEN 'K-' || (100000000 + d.f) END AS id_keluarga
        FROM tertulis t JOIN ditarik d USING (i) JOIN sendiri s ON s.n = t.i ORDER BY t.i"""
    )
    for scaffold in ("ditarik", "sendiri", "kerabat", "tertulis"):
        con.execute(f"DROP TABLE {scaffold}")


def _drawn(persons: int, n: int, seed: int, absent: float, listed: float) -> str:
    """(i, f, pos, size, keadaan): 'ada', a 'saudara' whom the register lacks, or an 'asing' of a family beyond its last."""
    draws = f"""SELECT i, CASE WHEN nasib >= {round(absent * 100_000)} THEN 'ada'
            WHEN nasib < {round(absent * listed * 100_000)} THEN 'saudara' ELSE 'asing' END AS keadaan,
            CAST(siapa % {persons} AS BIGINT) AS n
        FROM (SELECT i, acak({seed}, i, 'nasib') % 100000 AS nasib, acak({seed}, i, 'siapa') AS siapa FROM range({n}) t(i))"""
    # beyond the register's last family, in whole rounds of families
    beyond = f"SELECT CASE keadaan WHEN 'asing' THEN n + ({persons} // 76 + 2) * 76 ELSE n END AS n, i, keadaan FROM ({draws})"
    address = address_sql(beyond)
    return address.replace("SELECT n, n //", "SELECT i, keadaan, n //", 1)


def _written(seed: int, damage: Damage, fields: Fields) -> str:
    """One row a record as its agency wrote it, NULL where it holds nothing."""

    def given(field: str, sql: str) -> str:
        return f"CASE WHEN {damage.hit('ada ' + field, getattr(fields, field))} THEN {sql} END AS {field}"

    moved = f"CASE WHEN {damage.hit('pindah', damage.model.moved)} THEN p.kode_kecamatan ELSE s.kode_kecamatan END"
    other_sex = f"CASE WHEN {damage.hit('kelamin', damage.model.sex_wrong)} THEN 'P' ELSE 'L' END"
    same_sex = f"CASE WHEN {damage.hit('kelamin', damage.model.sex_wrong)} THEN 'L' ELSE 'P' END"
    other_card = "left(s.no_kk, 12) || lpad(CAST(acak(kunci, 'kartu') % 9998 + 1 AS VARCHAR), 4, '0')"
    return f"""
    SELECT i, md5(kunci || '') AS record_id, {damage.name("nama")} AS nama,
        {given("nama_ibu", damage.name("ibu"))}, {given("tanggal_lahir", damage.day("lahir"))},
        {given("nik", damage.nik("nik_asli", "nik_kerabat"))},
        {given("no_kk", f"CASE WHEN {damage.hit('kk', damage.model.kk_wrong)} THEN {other_card} ELSE s.no_kk END")},
        {given("jenis_kelamin", f"CASE jk WHEN 'L' THEN {other_sex} ELSE {same_sex} END")},
        {given("kode_kabupaten", f"left({moved}, 5)")}, {given("kode_kecamatan", moved)}, {given("wali", "nik_kerabat")}, nama_kerabat
    FROM (SELECT s.*, s.n AS i, acak({seed}, s.n, 'catatan') AS kunci, s.nik AS nik_asli, k.nik AS nik_kerabat, k.nama AS nama_kerabat
        FROM sendiri s JOIN kerabat k USING (n)) s
    JOIN tempat p ON p.slot = CAST(acak(kunci, 'ke mana') % 65536 AS INTEGER)"""


def _standardized() -> str:
    """The written rows as the dbt model leaves them: a NIK whose place or date no NIK has is malformed, and empty."""
    day = "CAST(substr(nik, 7, 2) AS INTEGER) % 40"
    month = "CAST(substr(nik, 9, 2) AS INTEGER)"
    fits = f"""EXISTS (SELECT 1 FROM tempat t WHERE t.angka = CAST(left(w.nik, 6) AS BIGINT)) AND {day} BETWEEN 1 AND 31
        AND {month} BETWEEN 1 AND 12 AND NOT ends_with(nik, '0000')"""
    conflict = """(jenis_kelamin = 'P') <> (substr(nik, 7, 2) > '40') OR strftime(tanggal_lahir, '%d%m%y') <>
        lpad(CAST(CAST(substr(nik, 7, 2) AS INTEGER) % 40 AS VARCHAR), 2, '0') || substr(nik, 9, 4)"""
    return f"""
    SELECT record_id, 'bench', 'kasus', DATE '{DELIVERED}', 'kasus.csv', i + 1, CASE WHEN status <> 'malformed' THEN nik END, status,
        no_kk, nama, tanggal_lahir, CASE WHEN tanggal_lahir IS NULL THEN 'none' ELSE 'day' END, jenis_kelamin, nama_ibu, kode_kecamatan,
        kode_kabupaten, NULL, NULL, wali, CASE WHEN wali IS NOT NULL THEN nama_kerabat END, NULL, DATE '{DELIVERED}',
        coalesce(tanggal_lahir > DATE '{DELIVERED}' - INTERVAL 18 YEAR, false)
    FROM (SELECT *, CASE WHEN nik IS NULL THEN 'missing' WHEN NOT ({fits}) THEN 'malformed' WHEN {conflict} THEN 'sex_or_date_conflict'
        ELSE 'valid' END AS status FROM tertulis w) ORDER BY i"""
