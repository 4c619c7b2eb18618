"""Which records are one person, over all feeds, also where the register holds nobody.

Records that link to one register person are one. The others are compared with all records by the same model and joined
from the surest pair down (as is a doubtful one whose candidate others name: recurrence), never across two register persons,
two NIKs, two birth dates, or a ruling.
Does not belong here: the link to the register (decision), the ids of persons (identity).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from padan.config import PersonPolicy
from padan.linkage.decision import member_bits
from padan.linkage.memory import standard_of
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.record_pairs import find_record_pairs
from padan.linkage.records import prepare_records
from padan.linkage.recurrence import add_recurring
from padan.linkage.scoring import score_pairs
from padan.linkage.screen import screen_record_pairs, screen_unread_pairs
from padan.linkage.siblings import prepare_siblings
from padan.progress import Progress, quiet
from padan.warehouse import append_rows, count_rows

#: Records of a brother or sister that a record meets by chance, per record of its own.
SIBLING_RECORDS = 2.0

# A group before anything is joined: the records linked to one register person, or one record; named by its first record.
_GROUP = """
CREATE OR REPLACE TABLE grouped AS
SELECT rec_no, person_no, coalesce(first, rec_no) AS group_no
FROM (SELECT rec_no, CASE WHEN decision = 'link' THEN person_no END AS person_no FROM decided)
LEFT JOIN (SELECT person_no, min(rec_no) AS first FROM decided WHERE decision = 'link' GROUP BY 1) USING (person_no)
"""

_EDGE = """
CREATE OR REPLACE TABLE edge AS
SELECT least(l.group_no, r.group_no) AS one, greatest(l.group_no, r.group_no) AS other, max(round(s.weight, 6)) AS weight
FROM (SELECT *, false AS family_words, false AS parental FROM record_scored) s
JOIN grouped l ON l.rec_no = s.l JOIN grouped r ON r.rec_no = s.r
WHERE exp2_(weight) / (exp2_(weight) + 1 + {siblings} * exp2_(weight - ({member}))) >= {probability} AND l.group_no <> r.group_no
GROUP BY ALL
"""

# What may not differ within a person, of the groups that may be joined.
_FACTS = """
SELECT group_no, any_value(grouped.person_no), list_sort(list(DISTINCT nik) FILTER (nik IS NOT NULL)),
    list_sort(list(DISTINCT lahir) FILTER (lahir IS NOT NULL)), list(DISTINCT u.ruled) FILTER (u.ruled IS NOT NULL),
    list(DISTINCT b.barred) FILTER (b.barred IS NOT NULL)
FROM grouped JOIN everyone e USING (rec_no)
LEFT JOIN (SELECT record_id, group_no AS ruled FROM ruled) u ON u.record_id = e.record_id
LEFT JOIN (SELECT record_id, person_no AS barred FROM ruled_apart) b ON b.record_id = e.record_id
WHERE group_no IN (SELECT one FROM edge UNION SELECT other FROM edge UNION SELECT one FROM must UNION SELECT other FROM must)
GROUP BY group_no ORDER BY group_no
"""

_MUST = """
CREATE OR REPLACE TABLE must AS
SELECT DISTINCT min(g.group_no) OVER (PARTITION BY u.group_no) AS one, g.group_no AS other
FROM ruled u JOIN everyone e USING (record_id) JOIN grouped g USING (rec_no)
"""


#: Groups that may be joined are many in a nation, most know little, and Python makes each empty set anew.
_NOTHING: frozenset[Any] = frozenset()


@dataclass(slots=True)
class _Group:
    """Records held to be one person by its first record's number, with what may not differ among them.

    `ruled`: groups of rulings it takes part in; `apart`: those that it may not join; `barred`: register persons that it is not.
    """

    first: int
    person_nos: frozenset[int] = _NOTHING
    niks: frozenset[str] = _NOTHING
    dates: frozenset[dt.date] = _NOTHING
    ruled: frozenset[int] = _NOTHING
    apart: frozenset[int] = _NOTHING
    barred: frozenset[int] = _NOTHING


def join_records(
    con: duckdb.DuckDBPyConnection,
    warehouse: str,
    trained: Probabilities | None,
    size: int,
    policy: PersonPolicy,
    progress: Progress = quiet,
) -> None:
    """Make `component(rec_no, component)`: the smallest record number of each person.

    `trained`: the model to compare records with; without one (there is no register) only rulings join records.
    """
    con.execute(_GROUP)
    con.execute(_MUST)
    con.execute("CREATE OR REPLACE TABLE edge (one INTEGER, other INTEGER, weight DOUBLE)")
    if trained:
        find_record_pairs(con, warehouse, progress)
        _score_record_pairs(con, warehouse, trained, size, policy)
        add_recurring(con, warehouse, trained, size, policy)
    groups = {g.first: g for g in _facts(con)}
    must = con.execute("SELECT one, other FROM must WHERE one <> other ORDER BY 1, 2").fetchall()
    found = merged(groups, _rows(con.execute("SELECT one, other FROM edge ORDER BY weight DESC, one, other")), must)
    con.execute("CREATE OR REPLACE TABLE joined (group_no INTEGER, component INTEGER)")
    append_rows(con, "joined", [(g, root) for g, root in found.items() if g != root])
    con.execute(
        """CREATE OR REPLACE TABLE component AS SELECT rec_no, coalesce(j.component, g.group_no) AS component
        FROM grouped g LEFT JOIN joined j USING (group_no)"""
    )


def _score_record_pairs(con: duckdb.DuckDBPyConnection, warehouse: str, trained: Probabilities, size: int, policy: PersonPolicy) -> None:
    """`edge(one, other, weight)`: groups that some pair of their records says are one person."""
    if not con.execute("SELECT 1 FROM record_pair LIMIT 1").fetchone():
        return
    prior, least = 1 / max(count_rows(con, "everyone"), 2), policy.same_person_probability
    both = standard_of(warehouse, "SELECT unnest([l, r]) FROM record_pair")
    seeking = "SELECT rec_no FROM decided WHERE decision <> 'link' AND rec_no IN (SELECT unnest([l, r]) FROM record_pair)"
    prepare_records(con, warehouse, source=standard_of(warehouse, seeking), number="rec_no")
    screen_unread_pairs(con, both, trained, size, prior, least)
    prepare_records(con, warehouse, source=both, number="rec_no")
    screen_record_pairs(con, trained, size, prior, least)
    if not count_rows(con, "record_pair"):
        return
    sides = ("record_model", "record_model")
    score_pairs(con, PERSON_V1, trained, sides, "record_pair", "record_scored", size=size, prior=prior)
    prepare_siblings(con, trained)
    con.execute(_EDGE.format(siblings=SIBLING_RECORDS, member=member_bits(), probability=policy.same_person_probability))


def _facts(con: duckdb.DuckDBPyConnection) -> Iterator[_Group]:
    apart: dict[int, set[int]] = {}
    for one, other in con.execute("SELECT one, other FROM ruled_groups_apart").fetchall():
        apart.setdefault(one, set()).add(other)
    for first, person_no, niks, dates, ruled, barred in _rows(con.execute(_FACTS)):
        forbidden = {other for group in ruled or () for other in apart.get(group, ())}
        known = ([] if person_no is None else [person_no], niks, dates, ruled, forbidden, barred)
        yield _Group(first, *(frozenset(values) if values else _NOTHING for values in known))


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple]:  # type: ignore[type-arg]
    while rows := cursor.fetchmany(10_000):
        yield from rows


def merged(groups: dict[int, _Group], edges: Iterable[tuple[int, int]], must: Iterable[tuple[int, int]] = ()) -> dict[int, int]:
    """First record of the person that each group belongs to.

    Joined as ruled (`must`), then along `edges`, surest first, where nothing contradicts.
    """
    above = {first: first for first in groups}
    for one, other in must:
        _join(groups, above, _top(above, one), _top(above, other))
    for one, other in edges:
        left, right = _top(above, one), _top(above, other)
        if left != right and _compatible(groups[left], groups[right]):
            _join(groups, above, left, right)
    return {first: _top(above, first) for first in above}


def _top(above: dict[int, int], group: int) -> int:
    while above[group] != group:
        above[group] = above[above[group]]
        group = above[group]
    return group


def _join(groups: dict[int, _Group], above: dict[int, int], left: int, right: int) -> None:
    if left == right:
        return
    kept, gone = min(left, right), max(left, right)
    above[gone] = kept
    one, other = groups[kept], groups.pop(gone)
    for part in ("person_nos", "niks", "dates", "ruled", "apart", "barred"):
        setattr(one, part, getattr(one, part) | getattr(other, part))


def _compatible(one: _Group, other: _Group) -> bool:
    if len(one.person_nos | other.person_nos) > 1:
        return False
    if one.apart & other.ruled or one.barred & other.person_nos or other.barred & one.person_nos:
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
