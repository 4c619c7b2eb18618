"""Which records may be one person: joined from the surest pair down, never across two register persons, NIKs or birthdays."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padan.linkage.entities import _Group, _near, _same_birth, merged

ONE, OTHER = "3273010101100001", "3204020505120009"
BORN = dt.date(2012, 5, 17)


def groups(*known: dict) -> dict[int, _Group]:
    return {n: _Group(n, **facts) for n, facts in enumerate(known)}


def partition(found: dict[int, int]) -> set[frozenset[int]]:
    return {frozenset(n for n, root in found.items() if root == person) for person in set(found.values())}


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ({}, {}, True),
        ({"niks": {ONE}}, {}, True),
        ({"niks": {ONE}}, {"niks": {ONE}}, True),
        ({"niks": {ONE}}, {"niks": {ONE[:15] + "2"}}, True),  # one digit wrong
        ({"niks": {ONE}}, {"niks": {OTHER}}, False),
        ({"niks": {ONE, OTHER}}, {"niks": {OTHER}}, True),  # one of the rows held a parent's
        ({"dates": {BORN}}, {"dates": {dt.date(2012, 1, 1)}}, True),  # day unknown
        ({"dates": {BORN}}, {"dates": {dt.date(2012, 5, 27)}}, True),
        ({"dates": {dt.date(2012, 5, 6)}}, {"dates": {dt.date(2012, 6, 5)}}, True),
        ({"dates": {BORN}}, {"dates": {dt.date(2015, 8, 2)}}, False),
        ({"person_nos": {1}}, {}, True),
        ({"person_nos": {1}}, {"person_nos": {2}}, False),
    ],
)  # fmt: skip
def test_two_groups_join_unless_something_contradicts(left, right, joined) -> None:
    assert (len(partition(merged(groups(left, right), [(0, 1)]))) == 1) is joined


def test_a_record_between_two_register_persons_goes_to_the_surer_one() -> None:
    three = groups({"person_nos": {1}}, {}, {"person_nos": {2}})
    assert partition(merged(three, [(1, 2), (0, 1)])) == {frozenset({0}), frozenset({1, 2})}


def test_a_chain_does_not_join_what_its_ends_forbid() -> None:
    chain = groups({"niks": {ONE}}, {}, {"niks": {OTHER}})
    assert partition(merged(chain, [(0, 1), (1, 2)])) == {frozenset({0, 1}), frozenset({2})}


@given(
    st.lists(st.sampled_from([None, 1, 2, 3]), min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=25),
)
def test_no_group_ever_holds_two_register_persons_and_no_record_is_lost(holders, edges) -> None:
    start = groups(*({"person_nos": {d}} if d else {} for d in holders))
    found = merged(start, [(a, b) for a, b in edges if a < len(holders) and b < len(holders)])
    assert sorted(found) == list(range(len(holders)))
    for person in partition(found):
        assert len({holders[n] for n in person} - {None}) <= 1
        assert min(person) == found[min(person)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"apart": {1}}, {"ruled": {1}}),
        ({"barred": {1}}, {"person_nos": {1}}),
        ({"person_nos": {1}}, {"barred": {1}}),
    ],
)
def test_what_a_ruling_sets_apart_no_evidence_joins(left, right) -> None:
    assert len(partition(merged(groups(left, right), [(0, 1)]))) == 2


def test_what_a_ruling_joins_is_one_whatever_the_evidence_says() -> None:
    two = groups({"niks": {ONE}, "dates": {BORN}}, {"niks": {OTHER}, "dates": {dt.date(1990, 8, 2)}})
    assert partition(merged(two, [], [(0, 1)])) == {frozenset({0, 1})}


def test_near_niks_and_birthdays_are_symmetric() -> None:
    swapped = ONE[:5] + ONE[6] + ONE[5] + ONE[7:]
    assert _near(ONE, swapped)
    assert _near(swapped, ONE)
    assert not _near(ONE, OTHER)
    assert _same_birth(dt.date(2012, 1, 1), BORN)
    assert _same_birth(BORN, dt.date(2012, 1, 1))
