"""Grades decisions against truth: pure functions over rows, no pipeline.

A record's right answer is the register row of its person: known by NIK, and where the register's NIK is empty or a
placeholder by family, name and birth date (/data README). A person whom the register does not hold has no right link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TruthRow:
    """Who a row of a feed is; `register_ids`: the register rows that are this person, empty when the register lacks them.

    `source_file` is '' in truth that knows one file a feed; then it must be '' in the decisions too.
    """

    feed: str
    source_file: str
    source_row: int
    person: str
    register_ids: frozenset[str]


@dataclass(frozen=True)
class DecisionRow:
    """What the night said about a row; `group` is whatever the figures are to be broken down by."""

    feed: str
    source_file: str
    source_row: int
    decision: str
    register_id: str | None
    person_id: str
    group: str = ""


@dataclass
class Grade:
    """Counts of one breakdown."""

    held: int = 0
    linked: int = 0
    right: int = 0
    absent: int = 0
    absent_linked: int = 0
    decisions: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Right links among links."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Right links among records whose person the register holds."""
        return self.right / self.held if self.held else 1.0

    @property
    def false_absent(self) -> float:
        """Links among records whose person the register lacks."""
        return self.absent_linked / self.absent if self.absent else 0.0


def grade(decisions: Iterable[DecisionRow], truth: Iterable[TruthRow]) -> dict[str, Grade]:
    """Grades by breakdown: 'all', each feed, and each 'group:<group>'.

    Raises:
        AssertionError: a row of the truth has no decision or more than one.
    """
    said: dict[tuple[str, str, int], DecisionRow] = {}
    for row in decisions:
        assert _place(row) not in said, f"{_place(row)}: two decisions"
        said[_place(row)] = row
    grades: dict[str, Grade] = {}
    for true in truth:
        answer = said.get(_place(true))
        assert answer is not None, f"{_place(true)}: no decision"
        for name in ("all", true.feed, f"group:{answer.group}"):
            _count(grades.setdefault(name, Grade()), answer, true)
    return grades


def _place(row: TruthRow | DecisionRow) -> tuple[str, str, int]:
    return row.feed, row.source_file, row.source_row


def _count(into: Grade, answer: DecisionRow, true: TruthRow) -> None:
    into.decisions[answer.decision] += 1
    linked = answer.decision == "link"
    into.linked += linked
    into.held += bool(true.register_ids)
    into.right += linked and answer.register_id in true.register_ids
    into.absent += not true.register_ids
    into.absent_linked += linked and not true.register_ids


def same_person_f1(decisions: Iterable[DecisionRow], truth: Iterable[TruthRow]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of records that share a person."""
    person = {_place(t): t.person for t in truth}
    rows = [(d.person_id, person[_place(d)]) for d in decisions if _place(d) in person]
    said, true, both = (sum(n * (n - 1) // 2 for n in Counter(k).values()) for k in ([a for a, _ in rows], [b for _, b in rows], rows))
    precision, recall = (both / said if said else 1.0), (both / true if true else 1.0)
    return precision, recall, 2 * precision * recall / (precision + recall)
