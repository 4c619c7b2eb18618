"""What reviewers' rulings do to a night: who is never a candidate, who is linked whatever the evidence, who is one person.

Rulings join records and register persons into groups and set groups apart, the latest first, so that a ruling that
contradicts later ones is the one to yield. They act on answers, never on what is kept of them: a ruling undone is undone.
Does not belong here: recording a ruling (padan.review).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import duckdb

from padan.linkage.fetching import fetch_persons
from padan.linkage.workspace import REGISTER
from padan.review import create_ruling_table
from padan.review.rulings import fields_of

#: Reasons of `link.decision`: linked by a ruling; not linked since a ruling says that another record's person is someone else; not
#: linked since a ruling that lapsed said that it is someone else.
RULED, RULED_APART, RULED_BEFORE = "putusan_peninjau", "putusan_berbeda", "putusan_kedaluwarsa"
#: What a ruling comes to tonight, in `link.ruling_state`: it holds; a later one says otherwise; a field that says who the record is has
#: changed since; the register holds no such person, or several.
HELD, CONTRADICTED, LAPSED, UNRESOLVED = "berlaku", "bertentangan", "kedaluwarsa", "tak_terpetakan"

#: A record by its record_id or a register person by its number.
Node = str | int

_ASKED = "SELECT * FROM {warehouse}.review.ruling WHERE other_record_id IS NULL AND ruling <> 'undo'"

_POSSIBLE = f"""
SELECT person_no FROM {REGISTER}.person_row WHERE nik IN (SELECT number_key(nik) FROM ({_ASKED}))
UNION
SELECT p.person_no FROM {REGISTER}.person_row p SEMI JOIN (SELECT keluarga_no FROM {REGISTER}.family
    WHERE id_keluarga IN (SELECT id_keluarga FROM ({_ASKED}))) USING (keluarga_no)
"""

# By NIK; by family, name and birth date where there is none, or several persons bear it. One person, or nobody.
_SUBJECT = f"""
CREATE OR REPLACE TABLE ruled_subject AS
WITH asked AS ({_ASKED}),
found AS (
    SELECT q.ruling_no, q.nama, q.tanggal_lahir, 2 AS points, p.* EXCLUDE (nama, tanggal_lahir), p.nama AS kata, p.tanggal_lahir AS lahir
    FROM ruled_person p JOIN asked q ON q.nik = p.nik
    UNION ALL
    SELECT q.ruling_no, q.nama, q.tanggal_lahir, 0, p.* EXCLUDE (nama, tanggal_lahir), p.nama, p.tanggal_lahir
    FROM ruled_person p JOIN asked q ON q.id_keluarga = p.id_keluarga),
ranked AS (
    SELECT ruling_no, person_no, max(points
        + CASE WHEN name_sorted(kata) IS NOT DISTINCT FROM nama AND lahir IS NOT DISTINCT FROM tanggal_lahir THEN 1 ELSE 0 END) AS likeness
    FROM found GROUP BY ALL)
SELECT ruling_no, person_no FROM ranked WHERE likeness > 0
QUALIFY likeness = max(likeness) OVER (PARTITION BY ruling_no) AND count(*) OVER (PARTITION BY ruling_no, likeness) = 1
"""


@dataclass(frozen=True)
class RulingSummary:
    """Rulings by what they come to tonight: `held`, `contradicted`, `lapsed`, `unresolved`; `last`: the number of the latest."""

    held: int = 0
    contradicted: int = 0
    lapsed: int = 0
    unresolved: int = 0
    last: int = 0


@dataclass(frozen=True)
class _Ruling:
    same: bool
    left: Node
    right: Node


@dataclass
class _Groups:
    """Records and register persons ruled to be one, and groups ruled to be different."""

    parent: dict[Node, Node] = field(default_factory=dict)
    persons: dict[Node, int] = field(default_factory=dict)
    apart: dict[Node, set[Node]] = field(default_factory=dict)

    def root(self, node: Node) -> Node:
        """The node that stands for the group of `node`."""
        above = self.parent.setdefault(node, node)
        if isinstance(node, int):
            self.persons.setdefault(node, node)
        while above != self.parent[above]:
            above = self.parent[above]
        self.parent[node] = above
        return above

    def rule(self, ruling: _Ruling) -> bool:
        """Let the ruling hold; False where what already holds contradicts it."""
        left, right = self.root(ruling.left), self.root(ruling.right)
        if not ruling.same:
            if left == right:
                return False
            self.apart.setdefault(left, set()).add(right)
            self.apart.setdefault(right, set()).add(left)
            return True
        return left == right or self._join(left, right)

    def _join(self, left: Node, right: Node) -> bool:
        set_apart = {self.root(node) for node in self.apart.get(left, ())}
        if right in set_apart or (left in self.persons and right in self.persons):
            return False
        self.parent[right] = left
        if right in self.persons:
            self.persons[left] = self.persons[right]
        self.apart.setdefault(left, set()).update(self.apart.get(right, ()))
        return True

    def members(self) -> dict[Node, list[str]]:
        """Records of each group, groups and records in order."""
        found: dict[Node, list[str]] = {}
        for node in sorted(n for n in self.parent if isinstance(n, str)):
            found.setdefault(self.root(node), []).append(node)
        return found


def read_rulings(con: duckdb.DuckDBPyConnection, warehouse: str, *, has_register: bool) -> RulingSummary:
    """Make the tables of rulings in force, from `review.ruling` and the attached register.

    `ruling_state(ruling_id, record_id, ruling, person_no, state)`: each that was not taken back. `ruled(record_id, group_no, person_no)`:
    records of a group and the register person it is, if ruled. `ruled_apart(record_id, person_no)`: never candidates of each other.
    `ruled_groups_apart(one, other)`: groups that are different persons, both ways.
    """
    if not con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'review' AND table_name = 'ruling'", [warehouse]
    ).fetchone():
        create_ruling_table(con, f"{warehouse}.")
    con.execute("CREATE OR REPLACE TABLE ruled_subject (ruling_no BIGINT, person_no INTEGER)")
    if has_register and con.execute(f"SELECT 1 FROM {warehouse}.review.ruling WHERE other_record_id IS NULL LIMIT 1").fetchone():
        fetch_persons(con, _POSSIBLE.format(warehouse=warehouse), "ruled_person")
        con.execute(_SUBJECT.format(warehouse=warehouse))
    groups, states = _Groups(), []
    for told, ruling in _latest_first(con, warehouse):
        state = ruling if isinstance(ruling, str) else HELD if groups.rule(ruling) else CONTRADICTED
        states.append((*told, state))
    _fill(con, "ruling_state", "ruling_id VARCHAR, record_id VARCHAR, ruling VARCHAR, person_no INTEGER, state VARCHAR", states)
    _write_groups(con, groups)
    con.execute("CREATE OR REPLACE TABLE ruled_register (person_no INTEGER, register_id VARCHAR)")
    if con.execute("SELECT 1 FROM ruled_subject LIMIT 1").fetchone():
        con.execute("INSERT INTO ruled_register SELECT person_no, register_id FROM ruled_person SEMI JOIN ruled_subject USING (person_no)")
    last = con.execute(f"SELECT coalesce(max(ruling_no), 0) FROM {warehouse}.review.ruling").fetchall()[0][0]
    counts = Counter(state[-1] for state in states)
    return RulingSummary(counts[HELD], counts[CONTRADICTED], counts[LAPSED], counts[UNRESOLVED], int(last))


def _latest_first(con: duckdb.DuckDBPyConnection, warehouse: str) -> Iterator[tuple[tuple[object, ...], _Ruling | str]]:
    """Rulings not taken back, as (ruling_id, record_id, ruling, person_no), with what each rules or why it does not hold."""
    ruled = f"FROM {warehouse}.review.ruling WHERE ruling <> 'undo'"
    said = fields_of(
        f"SELECT ruling_no AS key, record_id {ruled} UNION ALL SELECT ruling_no, other_record_id {ruled} AND other_record_id IS NOT NULL",
        f"{warehouse}.",
    )
    rows = con.execute(
        f"""SELECT r.ruling_id, r.record_id, r.ruling, r.other_record_id, s.person_no, r.fields LIKE 'v2:%' AND n.fields <> r.fields
        FROM {warehouse}.review.ruling r LEFT JOIN ruled_subject s USING (ruling_no) LEFT JOIN ({said}) n ON n.key = r.ruling_no
        WHERE r.ruling <> 'undo'
            AND r.ruling_id NOT IN (SELECT undoes FROM {warehouse}.review.ruling WHERE undoes IS NOT NULL) ORDER BY r.ruling_no DESC"""
    ).fetchall()
    for ruling_id, record_id, ruling, other, person_no, lapsed in rows:
        right = other if other is not None else person_no
        told = (ruling_id, record_id, ruling, person_no)
        if right is None:
            yield told, UNRESOLVED
        else:
            yield told, LAPSED if lapsed else _Ruling(ruling == "same", record_id, right)


def _write_groups(con: duckdb.DuckDBPyConnection, groups: _Groups) -> None:
    members = groups.members()
    numbers = {root: number for number, root in enumerate(members)}
    ruled = [(r, numbers[root], groups.persons.get(root)) for root, records in members.items() for r in records]
    pairs = {(groups.root(root), groups.root(node)) for root, others in groups.apart.items() for node in others}
    apart = [(r, groups.persons[other]) for one, other in pairs if other in groups.persons for r in members.get(one, ())]
    between = [(numbers[one], numbers[other]) for one, other in pairs if one in numbers and other in numbers]
    _fill(con, "ruled", "record_id VARCHAR, group_no INTEGER, person_no INTEGER", ruled)
    _fill(con, "ruled_apart", "record_id VARCHAR, person_no INTEGER", sorted(apart))
    _fill(con, "ruled_groups_apart", "one INTEGER, other INTEGER", sorted(between))


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    import pyarrow as pa

    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    if rows := list(rows):
        names = [column.split()[0] for column in columns.split(", ")]
        types = [pa.string() if "VARCHAR" in column else pa.int32() for column in columns.split(", ")]
        batch = pa.table({n: pa.array(cells, t) for n, t, cells in zip(names, types, zip(*rows, strict=True), strict=True)})
        con.register("incoming", batch)
        con.execute(f"INSERT INTO {table} SELECT {', '.join(names)} FROM incoming")
        con.unregister("incoming")


# The register person of each group: as ruled, else the one that the surest of its records links to by itself.
_TARGET = """
CREATE OR REPLACE TABLE ruled_target AS
SELECT r.rec_no, r.group_no, coalesce(r.person_no, t.person_no) AS person_no, coalesce(r.register_id, t.best_register_id) AS register_id,
    r.person_no IS NOT NULL AS named
FROM (SELECT e.rec_no, u.group_no, u.person_no, k.register_id FROM ruled u JOIN everyone e USING (record_id)
    LEFT JOIN ruled_register k USING (person_no)) r
LEFT JOIN (SELECT u.group_no, d.person_no, d.best_register_id
    FROM ruled u JOIN everyone e USING (record_id) JOIN decided d USING (rec_no) WHERE d.decision = 'link'
    QUALIFY row_number() OVER (PARTITION BY u.group_no ORDER BY round(d.match_weight, 6) DESC, d.best_register_id) = 1) t USING (group_no)
"""

_LINK = f"""
UPDATE decided d SET decision = 'link', reason = '{RULED}', guarded = false,
    match_weight = CASE WHEN d.person_no = t.person_no THEN match_weight END,
    match_probability = CASE WHEN d.person_no = t.person_no THEN match_probability END,
    margin = CASE WHEN d.person_no = t.person_no THEN margin END,
    runner_up_weight = CASE WHEN d.person_no = t.person_no THEN runner_up_weight END,
    person_no = t.person_no, best_register_id = t.register_id
FROM ruled_target t
WHERE d.rec_no = t.rec_no AND (t.named OR (d.decision = 'link' AND d.person_no <> t.person_no))
"""

# Two groups ruled different on one register person: the one ruled to be that person keeps it, else the surer.
_YIELD = f"""
UPDATE decided SET decision = 'review', reason = '{RULED_APART}' WHERE rec_no IN (
    WITH claim AS (SELECT t.group_no, d.best_register_id, bool_or(t.named) AS named, max(round(d.match_weight, 6)) AS weight,
            min(d.rec_no) AS first FROM ruled_target t JOIN decided d USING (rec_no) WHERE d.decision = 'link' GROUP BY ALL),
    weaker AS (SELECT o.group_no, o.best_register_id FROM claim o JOIN ruled_groups_apart a ON a.one = o.group_no
        JOIN claim s ON s.group_no = a.other AND s.best_register_id = o.best_register_id
        WHERE (s.named, coalesce(s.weight, -1e9), -s.first) > (o.named, coalesce(o.weight, -1e9), -o.first))
    SELECT t.rec_no FROM ruled_target t JOIN decided d USING (rec_no)
    JOIN weaker w ON w.group_no = t.group_no AND w.best_register_id = d.best_register_id WHERE d.decision = 'link')
"""


# Someone ruled that this record is not this person, of a record that said something else then: nobody is linked against that unseen.
_LAPSED = f"""
UPDATE decided d SET decision = 'review', reason = '{RULED_BEFORE}' FROM ruling_state r JOIN everyone e USING (record_id)
WHERE r.state = '{LAPSED}' AND r.ruling = 'different' AND e.rec_no = d.rec_no AND r.person_no = d.person_no AND d.decision = 'link'
"""


def apply_rulings(con: duckdb.DuckDBPyConnection, *, has_register: bool) -> None:
    """Let rulings change `decided`, once all evidence has spoken: reasons RULED, RULED_APART and RULED_BEFORE."""
    if not has_register:
        return
    con.execute(_LAPSED)
    if con.execute("SELECT 1 FROM ruled LIMIT 1").fetchone():
        con.execute(_TARGET)
        con.execute(_LINK)
        con.execute(_YIELD)
