"""Reads the standard persons into what candidates and scores need: numbers, tokens, keys, the family behind a guardian.

Belongs here: everything about one record. Does not belong here: pairs.
"""

from __future__ import annotations

import duckdb

from padan.linkage.fetching import few
from padan.linkage.workspace import REGISTER, WORK
from padan.register.names import tokenize

#: Records are numbered by their place in the deliveries, never by record_id, which is keyed and differs from home to home.
NUMBER = "row_number() OVER (ORDER BY agency, feed, delivery_date, source_file, source_row)"

#: The names that a record may hold: its own, the mother's, the guardian's.
NAMES = ("nama", "ibu", "wali")

_RECORD = """
CREATE OR REPLACE TABLE record AS
SELECT CAST({number} AS INTEGER) AS rec_no,
    record_id, agency, feed, delivery_date, source_file, source_row, nik, nik_status, no_kk, nama AS nama_asal, nama_ibu AS ibu_asal,
    tanggal_lahir, CASE WHEN tanggal_lahir IS NULL THEN 'none' ELSE tanggal_lahir_precision END AS presisi, jenis_kelamin, kode_kecamatan,
    kode_kabupaten, kode_kabupaten_lama, nik_wali, nama_wali AS wali_asal, kelompok, tanggal_acuan, anak
FROM {source}
"""

# Who holds a record's NIK or its guardian's: looked up once, for their families and for the rule of the same NIK.
_HOLDERS = """
CREATE OR REPLACE TABLE nik_holder AS SELECT key, person_no FROM {register}.posting_nik
SEMI JOIN (SELECT number_key(unnest([nik, nik_wali])) AS key FROM {records}) USING (key)
"""

# The persons of them, in what a family is told by and a NIK is tested by: the register's rows are read to their end for any few.
_HOLDER_ROWS = """
CREATE OR REPLACE TABLE nik_holder_row AS
SELECT person_no, keluarga_no, nik, tanggal_lahir, nama FROM {register}.person_row SEMI JOIN nik_holder USING (person_no)
"""

# The family of the register person who holds the guardian's NIK, and of the one who holds the record's own.
_FAMILY = """
CREATE OR REPLACE TABLE {target} AS
SELECT r.rec_no, min(h.keluarga_no) FILTER (h.key = number_key(r.nik_wali)) AS keluarga,
    min(h.keluarga_no) FILTER (h.key = number_key(r.nik)) AS nik_keluarga
FROM (SELECT rec_no, nik, nik_wali, number_key(unnest([nik, nik_wali])) AS key FROM {records}
    WHERE nik IS NOT NULL OR nik_wali IS NOT NULL) r
JOIN (SELECT k.key, p.keluarga_no FROM nik_holder_row p JOIN nik_holder k USING (person_no)) h ON h.key = r.key
GROUP BY r.rec_no
"""

#: Of whom a feed is, as far as its dated records tell: all children, all adults, or (null) both.
GENERATION = """
SELECT agency, feed, CASE WHEN avg(CAST(child AS INTEGER)) >= 0.98 THEN 'anak' WHEN avg(CAST(child AS INTEGER)) <= 0.02 THEN 'dewasa' END
    AS kelompok_umur
FROM (SELECT agency, feed, child_in_year(tanggal_lahir, tanggal_acuan) AS child FROM record WHERE tanggal_lahir IS NOT NULL)
GROUP BY ALL HAVING count(*) >= 50
"""

#: Tokens with the bits that agreement on each is worth: k strict, l loose, b and c their rarity in the register.
_BITS = """
SELECT id, list({{'k': k, 'l': l, 'b': log2({size} / coalesce(s.persons, 1)), 'c': log2({size} / coalesce(o.persons, 1))}} ORDER BY i)
    AS kata
FROM (SELECT id, unnest(strict) AS k, unnest(loose) AS l, generate_subscripts(strict, 1) AS i FROM {names})
LEFT JOIN {register}.frequency_token s ON s.value = k LEFT JOIN {register}.frequency_token_longgar o ON o.value = l
GROUP BY id
"""


def register_size(con: duckdb.DuckDBPyConnection) -> int:
    """Persons in the attached release."""
    return int(con.execute(f"SELECT persons FROM {REGISTER}.release").fetchall()[0][0])


def prepare_records(
    con: duckdb.DuckDBPyConnection, warehouse: str, *, source: str | None = None, number: str = NUMBER, has_register: bool = True
) -> None:
    """Make `record` (what the agency said), its tokens (`record_nama`, `_ibu`, `_wali`) and, given a register, `record_model`.

    `source`: the standard persons to read, a table or a SELECT in brackets; the warehouse's own unless given, and a bare name is
    one of the work catalog. `number`: how they are numbered. A table `generation` that is there stands for more than `source`.
    """
    read_records(con, source or f"{warehouse}.intermediate.int_person__standardized", number)
    if not has_register:
        return
    con.execute(f"CREATE TABLE IF NOT EXISTS generation AS {GENERATION}")
    find_families(con)
    model_records(con)


def read_records(con: duckdb.DuckDBPyConnection, source: str, number: str = NUMBER) -> None:
    """Make `record` of the standard persons in `source`, and the tokens of its names."""
    con.execute(_RECORD.format(source=source, number=number))
    read_names(con, NAMES)


def read_names(con: duckdb.DuckDBPyConnection, names: tuple[str, ...], *, keyed: bool = False) -> None:
    """Make `record_<name>`, the tokens (`keyed`: and their keys) of each of `names` in `record`."""
    for column in names:
        tokenize(con, f"SELECT rec_no AS id, {column}_asal AS raw FROM record", f"record_{column}", keyed=keyed)


def find_families(con: duckdb.DuckDBPyConnection) -> None:
    """Make `record_family`: the families of the register persons who hold a record's NIK and its guardian's.

    Where those of all records of the night are known (memory.recall, `know_families`), those of `record` are taken from there.
    """
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = 'known_family'", [WORK]).fetchone():
        con.execute("CREATE OR REPLACE TABLE record_family AS SELECT * FROM known_family SEMI JOIN record USING (rec_no)")
    else:
        _look_up_families(con, "record", "record_family")


def know_families(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Add to `known_family` those of the standard persons in `source`, which carry their rec_no: at once, the register is read for it."""
    _look_up_families(con, source, "looked_up_family")
    con.execute("INSERT INTO known_family BY NAME FROM looked_up_family; DROP TABLE looked_up_family")


def _look_up_families(con: duckdb.DuckDBPyConnection, records: str, target: str) -> None:
    con.execute(_HOLDERS.format(records=records, register=REGISTER))
    with few(con):
        con.execute(_HOLDER_ROWS.format(register=REGISTER))
    con.execute(_FAMILY.format(target=target, records=records))


def model_records(con: duckdb.DuckDBPyConnection) -> None:
    """Make `record_model` of `record`, its tokens, its families and `generation`: a record in the columns that are compared."""
    con.execute(
        f"""CREATE OR REPLACE TABLE record_model AS
        SELECT r.rec_no AS unique_id, r.nik, f.nik_keluarga, r.no_kk, f.keluarga, r.nik_wali,
            {name_columns("n", "nama")}, {name_columns("i", "ibu")},
            r.tanggal_lahir, r.presisi, g.kelompok_umur, r.tanggal_acuan, r.jenis_kelamin,
            CASE WHEN w.id IS NOT NULL THEN [name_sorted(w.strict)] END AS wali,
            r.kode_kecamatan, r.kode_kabupaten, r.kode_kabupaten_lama
        FROM record r LEFT JOIN record_family f USING (rec_no) LEFT JOIN record_wali w ON w.id = r.rec_no
        LEFT JOIN generation g ON (g.agency, g.feed) = (r.agency, r.feed)
        {name_joins(con, "record_nama", "n", "r.rec_no")} {name_joins(con, "record_ibu", "i", "r.rec_no")}"""
    )


def name_columns(alias: str, prefix: str) -> str:
    """SELECT list of the four forms in which a name is compared."""
    return (
        f"name_sorted({alias}.strict) AS {prefix}, name_sorted({alias}.loose) AS {prefix}_longgar, "
        f"array_to_string({alias}.strict, '') AS {prefix}_rapat, {alias}_bits.kata AS {prefix}_kata"
    )


def name_joins(con: duckdb.DuckDBPyConnection, names: str, alias: str, key: str) -> str:
    """JOIN clauses that `name_columns` reads from: `names(id, strict, loose)` and its tokens' bits."""
    bits = _BITS.format(size=register_size(con), names=names, register=REGISTER)
    return f"LEFT JOIN {names} {alias} ON {alias}.id = {key} LEFT JOIN ({bits}) {alias}_bits ON {alias}_bits.id = {key}"
