"""Intervals hold the truth as often as they say, also for sums, and for what probes say of a whole night."""

from __future__ import annotations

import random

import pytest

from padan.linkage.estimates import Answers, Doubt, Stratum, Tally, doubts, precision, recall
from padan.linkage.intervals import Estimate, difference, total, wilson

NIGHTS = 400


def binomial(dice: random.Random, n: int, p: float) -> int:
    return sum(dice.random() < p for _ in range(n))


def test_wilson_as_published_and_at_the_ends() -> None:
    half = wilson(0.5, 10)
    assert (half.lower, half.upper) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    none = wilson(0.0, 10)
    assert (none.lower, none.upper) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(1.0, 10).upper == 1.0
    assert (wilson(0.3, 0).lower, wilson(0.3, 0).upper) == (0.0, 1.0)


def test_a_sum_is_as_uncertain_as_its_parts_together_and_a_difference_turns_one_round() -> None:
    one = Estimate(0.5, 0.4, 0.7)
    assert total([(1.0, one)]) == one
    both = total([(1.0, one), (1.0, one)])
    assert (both.value, both.value - both.lower) == pytest.approx((1.0, 0.1 * 2**0.5))
    apart = difference(one, Estimate(0.2, 0.1, 0.3))
    assert (apart.value, apart.lower, apart.upper) == pytest.approx((0.3, 0.3 - 2**0.5 / 10, 0.3 + 5**0.5 / 10))


@pytest.mark.parametrize(("found", "wrong", "decoy"), [(0.95, 0.002, 0.004), (0.80, 0.03, 0.06), (0.99, 0.0, 0.0)])
def test_recall_and_precision_of_a_night_are_covered(found: float, wrong: float, decoy: float) -> None:
    dice = random.Random(7)
    proven, held, absent, probes = 1_000, 900, 150, 300
    covered = {"recall": 0, "precision": 0}
    for _ in range(NIGHTS):
        right, other, nobody = binomial(dice, held, found), binomial(dice, held, wrong), binomial(dice, absent, decoy)
        said = [binomial(dice, probes, p) for p in (found, wrong, decoy)]
        answers = Answers(*(Tally(probes, n, n / probes, probes, size) for n, size in zip(said, (held, held, absent), strict=True)))
        night = [Stratum(held + absent, right + other + nobody, answers)]
        links = proven + right + other + nobody
        for name, got, true in (
            ("recall", recall(proven, night), (proven + right) / (proven + held)),
            ("precision", precision(proven, night), (proven + right) / links),
        ):
            covered[name] += got.lower - 1e-9 <= true <= got.upper + 1e-9
    assert min(covered.values()) >= 0.93 * NIGHTS


def test_the_share_that_the_register_holds_follows_from_what_links() -> None:
    answers = Answers(Tally(500, 450, 0.90, 500, 800), Tally(500, 5, 0.01, 500, 800), Tally(500, 10, 0.02, 500, 200))
    night = Stratum(1_000, 732, answers)  # 800 held: 728 link; 200 absent: 4 link
    assert night.held == pytest.approx(800)
    assert night.false.value == pytest.approx(12)
    assert night.right == pytest.approx(720)
    assert night.missed.value == pytest.approx(80)


def test_no_more_are_missed_than_have_no_right_link() -> None:
    answers = Answers(Tally(20, 10, 0.5, 20, 100), Tally(20, 0, 0.0, 20, 100), Tally(20, 0, 0.0, 20, 1))
    night = Stratum(100, 98, answers)
    assert night.missed.upper <= 2
    assert recall(0, [night]).lower >= 0.98


def of_likeness(counted: dict[str, tuple[int, int]]) -> dict[tuple[str, str, str], Tally]:
    """Tallies of found twins of class 'tanpa', in all and by likeness: (asked, found)."""
    asked, found = (sum(side) for side in zip(*counted.values(), strict=True))
    tallies = {("found", "nik", "tanpa"): Tally(asked, found, found / asked, asked, asked * 4)}
    for likeness, (n, hits) in counted.items():
        tallies["found", "kemiripan", f"tanpa {likeness}"] = Tally(n, hits, hits / n, n, n * 4)
    return tallies


def test_links_of_a_kind_that_no_found_twin_is_widen_what_is_said_of_the_night() -> None:
    twins = of_likeness({"sama": (260, 258), "mirip": (28, 20), "lain": (20, 2)})
    alike = doubts({("tanpa", "sama"): 1_110, ("tanpa", "mirip"): 88}, twins)["tanpa"]
    assert alike == Doubt(0.0, 0.0)
    other = doubts({("tanpa", "sama"): 1_110, ("tanpa", "mirip"): 88, ("tanpa", "lain"): 120}, twins)["tanpa"]
    assert 0.05 < other.unlike < 0.09
    assert other.missed > other.unlike  # of the likeness that twins are seldom found by, as many more are missed
    answers = Answers(Tally(300, 288, 0.96, 300, 1_300), Tally(300, 0, 0.0, 300, 1_300), Tally(300, 1, 0.003, 300, 150))
    plain, doubtful = Stratum(1_500, 1_318, answers), Stratum(1_500, 1_318, answers, other)
    assert precision(0, [doubtful]).lower < precision(0, [plain]).lower - 0.05
    assert recall(0, [doubtful]).lower < recall(0, [plain]).lower - 0.02
    assert precision(0, [doubtful]).value == precision(0, [plain]).value
