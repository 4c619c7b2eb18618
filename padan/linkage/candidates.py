"""Which register persons a record is compared with: the union of the blocking rules, blocks above the cap dropped and logged."""

from __future__ import annotations

import duckdb

from padan.linkage.records import name_columns, name_joins
from padan.linkage.rules import RULES
from padan.linkage.workspace import REGISTER

#: Records whose NIK is one register person's, confirmed by name and birth date (the record's or the NIK's own).
CONFIRMED_BY_NIK = """
SELECT p.rec_no FROM pair p JOIN record_model l ON l.unique_id = p.rec_no JOIN register_model r
    ON r.unique_id = p.person_no AND r.nik = l.nik
GROUP BY p.rec_no HAVING count(*) = 1 AND bool_and(coalesce(nik_guard(l, r), false))
"""


def seeking(con: duckdb.DuckDBPyConnection, seekers: str) -> None:
    """Point the rules at the records of `seekers` (a SELECT of rec_no)."""
    con.execute(f"CREATE OR REPLACE TABLE seeker AS {seekers}")
    con.execute("CREATE OR REPLACE VIEW seek AS SELECT * FROM record SEMI JOIN seeker USING (rec_no)")
    con.execute("CREATE OR REPLACE VIEW seek_family AS SELECT * FROM record_family SEMI JOIN seeker USING (rec_no)")
    for names in ("nama", "ibu", "wali"):
        con.execute(f"CREATE OR REPLACE VIEW seek_{names} AS SELECT n.* FROM record_{names} n SEMI JOIN seeker s ON s.rec_no = n.id")


def find_candidates(con: duckdb.DuckDBPyConnection, block_cap: int, apart: str | None = None) -> None:
    """Make `pair(rec_no, person_no, rules)`, one row a candidate, and `block_loss(rec_no, rule, block_size, lost)`.

    `rules` is a bit mask over RULES (bit 0 the first). `lost`: the record has no candidate by any rule at all.
    A record whose own NIK names a person that name and birth date confirm looks no further (the NIK pass).
    `apart`: a SELECT of (rec_no, person_no) that are never candidates of each other.
    """
    con.execute(f"CREATE OR REPLACE TABLE apart AS {apart or 'SELECT 0 AS rec_no, 0 AS person_no WHERE false'}")
    con.execute("CREATE TABLE found (rec_no INTEGER, person_no INTEGER, rule INTEGER)")
    con.execute("CREATE TABLE dropped (rec_no INTEGER, rule VARCHAR, block_size BIGINT)")
    seeking(con, "SELECT rec_no FROM record")
    _look_up(con, 0, block_cap)
    _gather(con)
    prepare_register(con)
    seeking(con, f"SELECT rec_no FROM record WHERE rec_no NOT IN ({CONFIRMED_BY_NIK})")
    for bit in range(1, len(RULES)):
        _look_up(con, bit, block_cap)
    _gather(con)
    prepare_register(con)
    con.execute("CREATE TABLE block_loss AS SELECT rec_no, rule, block_size, rec_no NOT IN (SELECT rec_no FROM pair) AS lost FROM dropped")
    for scaffold in ("found", "dropped", "wanted", "hit", "block"):
        con.execute(f"DROP TABLE {scaffold}")


def _gather(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE OR REPLACE TABLE pair AS SELECT rec_no, person_no, CAST(bit_or(rule) AS INTEGER) AS rules
        FROM found ANTI JOIN apart USING (rec_no, person_no) GROUP BY ALL"""
    )


def _look_up(con: duckdb.DuckDBPyConnection, bit: int, block_cap: int) -> None:
    rule = RULES[bit]
    con.execute(f"CREATE OR REPLACE TABLE wanted AS SELECT DISTINCT rec_no, key FROM ({rule.sql}) WHERE key IS NOT NULL")
    con.execute(
        f"""CREATE OR REPLACE TABLE hit AS SELECT p.key, p.person_no FROM {REGISTER}.posting_{rule.posting} p
        SEMI JOIN wanted w ON w.key = p.key"""
    )
    con.execute("CREATE OR REPLACE TABLE block AS SELECT key, count(*) AS block_size FROM hit GROUP BY key")
    con.execute(
        """INSERT INTO found SELECT w.rec_no, h.person_no, ? FROM wanted w JOIN block b ON b.key = w.key AND b.block_size <= ?
        JOIN hit h ON h.key = w.key""",
        [1 << bit, block_cap],
    )
    con.execute(
        """INSERT INTO dropped SELECT w.rec_no, ?, max(b.block_size) FROM wanted w JOIN block b USING (key)
        WHERE b.block_size > ? GROUP BY 1""",
        [rule.name, block_cap],
    )


def prepare_register(con: duckdb.DuckDBPyConnection) -> None:
    """Make `register_model`: the register persons that appear in a pair, in the columns of `record_model`."""
    con.execute(f"CREATE OR REPLACE TABLE chosen AS SELECT p.* FROM {REGISTER}.person p SEMI JOIN pair USING (person_no)")
    for name in ("nama", "ibu"):
        con.execute(
            f"""CREATE OR REPLACE TABLE chosen_{name} AS SELECT person_no AS id, {name} AS strict, {name}_longgar AS loose
            FROM chosen WHERE {name} IS NOT NULL"""
        )
    con.execute(
        f"""CREATE OR REPLACE TABLE adult AS SELECT keluarga_no, list(DISTINCT name_sorted(p.nama)) AS wali
        FROM {REGISTER}.person p SEMI JOIN chosen USING (keluarga_no)
        WHERE p.hubungan_kepala IN ('1', '2') AND p.nama IS NOT NULL GROUP BY 1"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE family_word AS SELECT c.person_no, flatten(list(p.nama_longgar)) AS words
        FROM chosen c JOIN {REGISTER}.person p ON p.keluarga_no = c.keluarga_no AND p.person_no <> c.person_no AND p.nama IS NOT NULL
        GROUP BY 1"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE register_model AS
        SELECT p.person_no AS unique_id, p.nik, p.keluarga_no AS nik_keluarga, p.no_kk, p.keluarga_no AS keluarga,
            CAST(NULL AS VARCHAR) AS nik_wali,
            {name_columns("n", "nama")}, {name_columns("i", "ibu")}, p.tanggal_lahir,
            CASE WHEN p.tanggal_lahir IS NULL THEN 'none' ELSE 'day' END AS presisi, CAST(NULL AS VARCHAR) AS kelompok_umur,
            CAST(NULL AS DATE) AS tanggal_acuan, p.jenis_kelamin, a.wali, p.kode_kecamatan,
            substr(p.kode_kecamatan, 1, 5) AS kode_kabupaten, CAST(NULL AS VARCHAR) AS kode_kabupaten_lama
        FROM chosen p LEFT JOIN adult a ON a.keluarga_no = p.keluarga_no
        {name_joins(con, "chosen_nama", "n", "p.person_no")} {name_joins(con, "chosen_ibu", "i", "p.person_no")}"""
    )
