"""Builds the immutable file of one DTSEN release: persons, name keys, posting lists, frequencies. Out of core, SQL only.

Belongs here: whatever depends on the release alone, so that a night reads it and never the whole register.
Does not belong here: anything about records, models or decisions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

from padan.config import Machine
from padan.errors import Defect
from padan.home import Home
from padan.register.names import create_name_macros, tokenize
from padan.register.postings import create_key_macros, posting_sql
from padan.register.release import DELIVERED, INDEX, Release, current_release, read_release, release_folder
from padan.warehouse import configure, without_values

#: Bumped whenever a built file of the older code would answer differently.
INDEX_VERSION = "1"

Progress = Callable[[str, int], None]

_MACROS = (
    """valid_nik(x) AS CASE WHEN regexp_full_match(x, '[0-9]{16}') AND NOT regexp_full_match(x, '0+|1+|9+|1234567890123456')
        AND CAST(substr(x, 7, 2) AS INTEGER) % 40 BETWEEN 1 AND 31 AND CAST(substr(x, 9, 2) AS INTEGER) BETWEEN 1 AND 12 THEN x END""",
    "valid_kk(x) AS CASE WHEN regexp_full_match(x, '[0-9]{16}') AND NOT regexp_full_match(x, '0+|1+|9+|1234567890123456') THEN x END",
    "day(x) AS coalesce(try_cast(x AS DATE), CAST(try_strptime(x, ['%d-%m-%Y', '%d/%m/%Y']) AS DATE))",
    """dotted(x) AS CASE WHEN length(regexp_replace(x, '[^0-9]', '', 'g')) >= 6 THEN concat_ws('.', substr(regexp_replace(x, '[^0-9]', '',
        'g'), 1, 2), substr(regexp_replace(x, '[^0-9]', '', 'g'), 3, 2), substr(regexp_replace(x, '[^0-9]', '', 'g'), 5, 2)) END""",
)

# Persons of one family follow each other, families of one kecamatan follow each other: a block then lies in few row groups.
_NUMBERED = """
CREATE TABLE numbered AS
SELECT CAST(row_number() OVER (ORDER BY kode_kecamatan, id_keluarga, hubungan_kepala, tanggal_lahir, nik, nama, content) AS INTEGER)
        AS person_no,
    CAST(dense_rank() OVER (ORDER BY kode_kecamatan, id_keluarga) AS INTEGER) AS keluarga_no,
    row_number() OVER (PARTITION BY content ORDER BY whole) AS ordinal, *
FROM (
    SELECT k.kode_kecamatan, a.id_keluarga, a.hubungan_kepala, day(a.tanggal_lahir) AS tanggal_lahir, valid_nik(a.nik) AS nik,
        valid_kk(coalesce(a.no_kk, k.no_kk)) AS no_kk, a.nama, a.nama_ibu, k.desil, a.status_dtsen, a.partisipasi_sekolah, a.penglihatan,
        a.pendengaran, a.berjalan, a.belajar, a.perilaku, a.disabilitas, a.pbi, day(a.dtsen_versi) AS dtsen_versi,
        CASE a.jenis_kelamin WHEN '1' THEN 'L' WHEN '2' THEN 'P' END AS jenis_kelamin,
        sha256(concat_ws('|', CAST(day(a.dtsen_versi) AS VARCHAR), a.id_keluarga, coalesce(valid_nik(a.nik),
            concat_ws('|', coalesce(a.nama, ''), coalesce(a.tanggal_lahir, ''))))) AS content,
        sha256(CAST(a AS VARCHAR)) AS whole
    FROM (SELECT * EXCLUDE (record_id, delivery_id, delivery_date, source_file, source_row, scope, lainnya)
        FROM delivered.raw.dtsen__anggota) a
    LEFT JOIN (SELECT id_keluarga, min(dotted(kode_kecamatan)) AS kode_kecamatan, min(no_kk) AS no_kk, min(desil) AS desil
        FROM delivered.raw.dtsen__keluarga GROUP BY ALL) k USING (id_keluarga))
"""

# The mother as delivered; else the one woman who heads the family or is the head's wife, for the head's children.
_MOTHER = """
SELECT n.person_no AS id, coalesce(n.nama_ibu, m.nama) AS raw FROM numbered n
LEFT JOIN (SELECT keluarga_no, any_value(nama) AS nama FROM numbered WHERE hubungan_kepala IN ('1', '2') AND jenis_kelamin = 'P'
    GROUP BY keluarga_no HAVING count(*) = 1) m ON m.keluarga_no = CASE WHEN n.hubungan_kepala = '3' THEN n.keluarga_no END
"""

_PERSON = """
CREATE TABLE person AS
SELECT n.person_no, 'D' || substr(n.content, 1, 20) || CASE WHEN n.ordinal > 1 THEN '-' || n.ordinal ELSE '' END AS register_id,
    n.keluarga_no, n.nik, n.no_kk, a.strict AS nama, a.loose AS nama_longgar, n.tanggal_lahir, n.jenis_kelamin, n.hubungan_kepala,
    i.strict AS ibu, i.loose AS ibu_longgar, n.kode_kecamatan
FROM numbered n LEFT JOIN name_own a ON a.id = n.person_no LEFT JOIN name_mother i ON i.id = n.person_no ORDER BY n.person_no
"""

_ATTRIBUTE = """
CREATE TABLE attribute AS
SELECT person_no, dtsen_versi, id_keluarga, TRY_CAST(desil AS INTEGER) AS desil, kode_kecamatan,
    substr(kode_kecamatan, 1, 5) AS kode_kabupaten, jenis_kelamin, tanggal_lahir, status_dtsen, hubungan_kepala, partisipasi_sekolah,
    penglihatan, pendengaran, berjalan, belajar, perilaku, disabilitas, pbi
FROM numbered ORDER BY person_no
"""

#: How many persons have each value: what an agreement on it is worth.
_FREQUENCIES = {
    "frequency_nama": "SELECT name_sorted(nama) AS value FROM person",
    "frequency_ibu": "SELECT name_sorted(ibu) AS value FROM person",
    "frequency_token": "SELECT unnest(list_distinct(nama)) AS value FROM person",
    "frequency_token_longgar": "SELECT unnest(list_distinct(nama_longgar)) AS value FROM person",
    "frequency_tanggal_lahir": "SELECT tanggal_lahir AS value FROM person",
    "frequency_kecamatan": "SELECT kode_kecamatan AS value FROM person",
    "frequency_kabupaten": "SELECT substr(kode_kecamatan, 1, 5) AS value FROM person",
}

# `expected` is Good and Turing's estimate: most names seen once are rarer than one in the register, since so many names are.
_FREQUENCY = """
CREATE TABLE {table} AS
WITH counted AS (SELECT value, count(*) AS persons FROM ({sql}) WHERE value IS NOT NULL GROUP BY value),
counts AS (SELECT persons, count(*) AS n FROM counted GROUP BY persons)
SELECT value, c.persons,
    CASE WHEN c.persons <= 3 AND m.n >= 50 THEN least(c.persons, greatest((c.persons + 1) * m.n / k.n, c.persons * 0.05))
    ELSE c.persons END AS expected
FROM counted c JOIN counts k ON k.persons = c.persons LEFT JOIN counts m ON m.persons = c.persons + 1
ORDER BY value
"""


#: Share of records that leave out a word of the name: one- and two-word names are then also written by those who have more.
SHORTENED = 0.06

_CONTAINING = """
CREATE TABLE containing AS
SELECT value, persons FROM frequency_token
UNION ALL
SELECT value, persons FROM (
    SELECT DISTINCT name_sorted(nama) AS value, block_key(list_sort(nama_longgar)[1] || list_sort(nama_longgar)[2]) AS key
    FROM person WHERE len(nama) = 2)
JOIN (SELECT key, count(*) AS persons FROM posting_pasangan_kata GROUP BY key) USING (key)
"""

_SHORTENED = f"""
UPDATE frequency_nama f SET expected = f.expected + {SHORTENED} * greatest(0, c.persons - f.persons)
FROM containing c WHERE c.value = f.value
"""


def _quiet(step: str, rows: int) -> None:
    """No progress wanted."""


def build_release(home: Home, machine: Machine, release: dt.date, progress: Progress = _quiet) -> Release:
    """The built release of `release`: made from its delivered tables if it is not there yet, swapped in atomically.

    Raises:
        Defect: nothing was delivered for the release, or DuckDB failed.
    """
    folder = release_folder(home, release)
    built = folder / INDEX
    if built.exists():
        return read_release(built)
    if not (folder / DELIVERED).exists():
        raise Defect(f"rilis DTSEN {release}: belum ada penyerahan.", todo="Muat dtsen/anggota dan dtsen/keluarga lebih dahulu.")
    work = folder / f"{INDEX}.building"
    work.unlink(missing_ok=True)
    con = duckdb.connect(str(work))
    try:
        configure(con, machine, home.tmp)
        con.execute(f"ATTACH '{str(folder / DELIVERED).replace(chr(39), chr(39) * 2)}' AS delivered (READ_ONLY)")
        _build(con, release, progress)
        con.execute("DETACH delivered")
        con.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise without_values(error) from None
    finally:
        con.close()
    work.chmod(0o400)
    work.rename(built)
    return read_release(built)


def ensure_current(home: Home, machine: Machine, as_of: dt.date, progress: Progress = _quiet) -> Release | None:
    """The newest release delivered by `as_of`, built now if it is not yet; None when none was delivered."""
    delivered = (dt.date.fromisoformat(path.parent.name) for path in home.register.glob(f"????-??-??/{DELIVERED}"))
    due = [date for date in delivered if date <= as_of]
    if due:
        build_release(home, machine, max(due), progress)
    return current_release(home, as_of)


def _build(con: duckdb.DuckDBPyConnection, release: dt.date, progress: Progress) -> None:
    create_name_macros(con)
    create_key_macros(con)
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
    con.execute(_NUMBERED)
    progress("bernomor", _count(con, "numbered"))
    tokenize(con, "SELECT person_no AS id, nama AS raw FROM numbered", "name_own")
    tokenize(con, _MOTHER, "name_mother")
    con.execute(_PERSON)
    con.execute(_ATTRIBUTE)
    for scaffold in ("numbered", "name_own", "name_mother"):
        con.execute(f"DROP TABLE {scaffold}")
    progress("orang", _count(con, "person"))
    for table, sql in _FREQUENCIES.items():
        con.execute(_FREQUENCY.format(table=table, sql=sql))
        progress(table, _count(con, table))
    for name, sql in posting_sql().items():
        con.execute(f"CREATE TABLE posting_{name} AS SELECT key, person_no FROM ({sql}) GROUP BY ALL ORDER BY key, person_no")
        progress(f"posting_{name}", _count(con, f"posting_{name}"))
    for sql in (_CONTAINING, _SHORTENED, "DROP TABLE containing"):
        con.execute(sql)
    con.execute(
        """CREATE TABLE release AS SELECT CAST(? AS DATE) AS dtsen_versi, count(*) AS persons, count(DISTINCT keluarga_no) AS families,
        CAST(? AS VARCHAR) AS index_version FROM person""",
        [release, INDEX_VERSION],
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
