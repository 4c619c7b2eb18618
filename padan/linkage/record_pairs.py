"""Which records are compared with each other: records without a link against all that share a key, keys of crowds dropped.

The records of a night take the place of the register: the lists' own keys are made of them, the rules look for their variants.
Does not belong here: whether two records are one person (entities).
"""

from __future__ import annotations

import duckdb

from padan.linkage.candidates import seeking
from padan.linkage.memory import all_lots, lots, number_lots
from padan.linkage.records import find_families, read_names, read_records
from padan.linkage.rules import RULES
from padan.progress import Progress, quiet
from padan.register.postings import POSTINGS
from padan.warehouse import count_rows

#: Records per key among records: far fewer than the register has, and a key shared by more tells nobody apart.
RECORD_BLOCK_CAP = 200

# All that a record's keys are made of: a nation's records are read for them, and half of what a record says is none of it.
_READ = """
CREATE OR REPLACE TABLE record AS
SELECT rec_no, nik, no_kk, nama AS nama_asal, nama_ibu AS ibu_asal, tanggal_lahir, kode_kecamatan, kode_kabupaten FROM {source}
"""

# What the register's PARTS give of a record (why.records.AS_REGISTER), put together of keys that were made once a word, a day and a place.
_KEYED = """
CREATE OR REPLACE TABLE keyed AS
SELECT r.rec_no AS person_no, f.keluarga AS keluarga_no, number_key(r.nik) AS nik, number_key(r.no_kk) AS no_kk,
    words_key(list_sum(n.kata)) AS nama_key, words_key(list_sum(i.kata)) AS ibu_key, d.hari AS tanggal_key, d.tahun AS tahun_key,
    p.kab AS kab_key, words_key(list_sum(n.strict_keys)) AS sama_key, block_key(array_to_string(n.strict, '')) AS rapat_key,
    block_key(name_initials(n.loose)) AS inisial_key, block_key(left(n.loose[1], 1)) AS huruf_key,
    list_filter(n.kata, lambda k, i: n.awalan[i] IS NOT NULL) AS kata, list_filter(n.awalan, lambda k: k IS NOT NULL) AS awalan
FROM record r LEFT JOIN record_family f USING (rec_no) LEFT JOIN record_nama n ON n.id = r.rec_no LEFT JOIN record_ibu i ON i.id = r.rec_no
LEFT JOIN (SELECT tanggal_lahir, date_key(tanggal_lahir) AS hari, year_key(tanggal_lahir) AS tahun
    FROM (SELECT DISTINCT tanggal_lahir FROM record)) d USING (tanggal_lahir)
LEFT JOIN (SELECT k, block_key(substr(k, 1, 5)) AS kab FROM (SELECT DISTINCT coalesce(kode_kecamatan, kode_kabupaten) AS k FROM record)) p
    ON p.k = coalesce(r.kode_kecamatan, r.kode_kabupaten)
"""


def find_record_pairs(con: duckdb.DuckDBPyConnection, warehouse: str, progress: Progress = quiet) -> None:
    """`record_pair(l, r)`: every record without a link against all records that share a key, error variants on its side."""
    con.execute("CREATE OR REPLACE TABLE record_wanted (rule TINYINT, key BIGINT, rec_no INTEGER)")
    con.execute("CREATE OR REPLACE TABLE record_hit (rule TINYINT, key BIGINT, rec_no INTEGER)")
    number_lots(con, "seeking_lot", "SELECT rec_no FROM decided WHERE decision <> 'link'")
    for source in lots(con, warehouse, "seeking_lot"):
        read_records(con, source, "rec_no")
        find_families(con)
        _want(con)
    for source in all_lots(con, warehouse):
        make_keyed(con, source)
        _hit(con)
        progress("kunci antarcatatan", count_rows(con, "record_hit"))
    con.execute(
        f"""CREATE OR REPLACE TABLE record_pair AS
        WITH kept AS (SELECT rule, key, rec_no FROM record_hit QUALIFY count(*) OVER (PARTITION BY rule, key) <= {RECORD_BLOCK_CAP})
        SELECT DISTINCT least(w.rec_no, k.rec_no) AS l, greatest(w.rec_no, k.rec_no) AS r
        FROM record_wanted w JOIN kept k USING (rule, key) WHERE w.rec_no <> k.rec_no"""
    )


def make_keyed(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """`keyed`: the standard persons in `source`, which carry their rec_no, as the register's PARTS."""
    con.execute(_READ.format(source=source))
    read_names(con, ("nama", "ibu"), keyed=True)
    find_families(con)
    con.execute(_KEYED)


def _want(con: duckdb.DuckDBPyConnection) -> None:
    seeking(con, "SELECT rec_no FROM record")
    for bit, rule in enumerate(RULES):
        con.execute(f"INSERT INTO record_wanted SELECT DISTINCT {bit}, key, rec_no FROM ({rule.sql}) WHERE key IS NOT NULL")


def _hit(con: duckdb.DuckDBPyConnection) -> None:
    key_of = {posting.name: posting.key for posting in POSTINGS}
    for bit, rule in enumerate(RULES):
        keys = f"SELECT {key_of[rule.posting]} AS key, person_no FROM keyed"
        con.execute(
            f"""INSERT INTO record_hit SELECT DISTINCT {bit}, key, person_no FROM ({keys})
            SEMI JOIN (SELECT key FROM record_wanted WHERE rule = {bit}) USING (key)"""
        )
