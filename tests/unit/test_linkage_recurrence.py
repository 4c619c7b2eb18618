"""A doubtful record whose best candidate other records name: joined where recurrence settles it, and nowhere else."""

from __future__ import annotations

import math

import pytest
from linkage_world import CONFIG, built, child, crowd, home_of, warehouse

from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.recurrence import add_recurring
from padan.linkage.workspace import workspace

SIZE = 10
OWN_DAY = {"nama": (14, 12.0), "lahir": (8, 13.0)}
SIBLINGS_NAME = {"nama": (6, 1.0), "lahir": (2, -3.0)}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(home_of(tmp_path_factory.mktemp("register") / "home"), [child(1, "YUSUF HABIBIE", "2013-04-19"), *crowd(50)])


def joined(release, own: float, *, evidence=OWN_DAY, others: int = 3, feed_repeats: bool = True, reason="bukti_abu_abu", runner_up=None):
    """Edges of record 1, doubtful about person 1 with posterior `own`; `others` records link to 1, and two link to nobody else's."""
    links = [(100 + i, 1) for i in range(others)] + [(200, 2), (201, 2 if feed_repeats else 3)]
    with workspace(warehouse([]), release.path) as (work, catalog):
        work.execute(
            """CREATE TABLE decided (rec_no INTEGER, person_no INTEGER, match_probability DOUBLE, match_weight DOUBLE,
            runner_up_weight DOUBLE, reason VARCHAR)"""
        )
        work.execute("INSERT INTO decided VALUES (1, 1, ?, 8, ?, ?)", [own, runner_up, reason])
        work.execute("CREATE TABLE grouped (rec_no INTEGER, person_no INTEGER, group_no INTEGER)")
        work.execute("INSERT INTO grouped VALUES (1, NULL, 1)")
        for rec_no, person_no in links:
            first = min(no for no, named in links if named == person_no)
            work.execute("INSERT INTO grouped VALUES (?, ?, ?)", [rec_no, person_no, first])
        work.execute("CREATE TABLE everyone AS SELECT rec_no, 'r' || rec_no AS record_id, 7 AS delivery FROM grouped")
        work.execute("CREATE TABLE stood AS SELECT rec_no FROM everyone WHERE false")
        work.execute("CREATE TABLE edge (one INTEGER, other INTEGER, weight DOUBLE)")
        scores = {c.name: evidence.get(c.name, (0, 0.0)) for c in PERSON_V1.comparisons}
        columns = ", ".join(f"{code - 1} AS gamma_{name}, {bits} AS mw_{name}" for name, (code, bits) in scores.items())
        kept = f"""SELECT 'r1' AS record_id, 'A' AS register_id, 1 AS rank, [] AS rules, 8.0 AS match_weight, {own} AS match_probability,
            {columns}, 'run' AS run_id"""
        work.execute(f"CREATE TABLE kept_candidate AS {kept}")
        work.execute(f"CREATE SCHEMA {catalog}.link")
        work.execute(f"CREATE TABLE {catalog}.link.candidate AS FROM kept_candidate WHERE false")
        add_recurring(work, catalog, PERSON_V1.load(), SIZE, CONFIG.person)
        return work.execute("FROM edge").fetchall()


def test_a_person_whom_others_name_is_likelier(release) -> None:
    [(one, other, weight)] = joined(release, 0.95)
    assert (one, other) == (1, 100)
    assert weight > math.log2(0.95 / 0.05)


@pytest.mark.parametrize(
    "but",
    [
        {"own": 0.50},
        {"others": 0},
        {"reason": "nama_atau_tanggal_beda"},
        {"evidence": SIBLINGS_NAME},
        {"runner_up": 7.0},
    ],
    ids=["too little by itself", "nobody names the person", "another's name or date", "as good for a sibling", "a second as good"],
)
def test_not_joined(release, but) -> None:
    assert joined(release, **({"own": 0.95} | but)) == []


def test_it_counts_for_nothing_in_a_feed_that_names_nobody_twice(release) -> None:
    assert joined(release, 0.95, others=1)
    assert joined(release, 0.95, others=1, feed_repeats=False) == []
