"""When a case is decided: by one reader, by two of one mind, by the majority of three; never by an office alone where the centre must."""

from __future__ import annotations

import itertools
import math

import pytest

from padan.review.learning import kappa, link_threshold, review_threshold
from padan.review.people import Side, agreeing
from padan.review.readers import Outcome, Reading, outcome_of

S, B, R = "SAMA", "BEDA", "RAGU"


def said(*answers: str, office: int = 0) -> list[Reading]:
    """Readings by as many people; the first `office` of them are an office's."""
    return [Reading(f"pembaca-{at}", answer, centre=at >= office) for at, answer in enumerate(answers)]


@pytest.mark.parametrize(
    ("answers", "second", "outcome"),
    [
        ((), False, Outcome(None, 1)),
        ((), True, Outcome(None, 2)),
        ((S,), False, Outcome("same", 1)),
        ((B,), False, Outcome("different", 1)),
        ((S,), True, Outcome(None, 2)),
        ((R,), False, Outcome(None, 2)),
        ((S, S), True, Outcome("same", 2)),
        ((S, B), True, Outcome(None, 3)),
        ((R, S), False, Outcome(None, 3)),
        ((R, R), False, Outcome(None, 2, put_off=True)),
        ((S, B, B), True, Outcome("different", 3)),
        ((R, S, S), False, Outcome("same", 3)),
        ((S, B, R), True, Outcome(None, 3, put_off=True)),
        ((R, B, R), False, Outcome(None, 3, put_off=True)),
    ],
)
def test_one_two_or_three_readers_decide(answers: tuple[str, ...], second: bool, outcome: Outcome) -> None:
    assert outcome_of(said(*answers), second=second, centre_decides=False) == outcome


@pytest.mark.parametrize("answers", [one for n in (0, 1, 2, 3) for one in itertools.product((S, B, R), repeat=n)])
@pytest.mark.parametrize("second", [False, True])
def test_offices_alone_never_decide_what_the_centre_must(answers: tuple[str, ...], second: bool) -> None:
    by_office = outcome_of(said(*answers, office=3), second=second, centre_decides=True)
    assert by_office.ruling is None
    whoever = outcome_of(said(*answers), second=second, centre_decides=False)
    turned = tuple({S: B, B: S, R: R}[answer] for answer in answers)
    mirrored = outcome_of(said(*turned), second=second, centre_decides=False)
    assert {None: None, "same": "different", "different": "same"}[whoever.ruling] == mirrored.ruling, "neither answer weighs more"
    assert whoever.open == (whoever.ruling is None and not whoever.put_off)


def test_the_centre_confirms_or_overturns_an_office() -> None:
    assert outcome_of(said(S, S, office=1), second=False, centre_decides=True) == Outcome("same", 2)
    assert outcome_of(said(S, B, office=1), second=False, centre_decides=True) == Outcome(None, 3)
    assert outcome_of(said(S, B, B, office=1), second=False, centre_decides=True) == Outcome("different", 3)


def test_agreement_beyond_chance() -> None:
    assert math.isnan(kappa([])) and math.isnan(kappa([(S, S)] * 9))
    assert kappa([(S, S)] * 5 + [(B, B)] * 5) == 1.0
    assert kappa([(S, B)] * 5 + [(B, S)] * 5) == -1.0
    assert kappa([(S, S), (S, B), (B, S), (B, B)]) == 0.0
    # 20 pairs, 15 alike; 24 answers of 40 are SAMA: chance 0.52
    assert kappa([(S, S)] * 10 + [(B, B)] * 5 + [(S, B)] * 4 + [(B, S)]) == pytest.approx((0.75 - 0.53125) / (1 - 0.53125))


def test_a_threshold_is_suggested_only_where_rulings_bear_it_out() -> None:
    assert link_threshold([(0.9, True)] * 300, 0.99) is None, "300 without a fault do not prove 99 %"
    many = [(0.9, True)] * 400 + [(0.6, False)] * 50
    assert link_threshold(many, 0.99) == 0.9
    assert review_threshold(many, 0.05) is None
    assert review_threshold(many + [(0.2, False)] * 100, 0.05) == 0.6
    assert link_threshold([], 0.99) is None and review_threshold([], 0.05) is None


def side(*cells: str) -> Side:
    return Side(cells, "", None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("31.75 Kota Jakarta Timur", "31.75.10 Cipayung, Kota Jakarta Timur", True),
        ("31.75.10 Cipayung", "31.75.10 Cipayung", True),
        ("31.75.01 Matraman", "31.75.10 Cipayung", False),
        ("31.74 Kota Jakarta Selatan", "31.75.10 Cipayung", False),
        ("", "31.75.10 Cipayung", None),
    ],
)
def test_a_regency_agrees_with_every_district_in_it(one: str, other: str, same: bool | None) -> None:
    left, right = side("BUDI", "", "L", "", one), side("BUDI", "01-01-2012", "P", "", other)
    assert agreeing(left, right) == agreeing(right, left) == (True, None, False, None, same)
