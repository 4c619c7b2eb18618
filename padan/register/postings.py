"""Posting lists: for each blocking rule, key → persons. A key is 40 bits of MD5 over portable text, equal on any engine.

A false hit of the 40 bits is one more candidate, never a missed one. Error variants are made on the side of the
records (padan.linkage.rules), so that the register needs one key a person and rule.
"""

from __future__ import annotations

import duckdb

_KEY_BITS = (1 << 40) - 1

#: Register side of each rule: one row a key, from table `person`. macros below.
_POSTINGS = {
    "nik": "SELECT block_key(nik) AS key, person_no FROM person WHERE nik IS NOT NULL",
    "kk": "SELECT block_key(no_kk) AS key, person_no FROM person WHERE no_kk IS NOT NULL",
    "keluarga": "SELECT CAST(keluarga_no AS BIGINT) AS key, person_no FROM person",
    # words in any order, and run together as in NURAISYAH
    "nama": """SELECT block_key(unnest([name_sorted(nama), array_to_string(nama, '')])) AS key, person_no FROM person
        WHERE nama IS NOT NULL""",
    "pasangan_kata": """SELECT block_key(a || b) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS a, nama_longgar, person_no FROM person), unnest(nama_longgar) u(b)
        WHERE a < b AND length(a) > 1 AND length(b) > 1""",
    "awalan_tanggal": """SELECT block_key(left(t, 3) || tanggal_lahir) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, tanggal_lahir, person_no FROM person WHERE tanggal_lahir IS NOT NULL) WHERE length(t) > 1""",
    "inisial_tanggal": """SELECT block_key(name_initials(nama_longgar) || tanggal_lahir) AS key, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND nama IS NOT NULL""",
    "kata_tahun": """SELECT block_key(t || year(tanggal_lahir)) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, tanggal_lahir, person_no FROM person WHERE tanggal_lahir IS NOT NULL) WHERE length(t) > 1""",
    "kata_tempat_tahun": """SELECT block_key(t || kab || year(tanggal_lahir)) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, substr(kode_kecamatan, 1, 5) AS kab, tanggal_lahir, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND kode_kecamatan IS NOT NULL) WHERE length(t) > 1""",
    "tanggal_tempat": """SELECT block_key(tanggal_lahir || substr(kode_kecamatan, 1, 5)) AS key, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND kode_kecamatan IS NOT NULL""",
    "ibu_tempat": """SELECT block_key(name_sorted(ibu_longgar) || substr(kode_kecamatan, 1, 5)) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND kode_kecamatan IS NOT NULL""",
    "ibu_tahun": """SELECT block_key(name_sorted(ibu_longgar) || year(tanggal_lahir)) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND tanggal_lahir IS NOT NULL""",
    "ibu_inisial": """SELECT block_key(name_sorted(ibu_longgar) || left(nama_longgar[1], 1)) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND nama IS NOT NULL""",
}


def create_key_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros `block_key(text)`, `name_sorted(tokens)`, `name_initials(tokens)` on the connection."""
    con.execute(f"CREATE OR REPLACE TEMP MACRO block_key(x) AS CAST(md5_number_lower(x) & {_KEY_BITS} AS BIGINT)")
    con.execute(
        "CREATE OR REPLACE TEMP MACRO name_initials(tokens) AS array_to_string(list_sort(list_transform(tokens, lambda t: left(t, 1))), '')"
    )
    con.execute("CREATE OR REPLACE TEMP MACRO name_sorted(tokens) AS array_to_string(list_sort(tokens), ' ')")


def posting_sql() -> dict[str, str]:
    """Name of each posting list and the SELECT (key BIGINT, person_no INTEGER) that fills it."""
    return dict(_POSTINGS)
