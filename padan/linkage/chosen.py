"""The register persons that appear in a pair, in the columns that records are compared in: their words, their families' words.

What a night fetches of the register is narrow and may be much; lists of words are put together in memory, so that they are made
part by part of the families. Does not belong here: which pairs there are (candidates), the record's side (records).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from padan.linkage.records import register_size
from padan.linkage.workspace import REGISTER
from padan.register.views import person_sql, words_sql
from padan.warehouse import count_rows

#: Persons whose lists are put together at a time.
PART = 200_000

#: The words of the register, with the bits that agreement on each is worth (as record words have them): the same for every lot of a night.
_WORD_BITS = """
CREATE TABLE IF NOT EXISTS word_bits_of AS
SELECT t.token_no, {{'k': t.strict, 'l': t.loose, 'b': log2({size} / coalesce(s.persons, 1)), 'c': log2({size} / coalesce(o.persons, 1))}}
    AS kata
FROM {register}.token t LEFT JOIN {register}.frequency_token s ON s.value = t.strict
LEFT JOIN {register}.frequency_token_longgar o ON o.value = t.loose
"""

_REGISTER_MODEL = """
SELECT p.person_no AS unique_id, p.nik, p.keluarga_no AS nik_keluarga, p.no_kk, p.keluarga_no AS keluarga,
    CAST(NULL AS VARCHAR) AS nik_wali,
    name_sorted(p.nama) AS nama, name_sorted(p.nama_longgar) AS nama_longgar, array_to_string(p.nama, '') AS nama_rapat, p.nama_kata,
    name_sorted(p.ibu) AS ibu, name_sorted(p.ibu_longgar) AS ibu_longgar, array_to_string(p.ibu, '') AS ibu_rapat, p.ibu_kata,
    p.tanggal_lahir, CASE WHEN p.tanggal_lahir IS NULL THEN 'none' ELSE 'day' END AS presisi, CAST(NULL AS VARCHAR) AS kelompok_umur,
    CAST(NULL AS DATE) AS tanggal_acuan, p.jenis_kelamin, {wali} AS wali, p.kode_kecamatan,
    substr(p.kode_kecamatan, 1, 5) AS kode_kabupaten, CAST(NULL AS VARCHAR) AS kode_kabupaten_lama
FROM part_chosen p {adults}
"""

# What a NIK is tested by: of most records of a night there is no more to ask, so that no more of these persons is read.
_NIK_MODEL = """
SELECT p.person_no AS unique_id, lpad(CAST(p.nik AS VARCHAR), 16, '0') AS nik, name_sorted({strict}) AS nama,
    name_sorted({loose}) AS nama_longgar, array_to_string({strict}, '') AS nama_rapat, {words} AS nama_kata, p.tanggal_lahir,
    CASE WHEN p.tanggal_lahir IS NULL THEN 'none' ELSE 'day' END AS presisi
FROM part_chosen_row p {joins}
"""

#: The forms in which names are compared: suffix of a column, what of a word it lists.
_COMPARED = {"": "kata.k", "_longgar": "kata.l", "_kata": "kata"}


def fetch_rows(con: duckdb.DuckDBPyConnection) -> None:
    """`chosen_row` and `chosen_family`: the register's narrow rows of the persons in `pair`; `word_bits_of`: its words."""
    know_words(con)
    con.execute(
        f"CREATE OR REPLACE TABLE chosen_row AS SELECT p.* EXCLUDE (sifat_no) FROM {REGISTER}.person_row p SEMI JOIN pair USING (person_no)"
    )
    # id_keluarga is text, and costs twice what all else of a family does
    con.execute(
        f"""CREATE OR REPLACE TABLE chosen_family AS SELECT keluarga_no, no_kk, kode_kecamatan
        FROM {REGISTER}.family SEMI JOIN chosen_row USING (keluarga_no)"""
    )


def know_words(con: duckdb.DuckDBPyConnection) -> None:
    """`word_bits_of`: the words of the register and what agreement on each is worth."""
    con.execute(_WORD_BITS.format(size=register_size(con), register=REGISTER))


def prepare_register(con: duckdb.DuckDBPyConnection) -> None:
    """Make `chosen` and `register_model`: the register persons that appear in a pair, as the register's `person` and as `record_model`.

    Also `family_word(person_no, words)`: the loose words of the other members of the person's family.
    """
    fetch_rows(con)
    model_register(con)


def model_nik_holders(con: duckdb.DuckDBPyConnection) -> None:
    """Make `register_model` of the persons in `pair`, who hold a record's NIK, in the columns that a NIK is tested by."""
    know_words(con)
    con.execute("CREATE OR REPLACE TABLE chosen_row AS SELECT * EXCLUDE (keluarga_no) FROM nik_holder_row SEMI JOIN pair USING (person_no)")
    joins, words = words_sql("p.nama", "word_bits_of", "part_chosen_row")
    forms = {"strict": "kata.k", "loose": "kata.l", "words": "kata"}
    model = _NIK_MODEL.format(joins=joins, **{form: words.format(key=key) for form, key in forms.items()})
    for first in _parts(con, "person_no", "chosen_row"):
        _add(con, "register_model", model, first=first)


def model_register(con: duckdb.DuckDBPyConnection, guarded: str = "SELECT keluarga_no FROM member_row") -> None:
    """What `prepare_register` makes, of the rows that were fetched.

    `guarded`: a SELECT of the families whose adults a guardian is compared with.
    """
    con.execute(
        f"""CREATE OR REPLACE TABLE member_row AS SELECT p.person_no, p.keluarga_no, p.hubungan_kepala, p.nama
        FROM {REGISTER}.person_row p SEMI JOIN chosen_family USING (keluarga_no) WHERE p.nama IS NOT NULL"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE adult_row AS SELECT * FROM member_row
        WHERE hubungan_kepala IN ('1', '2') AND keluarga_no IN ({guarded})"""
    )
    model = _REGISTER_MODEL.format(wali="a.wali", adults="LEFT JOIN part_adult a USING (keluarga_no)")
    for first in _parts(con, "keluarga_no", "chosen_row", "chosen_family", "member_row", "adult_row"):
        con.execute(f"CREATE OR REPLACE TABLE part_chosen AS {_chosen_sql()}")
        _add(con, "chosen", "FROM part_chosen", first=first)
        con.execute(f"CREATE OR REPLACE TABLE part_adult AS {_adults_sql()}")
        _add(con, "family_word", _family_words_sql(), first=first)
        _add(con, "register_model", model, first=first)
    for scaffold in ("part_chosen", "part_adult"):
        con.execute(f"DROP TABLE {scaffold}")


def _parts(con: duckdb.DuckDBPyConnection, by: str, *tables: str) -> Iterator[bool]:
    """Point the view `part_<table>` of each of `tables` at one part of them after another, by the number `by`; True at the first."""
    parts = max(1, -(-count_rows(con, "chosen_row") // PART))
    for part in range(parts):
        for table in tables:
            con.execute(f"CREATE OR REPLACE VIEW part_{table} AS SELECT * FROM {table} WHERE {by} % {parts} = {part}")
        yield part == 0
    for table in tables:
        con.execute(f"DROP VIEW part_{table}")


def _add(con: duckdb.DuckDBPyConnection, table: str, sql: str, *, first: bool) -> None:
    con.execute(f"CREATE OR REPLACE TABLE {table} AS {sql}" if first else f"INSERT INTO {table} {sql}")


def _chosen_sql() -> str:
    return person_sql("part_chosen_row", "part_chosen_family", f"{REGISTER}.", vocabulary="word_bits_of", forms=_COMPARED)


def _adults_sql() -> str:
    joins, words = words_sql("p.nama", "word_bits_of", "part_adult_row")
    return (
        f"""SELECT keluarga_no, list(DISTINCT name_sorted({words.format(key="kata.k")})) AS wali FROM part_adult_row p {joins} GROUP BY 1"""
    )


def _family_words_sql() -> str:
    joins, words = words_sql("p.nama", "word_bits_of", "part_member_row")
    return f"""SELECT c.person_no, flatten(list({words.format(key="kata.l")})) AS words FROM part_chosen_row c
        JOIN part_member_row p ON p.keluarga_no = c.keluarga_no AND p.person_no <> c.person_no {joins} GROUP BY 1"""
