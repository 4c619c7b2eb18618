"""Which register persons a record is compared with: the union of the blocking rules, blocks above the cap dropped and logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb

from padan.linkage.chosen import fetch_rows, model_nik_holders, model_register
from padan.linkage.rules import RULES, Rule
from padan.linkage.settled import NEAR, settle_by_family, settle_by_nik
from padan.linkage.workspace import REGISTER

#: Deletes from `pair` what need not be scored, given the rows of its persons (padan.linkage.screen).
Screen = Callable[[duckdb.DuckDBPyConnection], None]

#: Families that a record with a guardian may belong to: most records of a night, those of aid, name none or its NIK, by which the family
#: is known.
_GUARDED = """
SELECT c.keluarga_no FROM pair p JOIN record_model l ON l.unique_id = p.rec_no JOIN chosen_row c USING (person_no)
WHERE l.wali IS NOT NULL AND l.keluarga IS NULL
"""


def seeking(con: duckdb.DuckDBPyConnection, seekers: str) -> None:
    """Point the rules at the records of `seekers` (a SELECT of rec_no)."""
    con.execute(f"CREATE OR REPLACE TABLE seeker AS {seekers}")
    con.execute("CREATE OR REPLACE VIEW seek AS SELECT * FROM record SEMI JOIN seeker USING (rec_no)")
    con.execute("CREATE OR REPLACE VIEW seek_family AS SELECT * FROM record_family SEMI JOIN seeker USING (rec_no)")
    for names in ("nama", "ibu", "wali"):
        con.execute(f"CREATE OR REPLACE VIEW seek_{names} AS SELECT n.* FROM record_{names} n SEMI JOIN seeker s ON s.rec_no = n.id")


def look_up(con: duckdb.DuckDBPyConnection, bits: Iterable[int], block_cap: int) -> None:
    """Add to `found` and `dropped` what the rules `bits` find for the records that seek, whose `nik_holder` is known (records)."""
    for bit in bits:
        _look_up(con, bit, block_cap)


def find_candidates(
    con: duckdb.DuckDBPyConnection,
    block_cap: int,
    apart: str | None = None,
    look_up: Callable[[duckdb.DuckDBPyConnection, Iterable[int], int], None] = look_up,
    screen: Screen | None = None,
    *,
    near: bool = False,
) -> None:
    """Make `pair(rec_no, person_no, rules)`, one row a candidate, and `block_loss(rec_no, rule, block_size, lost)`.

    `rules` is a bit mask over RULES (bit 0 the first). `lost`: the record has no candidate by any rule at all.
    A record that its own NIK or its family settles has no others (`settled(rec_no, known_by)`, padan.linkage.settled).
    `apart`: a SELECT of (rec_no, person_no) that are never candidates of each other. `look_up`: who searches the lists.
    `screen`: what drops pairs that cannot count, into `hopeless(rec_no, person_no)`; without it every pair stays.
    `near`: only the keys that settle records are looked up, and records that they do not settle have no pair.
    """
    con.execute(f"CREATE OR REPLACE TABLE apart AS {apart or 'SELECT 0 AS rec_no, 0 AS person_no WHERE false'}")
    con.execute("CREATE OR REPLACE TABLE found (rec_no INTEGER, person_no INTEGER, rule INTEGER)")
    con.execute("CREATE OR REPLACE TABLE dropped (rec_no INTEGER, rule VARCHAR, block_size BIGINT)")
    con.execute("CREATE OR REPLACE TABLE hopeless (rec_no INTEGER, person_no INTEGER)")
    seeking(con, "SELECT rec_no FROM record")
    look_up(con, range(1), block_cap)
    _gather(con)
    model_nik_holders(con)
    settle_by_nik(con)
    seeking(con, "SELECT rec_no FROM record ANTI JOIN settled USING (rec_no)")
    look_up(con, [bit for bit in range(1, len(RULES)) if bit in NEAR or not near], block_cap)
    _gather(con)
    fetch_rows(con)
    settle_by_family(con)
    if near:
        for table in ("pair", "dropped"):
            con.execute(f"DELETE FROM {table} WHERE rec_no NOT IN (SELECT rec_no FROM settled)")
    elif screen:
        screen(con)
    con.execute("CREATE OR REPLACE TABLE chosen_row AS SELECT * FROM chosen_row SEMI JOIN pair USING (person_no)")
    con.execute("CREATE OR REPLACE TABLE chosen_family AS SELECT * FROM chosen_family SEMI JOIN chosen_row USING (keluarga_no)")
    model_register(con, guarded=_GUARDED)
    con.execute(
        """CREATE OR REPLACE TABLE block_loss AS
        SELECT rec_no, rule, block_size, rec_no NOT IN (SELECT rec_no FROM pair) AS lost FROM dropped"""
    )
    for scaffold in ("found", "dropped", "wanted", "hit", "block"):
        con.execute(f"DROP TABLE IF EXISTS {scaffold}")


def _gather(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE OR REPLACE TABLE pair AS SELECT rec_no, person_no, CAST(bit_or(rule) AS INTEGER) AS rules
        FROM found ANTI JOIN apart USING (rec_no, person_no) GROUP BY ALL"""
    )


def _look_up(con: duckdb.DuckDBPyConnection, bit: int, block_cap: int) -> None:
    """Add what rule `bit` finds; a release without the rule's posting list has nothing to find."""
    rule = RULES[bit]
    columns = posting_columns(con, rule.posting)
    con.execute("CREATE OR REPLACE TABLE wanted (rec_no INTEGER, key BIGINT, tanda INTEGER)")
    con.execute("CREATE OR REPLACE TABLE hit (key BIGINT, person_no INTEGER, tanda INTEGER)")
    if columns:
        _hit(con, rule, columns)
    con.execute("CREATE OR REPLACE TABLE block AS SELECT key, count(*) AS block_size FROM hit GROUP BY key")
    con.execute(
        """INSERT INTO found SELECT w.rec_no, h.person_no, ? FROM wanted w JOIN block b ON b.key = w.key AND b.block_size <= ?
        JOIN hit h ON h.key = w.key AND h.tanda & w.tanda <> 0""",
        [1 << bit, block_cap],
    )
    con.execute(
        """INSERT INTO dropped SELECT w.rec_no, ?, max(b.block_size) FROM wanted w JOIN block b USING (key)
        WHERE b.block_size > ? GROUP BY 1""",
        [rule.name, block_cap],
    )


def _hit(con: duckdb.DuckDBPyConnection, rule: Rule, columns: set[str]) -> None:
    """Fill `wanted` with the keys of the records and `hit` with the persons of the posting list that have one of them."""
    con.execute(f"INSERT INTO wanted {wanted_sql(rule, columns)}")
    # whoever holds a record's own NIK was looked up with the families (padan.linkage.records)
    rows = "SELECT key, person_no, -1 AS tanda FROM nik_holder" if rule.name == "nik" else posting_rows_sql(rule.posting, columns)
    con.execute(f"INSERT INTO hit {rows} SEMI JOIN wanted USING (key)")


def posting_columns(con: duckdb.DuckDBPyConnection, name: str) -> set[str]:
    """Columns of a posting list of the attached release; none if it has no such list."""
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ?", [REGISTER, f"posting_{name}"]
    ).fetchall()
    return {row[0] for row in rows}


def wanted_sql(rule: Rule, columns: set[str]) -> str:
    """SELECT (rec_no, key, tanda): the keys of the records that seek; every bit of `tanda` is set where the list is not screened."""
    keys = f"SELECT DISTINCT rec_no, key FROM ({rule.sql}) WHERE key IS NOT NULL"
    if "tanda" not in columns:
        return f"SELECT rec_no, key, -1 AS tanda FROM ({keys})"
    return f"SELECT rec_no, key, tanda FROM ({keys}) LEFT JOIN (SELECT id, name_signature(loose) AS tanda FROM seek_nama) ON id = rec_no"


def posting_rows_sql(name: str, columns: set[str]) -> str:
    """SELECT (key, person_no, tanda) of a posting list, one row a person also where it holds whole families."""
    person = "unnest(range(person_no, person_no + anggota))" if "anggota" in columns else "person_no"
    signature = "tanda" if "tanda" in columns else "-1"
    return f"SELECT key, CAST({person} AS INTEGER) AS person_no, CAST({signature} AS INTEGER) AS tanda FROM {REGISTER}.posting_{name}"
