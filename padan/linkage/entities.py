"""Which records are one person, over all feeds, also where the register holds nobody; and ids that stay over nights.

Records that link to one register person are one. The others are compared with all records by the same model and joined
from the surest pair down, never across two register persons, two NIKs or two birth dates.
Does not belong here: the link to the register (decision).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from padan.config import PersonPolicy
from padan.keys import keyed_hash
from padan.linkage.candidates import seeking
from padan.linkage.decision import member_bits
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.rules import RULES
from padan.linkage.scoring import score_pairs
from padan.register.postings import posting_sql

#: Records per key among records: far fewer than the register has, and a key shared by more tells nobody apart.
RECORD_BLOCK_CAP = 200

#: Records of a brother or sister that a record meets by chance, per record of its own.
SIBLING_RECORDS = 2.0

#: Records in the columns of the register's `person`, so that the register's own posting queries give their keys.
AS_REGISTER = """
CREATE OR REPLACE VIEW person AS
SELECT r.rec_no AS person_no, r.nik, r.no_kk, f.keluarga AS keluarga_no, n.strict AS nama, n.loose AS nama_longgar, r.tanggal_lahir,
    coalesce(r.kode_kecamatan, r.kode_kabupaten || '.00') AS kode_kecamatan, i.strict AS ibu, i.loose AS ibu_longgar
FROM record r LEFT JOIN record_family f USING (rec_no) LEFT JOIN record_nama n ON n.id = r.rec_no LEFT JOIN record_ibu i ON i.id = r.rec_no
"""


@dataclass
class _Group:
    """Records held to be one person, with what may not differ among them."""

    records: list[int]
    register_ids: set[str] = field(default_factory=set)
    niks: set[str] = field(default_factory=set)
    dates: set[dt.date] = field(default_factory=set)


def join_records(con: duckdb.DuckDBPyConnection, trained: Probabilities, size: int, policy: PersonPolicy) -> None:
    """Make `component(rec_no, component)`: the smallest record number of each person."""
    _find_record_pairs(con)
    records = int(con.execute("SELECT count(*) FROM record").fetchall()[0][0])
    sides = ("record_model", "record_model")
    score_pairs(con, PERSON_V1, trained, sides, "record_pair", "record_scored", size=size, prior=1 / max(records, 2))
    edges = con.execute(
        f"""SELECT least(l, r), greatest(l, r) FROM (SELECT *, false AS family_words, false AS parental FROM record_scored)
        WHERE exp2_(weight) / (exp2_(weight) + 1 + {SIBLING_RECORDS} * exp2_(weight - ({member_bits()}))) >= ?
        ORDER BY round(weight, 6) DESC, 1, 2""",
        [policy.same_person_probability],
    ).fetchall()
    groups = _merged(_linked_groups(con), edges)
    con.execute("CREATE OR REPLACE TABLE component (rec_no INTEGER, component INTEGER)")
    _insert(con, "component", [(record, min(group.records)) for group in groups for record in group.records])


def _find_record_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """`record_pair(l, r)`: every record without a link against all records that share a key, error variants on its side."""
    con.execute(AS_REGISTER)
    seeking(con, "SELECT rec_no FROM decided WHERE decision <> 'link'")
    con.execute("CREATE OR REPLACE TABLE record_found (l INTEGER, r INTEGER)")
    own = posting_sql()
    for rule in RULES:
        con.execute(
            f"""INSERT INTO record_found
            WITH own AS (SELECT DISTINCT key, person_no FROM ({own[rule.posting]}) WHERE key IS NOT NULL),
            kept AS (SELECT key, person_no FROM own SEMI JOIN (SELECT key FROM own GROUP BY key HAVING count(*) <= {RECORD_BLOCK_CAP})
                USING (key))
            SELECT least(w.rec_no, k.person_no), greatest(w.rec_no, k.person_no) FROM ({rule.sql}) w JOIN kept k USING (key)
            WHERE w.rec_no <> k.person_no"""
        )
    con.execute("CREATE OR REPLACE TABLE record_pair AS SELECT DISTINCT l, r FROM record_found")


def _linked_groups(con: duckdb.DuckDBPyConnection) -> list[_Group]:
    rows = con.execute(
        """SELECT r.rec_no, CASE WHEN d.decision = 'link' THEN d.best_register_id END, r.nik,
            CASE WHEN r.presisi = 'day' THEN r.tanggal_lahir END
        FROM record r JOIN decided d USING (rec_no) ORDER BY r.rec_no"""
    ).fetchall()
    by_register: dict[str, _Group] = {}
    groups: list[_Group] = []
    for record, register_id, nik, date in rows:
        group = by_register.get(register_id) if register_id else None
        if group is None:
            group = _Group([])
            groups.append(group)
        if register_id:
            by_register[register_id] = group
            group.register_ids.add(register_id)
        group.records.append(record)
        group.niks |= {nik} if nik else set()
        group.dates |= {date} if date else set()
    return groups


def _merged(groups: list[_Group], edges: Iterable[tuple[int, int]]) -> list[_Group]:
    """Groups joined along `edges`, surest first, where nothing contradicts."""
    group_of = {record: group for group in groups for record in group.records}
    for left, right in edges:
        one, other = group_of[left], group_of[right]
        if one is other or not _compatible(one, other):
            continue
        one.records += other.records
        one.register_ids |= other.register_ids
        one.niks |= other.niks
        one.dates |= other.dates
        for record in other.records:
            group_of[record] = one
    return list({id(group): group for group in group_of.values()}.values())


def _compatible(one: _Group, other: _Group) -> bool:
    if len(one.register_ids | other.register_ids) > 1:
        return False
    if one.niks and other.niks and not any(_near(a, b) for a in one.niks for b in other.niks):
        return False
    return not (one.dates and other.dates) or any(_same_birth(a, b) for a in one.dates for b in other.dates)


def _near(a: str, b: str) -> bool:
    """At most one digit wrong, or two neighbours swapped."""
    wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(wrong) <= 1 or (len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]])


def _same_birth(a: dt.date, b: dt.date) -> bool:
    """Dates that clerks may both have written of one birth: equal, one part wrong, day and month swapped, or a heaped day."""
    if a == b or (a.year == b.year and (a.month, a.day) == (b.day, b.month)):
        return True
    if a.year == b.year and any((d.day, d.month) in ((1, 1), (1, 7), (31, 12), (30, 6)) for d in (a, b)):
        return True
    return sum((a.year == b.year, a.month == b.month, a.day == b.day)) == 2 and abs(a.year - b.year) <= 10


def name_entities(con: duckdb.DuckDBPyConnection, warehouse: str, key: bytes, run_id: str) -> None:
    """Make `entity(record_id, person_id)` from `component`, and remember it in `link.entity`.

    An id once given stays with the larger part of its records; only a person without one gets a new id, from the
    keyed hash of the smallest record_id.
    """
    con.execute(
        f"""CREATE OR REPLACE TABLE inherited AS
        WITH held AS (SELECT c.component, e.person_id, count(*) AS n, min(r.record_id) AS first
            FROM component c JOIN record r USING (rec_no) JOIN {warehouse}.link.entity e USING (record_id) GROUP BY ALL),
        kept AS (SELECT * FROM held QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY n DESC, first) = 1)
        SELECT component, person_id FROM kept QUALIFY row_number() OVER (PARTITION BY component ORDER BY n DESC, first) = 1"""
    )
    fresh = con.execute(
        """SELECT component, min(record_id) FROM component JOIN record USING (rec_no)
        WHERE component NOT IN (SELECT component FROM inherited)
        GROUP BY 1 ORDER BY 2"""
    ).fetchall()
    used = {row[0] for row in con.execute(f"SELECT DISTINCT person_id FROM {warehouse}.link.entity").fetchall()}
    named = []
    for component, first in fresh:
        person_id = _new_id(key, first, used)
        used.add(person_id)
        named.append((component, person_id))
    _insert(con, "inherited", named)
    con.execute(
        """CREATE OR REPLACE TABLE entity AS SELECT rec_no, record_id, person_id FROM component JOIN inherited USING (component)
        JOIN record USING (rec_no)"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE entity_after AS
        SELECT coalesce(n.record_id, o.record_id) AS record_id, coalesce(n.person_id, o.person_id) AS person_id,
            CASE WHEN n.person_id IS NULL OR n.person_id = o.person_id THEN o.since_run_id ELSE $run END AS since_run_id,
            CASE WHEN n.person_id IS NULL THEN o.run_id ELSE $run END AS run_id
        FROM entity n FULL JOIN {warehouse}.link.entity o ON o.record_id = n.record_id""",
        {"run": run_id},
    )


def _new_id(key: bytes, first: str, used: set[str]) -> str:
    attempt = 0
    while (person_id := "P" + keyed_hash(key, "person", first, str(attempt))[:20]) in used:
        attempt += 1
    return person_id


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[int, int]] | list[tuple[int, str]]) -> None:
    """Append rows of two columns; through Arrow, since executemany is a statement a row."""
    import pyarrow as pa

    if rows:
        left, right = zip(*rows, strict=True)
        batch = pa.table({"a": pa.array(left, pa.int32()), "b": pa.array(right)})
        con.register("incoming", batch)
        con.execute(f"INSERT INTO {table} SELECT a, b FROM incoming")
        con.unregister("incoming")
