"""Answers every record again, on a chosen engine, and says where an answer is not the night's. Writes nothing.

What is compared is each record's own answer: rulings act later, and a record that a ruling has decided is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from padan.config import PersonPolicy
from padan.linkage.answering import answer
from padan.linkage.engine import Engine
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.rulings import RULED, RULED_APART
from padan.linkage.workspace import workspace
from padan.progress import Progress
from padan.register.release import Release
from padan.warehouse import count_rows

#: A weight that differs by less is the same: sums of doubles end in other digits on other engines.
TOLERANCE = 1e-6

_DIFFERS = """
SELECT r.record_id, n.decision, d.decision,
    CASE WHEN n.decision <> d.decision THEN 'keputusan'
        WHEN n.register_id IS DISTINCT FROM CASE WHEN d.decision = 'link' THEN d.best_register_id END THEN 'orang'
        WHEN n.reason <> d.reason THEN 'alasan' ELSE 'bobot' END AS what
FROM decided d JOIN record r USING (rec_no) JOIN {warehouse}.link.decision n ON n.record_id = r.record_id AND n.entity_type = 'person'
WHERE n.reason NOT IN ('{same}', '{apart}') AND (n.decision <> d.decision OR n.reason <> d.reason
    OR n.register_id IS DISTINCT FROM CASE WHEN d.decision = 'link' THEN d.best_register_id END
    OR coalesce(abs(n.match_weight - d.match_weight), 0) > {tolerance} OR (n.match_weight IS NULL) <> (d.match_weight IS NULL))
ORDER BY what, r.record_id
"""


@dataclass(frozen=True)
class Difference:
    """A record whose answer is not the night's: `what` is keputusan, orang, alasan or bobot."""

    record_id: str
    night: str
    again: str
    what: str


@dataclass(frozen=True)
class Comparison:
    """Records answered, candidates compared, answers by decision, and the differing ones."""

    records: int
    candidates: int
    by_decision: dict[str, int]
    differences: list[Difference]


def answer_again(con: duckdb.DuckDBPyConnection, release: Release, policy: PersonPolicy, engine: Engine, progress: Progress) -> Comparison:
    """The answers of every standard person on `engine`, compared with schema `link` of the warehouse that `con` uses."""
    with workspace(con, release.path) as (work, warehouse):
        prepare_records(work, warehouse)
        progress("catatan", count_rows(work, "record"))
        answer(work, policy, PERSON_V1.load(), register_size(work), progress, engine=engine)
        rows = work.execute(_DIFFERS.format(warehouse=warehouse, same=RULED, apart=RULED_APART, tolerance=TOLERANCE)).fetchall()
        return Comparison(
            records=count_rows(work, "record"),
            candidates=count_rows(work, "pair"),
            by_decision=dict(work.execute("SELECT decision, count(*) FROM decided GROUP BY 1 ORDER BY 1").fetchall()),
            differences=[Difference(*row) for row in rows],
        )
