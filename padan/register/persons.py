"""One segment of a release: read, numbered, its names as numbers; appended to the tables of the index.

Tables: `person_row`, one row a person in narrow columns; `family`, one row a family; `sifat`, one row a combination of what
else is known of a person; what they mean as text is in the views `person` and `attribute` (padan.register.views).
"""

from __future__ import annotations

import duckdb

from padan.register.segments import FAMILIES, PERSONS, Segment
from padan.register.words import learn_words, read_names

#: What is known of a person besides what linkage compares; kept as one number a combination.
TRAITS = (
    "dtsen_versi", "status_dtsen", "partisipasi_sekolah", "penglihatan", "pendengaran", "berjalan", "belajar", "perilaku",
    "disabilitas", "pbi",
)  # fmt: skip

#: Between the parts of a combination, and for a part that is missing: neither occurs in text.
_BETWEEN, _MISSING = "chr(31)", "chr(30)"

_PLACEHOLDERS = "(0, 1111111111111111, 9999999999999999, 1234567890123456)"

_MACROS = (
    # n is what x reads as: x is 16 digits if n is printed as x is
    f"kk_number(x, n) AS CASE WHEN lpad(CAST(n AS VARCHAR), 16, '0') = x AND n NOT IN {_PLACEHOLDERS} THEN n END",
    """dated_nik(n) AS CASE WHEN (n // 100000000) % 100 % 40 BETWEEN 1 AND 31 AND (n // 1000000) % 100 BETWEEN 1 AND 12 THEN n END""",
    "day(x) AS coalesce(try_cast(x AS DATE), CAST(try_strptime(x, ['%d-%m-%Y', '%d/%m/%Y']) AS DATE))",
    # the first six digits of a region code, however it is dotted
    """district(x) AS CASE WHEN length(regexp_replace(x, '[^0-9]', '', 'g')) >= 6
        THEN CAST(substr(regexp_replace(x, '[^0-9]', '', 'g'), 1, 6) AS INTEGER) END""",
)

_TABLES = """
CREATE TABLE person_row (person_no INTEGER, keluarga_no INTEGER, nik BIGINT, no_kk_lain BIGINT, tanggal_lahir DATE,
    jenis_kelamin VARCHAR, hubungan_kepala VARCHAR, sifat_no INTEGER, nama INTEGER[], ibu INTEGER[]);
CREATE TABLE family (keluarga_no INTEGER, person_no INTEGER, anggota INTEGER, id_keluarga VARCHAR, no_kk BIGINT,
    kode_kecamatan INTEGER, desil INTEGER);
CREATE TABLE sifat (sifat_no INTEGER, gabungan VARCHAR, {traits});
"""

_FAMILY_PART = """
CREATE OR REPLACE TEMP TABLE family_part AS
SELECT id, CAST(row_number() OVER (ORDER BY id) + {offset} AS INTEGER) AS keluarga_no, kode_kecamatan, no_kk, desil
FROM (SELECT DISTINCT coalesce(id_keluarga, '') AS id FROM {persons} a WHERE {persons_where})
LEFT JOIN (SELECT id_keluarga AS id, min(district(kode_kecamatan)) AS kode_kecamatan, min(no_kk) AS no_kk,
    TRY_CAST(min(desil) AS INTEGER) AS desil FROM {families} a WHERE {families_where} GROUP BY 1) USING (id)
"""

# Whoever is equal in all of this is equal in all that is kept, so the order does not depend on that of the delivery.
_PART = """
CREATE OR REPLACE TEMP TABLE part AS
SELECT keluarga_no, hubungan_kepala, tanggal_lahir, dated_nik(kk_number(nik, nik_n)) AS nik, nama, nama_ibu,
    kk_number(no_kk, no_kk_n) AS no_kk, jenis_kelamin, gabungan
FROM (SELECT f.keluarga_no, a.hubungan_kepala, day(a.tanggal_lahir) AS tanggal_lahir, a.nik, TRY_CAST(a.nik AS BIGINT) AS nik_n, a.nama,
        a.nama_ibu, coalesce(a.no_kk, f.no_kk) AS no_kk, TRY_CAST(coalesce(a.no_kk, f.no_kk) AS BIGINT) AS no_kk_n,
        CASE a.jenis_kelamin WHEN '1' THEN 'L' WHEN '2' THEN 'P' END AS jenis_kelamin, concat_ws({between}, {traits}) AS gabungan
    FROM {persons} a JOIN family_part f ON f.id = coalesce(a.id_keluarga, '') WHERE {persons_where})
ORDER BY ALL
"""

# Persons of the segment with their numbers: the order of `part` is theirs.
_NUMBERED = "SELECT CAST(rowid + 1 + {offset} AS INTEGER) AS person_no, * FROM part"

# The mother as delivered; else the one woman who heads the family or is the head's wife, for the head's children.
_NAMED = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT p.* EXCLUDE (nama, nama_ibu, gabungan), s.sifat_no, a.tokens AS nama, a.same AS nama_same, a.key AS nama_key, a.tanda,
    coalesce(b.tokens, m.tokens) AS ibu, coalesce(b.same, m.same) AS ibu_same, coalesce(b.key, m.key) AS ibu_key
FROM ({numbered}) p JOIN sifat s USING (gabungan) LEFT JOIN own_name a ON a.id = p.person_no LEFT JOIN mother_name b ON b.id = p.person_no
LEFT JOIN (SELECT keluarga_no, any_value(tokens) AS tokens, any_value(same) AS same, any_value(key) AS key
    FROM ({numbered}) LEFT JOIN own_name ON id = person_no WHERE hubungan_kepala IN ('1', '2') AND jenis_kelamin = 'P'
        AND keluarga_no IN (SELECT keluarga_no FROM part WHERE hubungan_kepala = '3' AND nama_ibu IS NULL)
    GROUP BY keluarga_no HAVING count(*) = 1) m
    ON m.keluarga_no = CASE WHEN p.hubungan_kepala = '3' AND p.nama_ibu IS NULL THEN p.keluarga_no END
"""

_FAMILY = """
CREATE OR REPLACE TEMP TABLE family_named AS
SELECT f.keluarga_no, n.person_no, n.anggota, f.id AS id_keluarga, n.no_kk, f.kode_kecamatan, f.desil
FROM family_part f JOIN (SELECT keluarga_no, min(person_no) AS person_no, count(*) AS anggota, min(no_kk) AS no_kk FROM named
    GROUP BY keluarga_no) n USING (keluarga_no) ORDER BY f.keluarga_no
"""

# Most members have the family's own KK number: theirs is left out, and 0 says that they have none.
_PERSON_ROW = """
INSERT INTO person_row SELECT n.person_no, n.keluarga_no, n.nik,
    CASE WHEN n.no_kk IS DISTINCT FROM f.no_kk THEN coalesce(n.no_kk, 0) END AS no_kk_lain, n.tanggal_lahir, n.jenis_kelamin,
    n.hubungan_kepala, n.sifat_no, n.nama, n.ibu
FROM named n JOIN family_named f USING (keluarga_no) ORDER BY n.person_no
"""

_KEYED = """
CREATE OR REPLACE TEMP TABLE keyed AS
SELECT n.person_no, n.keluarga_no, n.nik, n.no_kk, n.nama_key, n.ibu_key, n.tanda, d.key AS tanggal_key, y.key AS tahun_key,
    w.key AS kab_key
FROM named n JOIN family_named f USING (keluarga_no)
LEFT JOIN (SELECT tanggal_lahir, date_key(tanggal_lahir) AS key FROM (SELECT DISTINCT tanggal_lahir FROM named)) d USING (tanggal_lahir)
LEFT JOIN (SELECT tahun, block_key(CAST(tahun AS VARCHAR)) AS key FROM (SELECT DISTINCT year(tanggal_lahir) AS tahun FROM named)) y
    ON y.tahun = year(n.tanggal_lahir)
LEFT JOIN (SELECT kab, block_key({kab}) AS key
    FROM (SELECT DISTINCT kode_kecamatan // 100 AS kab FROM family_part)) w ON w.kab = f.kode_kecamatan // 100
"""


def create_person_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Empty `person_row`, `family` and `sifat`."""
    con.execute(_TABLES.format(traits=", ".join(f"{trait} VARCHAR" for trait in TRAITS)))


def create_reading_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros that read delivered text."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def read_segment(con: duckdb.DuckDBPyConnection, segment: Segment) -> None:
    """Temporary tables `named` (one row a person, numbered), `family_named` and `keyed` of a segment; words and traits are learnt."""
    tables = {"persons": PERSONS, "families": FAMILIES, "persons_where": segment.where(PERSONS), "families_where": segment.where(FAMILIES)}
    con.execute(_FAMILY_PART.format(offset=_last(con, "keluarga_no", "family"), **tables))
    traits = ", ".join(f"coalesce(a.{trait}, {_MISSING})" for trait in TRAITS)
    con.execute(_PART.format(between=_BETWEEN, traits=traits, **tables))
    _learn_traits(con)
    learn_words(con, "SELECT nama AS raw FROM part UNION ALL SELECT nama_ibu FROM part")
    numbered = _NUMBERED.format(offset=_last(con, "person_no", "person_row"))
    for column, target in (("nama", "own_name"), ("nama_ibu", "mother_name")):
        read_names(con, f"SELECT person_no AS id, {column} AS raw FROM ({numbered})", target)
    con.execute(_NAMED.format(numbered=numbered))
    for scaffold in ("part", "own_name", "mother_name"):
        con.execute(f"DROP TABLE {scaffold}")
    con.execute(_FAMILY)
    con.execute(_KEYED.format(kab="format('{:02d}.{:02d}', kab // 100, kab % 100)"))


def append_segment(con: duckdb.DuckDBPyConnection) -> None:
    """Append what `read_segment` made to the tables of the index."""
    con.execute(_PERSON_ROW)
    con.execute("INSERT INTO family SELECT * FROM family_named ORDER BY keluarga_no")


def _learn_traits(con: duckdb.DuckDBPyConnection) -> None:
    parts = ", ".join(f"nullif(p[{i}], {_MISSING})" for i in range(1, len(TRAITS) + 1))
    con.execute(
        f"""INSERT INTO sifat SELECT row_number() OVER (ORDER BY gabungan) + {_last(con, "sifat_no", "sifat")}, gabungan, {parts}
        FROM (SELECT gabungan, string_split(gabungan, {_BETWEEN}) AS p
            FROM (SELECT DISTINCT gabungan FROM part) ANTI JOIN sifat USING (gabungan)) ORDER BY gabungan"""
    )


def _last(con: duckdb.DuckDBPyConnection, column: str, table: str) -> int:
    return int(con.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchall()[0][0])
