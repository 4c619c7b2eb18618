"""The grading itself: what counts as right, and that it cannot be fooled by leaving rows out."""

from __future__ import annotations

import pytest
from grading import DecisionRow, TruthRow, grade, same_person_f1

TRUTH = [
    TruthRow("pkh", "", 1, "a", frozenset({"D1"})),
    TruthRow("pkh", "", 2, "b", frozenset({"D2"})),
    TruthRow("abh", "", 1, "a", frozenset({"D1"})),
    TruthRow("abh", "", 2, "c", frozenset()),
]


def said(*answers: tuple[str, str | None, str]) -> list[DecisionRow]:
    return [DecisionRow(t.feed, "", t.source_row, *answer, group="g") for t, answer in zip(TRUTH, answers, strict=True)]


def test_a_wrong_link_costs_precision_and_a_missing_one_recall() -> None:
    grades = grade(said(("link", "D1", "P1"), ("link", "D9", "P2"), ("review", None, "P1"), ("link", "D1", "P3")), TRUTH)
    assert grades["all"].precision == pytest.approx(1 / 3)
    assert grades["all"].recall == pytest.approx(1 / 3)
    assert grades["all"].false_absent == 1
    assert grades["pkh"].recall == pytest.approx(1 / 2)
    assert grades["group:g"].held == 3


def test_a_row_without_a_decision_or_with_two_is_no_grade() -> None:
    whole = said(*[("review", None, "P")] * 4)
    with pytest.raises(AssertionError):
        grade(whole[:3], TRUTH)
    with pytest.raises(AssertionError):
        grade([*whole, whole[0]], TRUTH)


def test_persons_are_graded_by_pairs_of_records() -> None:
    assert same_person_f1(said(*[("review", None, p) for p in ("P1", "P2", "P1", "P3")]), TRUTH) == (1.0, 1.0, 1.0)
    precision, recall, _ = same_person_f1(said(*[("review", None, "P1")] * 4), TRUTH)
    assert precision == pytest.approx(1 / 6)
    assert recall == 1.0
