"""What a night need not ask again: each record's answer is kept with the fingerprint of all that it follows from.

A record whose fingerprint and basis are those of its kept answer stands; only the others are answered. Kept beside it: the families that
the register gave for its NIKs, which records are compared by. Whatever an answer
depends on must be in one of the two: what the record says (`content`), which persons it may not be given (`barred`), or
the basis: the register's release, and model, policy and program.
"""

from __future__ import annotations

import duckdb

from padan.linkage.basis import Basis
from padan.linkage.records import GENERATION

STANDARD = "intermediate.int_person__standardized"

#: Records answered at a time: what they are compared with must fit the machine, however many a night has.
LOT = 1_000_000

#: And of those that look through all lists of the register: each finds a hundred persons and more.
SEEKING_LOT = 400_000

#: An answer before other records have their say, as `decided` has it.
OUTCOME = "person_no, best_register_id, match_weight, match_probability, margin, runner_up_weight, guarded, decision, reason"

# Of the date of reference the year matters where no birth date is known, else whether it makes a child; the age group of the feed, too,
# only where no birth date is known.
_CONTENT = (
    "nik", "nik_status", "no_kk", "nama", "nama_ibu", "tanggal_lahir", "tanggal_lahir_precision", "jenis_kelamin", "kode_kecamatan",
    "kode_kabupaten", "kode_kabupaten_lama", "nik_wali", "nama_wali", "kelompok", "anak",
    "CASE WHEN tanggal_lahir IS NULL THEN year(tanggal_acuan) ELSE CAST(child_in_year(tanggal_lahir, tanggal_acuan) AS INTEGER) END",
    "CASE WHEN tanggal_lahir IS NULL THEN g.kelompok_umur END",
)  # fmt: skip

#: Two records that agree in these cannot contradict each other.
_IDENTITY = ("nik", "nama", "tanggal_lahir", "tanggal_lahir_precision", "jenis_kelamin")

# Numbered by numbers, as records.NUMBER would, and before anything else is read: whatever a record says would be sorted with it.
_EVERYONE = """
CREATE TABLE delivered_file AS
SELECT CAST(row_number() OVER (ORDER BY agency, feed, delivery_date, source_file) AS INTEGER) AS file_no, {delivery} AS delivery, *
FROM (SELECT DISTINCT agency, feed, delivery_date, source_file FROM {warehouse}.{standard});
CREATE TABLE everyone AS
WITH placed AS (
    SELECT s.rowid AS place, f.file_no, f.delivery, s.source_row FROM {warehouse}.{standard} s JOIN delivered_file f
    ON f.agency IS NOT DISTINCT FROM s.agency AND f.feed IS NOT DISTINCT FROM s.feed
        AND f.delivery_date IS NOT DISTINCT FROM s.delivery_date AND f.source_file IS NOT DISTINCT FROM s.source_file),
numbered AS MATERIALIZED (SELECT CAST(row_number() OVER (ORDER BY file_no, source_row) AS INTEGER) AS rec_no, * FROM placed)
SELECT u.rec_no, s.record_id, u.place, u.file_no, u.source_row, {content} AS content, b.barred, {identity} AS identity, u.delivery, s.nik,
    CASE WHEN s.tanggal_lahir_precision = 'day' THEN s.tanggal_lahir END AS lahir
FROM {warehouse}.{standard} s JOIN numbered u ON u.place = s.rowid LEFT JOIN generation g ON (g.agency, g.feed) = (s.agency, s.feed)
LEFT JOIN (SELECT record_id, string_agg(CAST(person_no AS VARCHAR), ',' ORDER BY person_no) AS barred FROM ruled_apart GROUP BY 1) b
    ON b.record_id = s.record_id
"""


def number_records(con: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """Make `everyone`, one narrow row a record in force: its number, fingerprint, and what records are told apart by.

    Columns rec_no, record_id, place (its row in the standard persons), file_no, source_row, content, barred (from `ruled_apart`), identity,
    delivery, nik, lahir (known to the day). Also `delivered_file`, one row a file_no: agency, feed, delivery_date, source_file; and
    `generation`: the age group of each feed as all of its records tell.
    """
    con.execute(f"CREATE VIEW record AS SELECT agency, feed, tanggal_lahir, tanggal_acuan FROM {warehouse}.{STANDARD}")
    con.execute(f"CREATE TABLE generation AS {GENERATION}")
    con.execute("DROP VIEW record")
    hashes = {
        "content": _hash(*(c if c.startswith("CASE") else f"s.{c}" for c in _CONTENT)),
        "identity": _hash(*(f"s.{c}" for c in _IDENTITY)),
        "delivery": _hash("agency", "feed", "delivery_date"),
    }
    con.execute(_EVERYONE.format(warehouse=warehouse, standard=STANDARD, **hashes))


def _hash(*expressions: str) -> str:
    """SQL: 64 bits over the values in order, an absent one unlike any text."""
    return f"md5_number_lower(concat_ws(chr(31), {', '.join(f'coalesce(CAST({e} AS VARCHAR), chr(30))' for e in expressions)}))"


def recall(con: duckdb.DuckDBPyConnection, warehouse: str, basis: Basis) -> None:
    """Make `outcome(rec_no, …)` of the records whose kept answer stands, and `changed(rec_no)` of all others.

    Also `known_family(rec_no, keluarga, nik_keluarga)`, the families of those that stand, as they were looked up for their answers.
    """
    con.execute(
        f"""CREATE TABLE outcome AS SELECT e.rec_no, {OUTCOME}, keluarga, nik_keluarga FROM everyone e JOIN {warehouse}.link.memory m
        ON m.record_id = e.record_id AND m.content = e.content AND m.barred IS NOT DISTINCT FROM e.barred WHERE m.basis = $basis""",
        {"basis": basis.digest},
    )
    con.execute(
        """CREATE TABLE stood AS SELECT rec_no FROM outcome;
        CREATE TABLE known_family AS SELECT rec_no, keluarga, nik_keluarga FROM outcome WHERE coalesce(keluarga, nik_keluarga) IS NOT NULL;
        ALTER TABLE outcome DROP COLUMN keluarga; ALTER TABLE outcome DROP COLUMN nik_keluarga"""
    )
    con.execute("CREATE TABLE changed AS SELECT rec_no FROM everyone ANTI JOIN stood USING (rec_no)")


def number_lots(con: duckdb.DuckDBPyConnection, table: str, records: str, most: int | None = None) -> None:
    """Make `table(rec_no, lot)` of `records` (a SELECT of rec_no): lots of neighbours in the standard persons, so each is read once.

    `most`: records of a lot, LOT unless given.
    """
    con.execute(
        f"""CREATE OR REPLACE TABLE {table} AS SELECT rec_no, (row_number() OVER (ORDER BY place) - 1) // {most or LOT} AS lot
        FROM everyone SEMI JOIN ({records}) USING (rec_no)"""
    )


def lots(con: duckdb.DuckDBPyConnection, warehouse: str, table: str) -> list[str]:
    """The records of `table(rec_no, lot)` lot by lot, as sources of standard persons that carry their rec_no."""
    bounds = con.execute(f"SELECT lot, min(place), max(place) FROM {table} JOIN everyone USING (rec_no) GROUP BY 1 ORDER BY 1").fetchall()
    return [
        standard_of(warehouse, f"SELECT rec_no FROM {table} WHERE lot = {lot}", where=f"s.rowid BETWEEN {first} AND {last}")
        for lot, first, last in bounds
    ]


def all_lots(con: duckdb.DuckDBPyConnection, warehouse: str) -> list[str]:
    """Every record of the night, lot by lot as `lots` gives them."""
    places = con.execute("SELECT coalesce(max(place) + 1, 0) FROM everyone").fetchall()[0][0]
    spans = (f"BETWEEN {first} AND {first + LOT - 1}" for first in range(0, places, LOT))
    return [_placed(warehouse, "everyone", f"s.rowid {span} AND e.place {span}") for span in spans]


def standard_of(warehouse: str, among: str, where: str = "true") -> str:
    """Source of the standard persons in `among` (a SELECT of rec_no) that lie `where`, with rec_no."""
    return _placed(warehouse, f"(SELECT rec_no, place FROM everyone WHERE rec_no IN ({among}))", where)


def _placed(warehouse: str, numbered: str, where: str) -> str:
    """Source of the standard persons at the places of `numbered` (rec_no, place)."""
    return f"(SELECT s.*, e.rec_no FROM {warehouse}.{STANDARD} s JOIN {numbered} e ON e.place = s.rowid WHERE {where})"
