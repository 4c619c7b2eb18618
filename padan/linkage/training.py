"""Estimates the model's probabilities, apart from the night and without any truth: u from random pairs, m by EM on candidates.

The E-step is the night's own decision (one person or nobody for each record), which knows that a record has one answer;
the M-step counts levels. Agreement is counted from Splink's comparison vectors, so that training and scoring see the same.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from padan.config import PersonPolicy
from padan.linkage.candidates import find_candidates, prepare_register
from padan.linkage.decision import weigh
from padan.linkage.institution_v1.definition import INSTITUTION_V1
from padan.linkage.institutions import REGISTERED, prepare_mentions, weigh_mentions
from padan.linkage.institutions import SIDES as MENTIONED
from padan.linkage.model import Comparison, Model, Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.scoring import score_pairs
from padan.linkage.workspace import REGISTER, workspace

_EVERY = """
CREATE TABLE every AS SELECT m.unique_id AS l, r.unique_id AS r FROM mention_model m, lks_model r ORDER BY md5(l || '/' || r) LIMIT 200000
"""

SIDES = ("record_model", "register_model")

#: Pseudo-counts: no level is impossible among matches, since another population errs in other ways.
_MATCH_PRIOR = 20.0
_RANDOM_PRIOR = 0.5


def train(
    con: duckdb.DuckDBPyConnection, register: Path, policy: PersonPolicy, *, iterations: int = 6, random_pairs: int = 1_000_000
) -> Probabilities:
    """Probabilities of every level from the standard persons in `con` and the release in `register`."""
    with workspace(con, register) as (work, warehouse):
        prepare_records(work, warehouse)
        find_candidates(work, policy.block_cap)
        trained = _start(PERSON_V1, _random_shares(work, random_pairs))
        size = register_size(work)
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        for _ in range(iterations):
            work.execute("DROP TABLE IF EXISTS scored")
            score_pairs(work, PERSON_V1, trained, SIDES, "candidate", "scored", size=size, prior=policy.register_coverage / size)
            weigh(work, "scored", size, policy)
            trained = {c.name: _matched(work, "weighed", c, trained[c.name]) for c in PERSON_V1.comparisons}
    return trained


def train_institutions(con: duckdb.DuckDBPyConnection, *, iterations: int = 8) -> Probabilities:
    """Probabilities of every level of the institution model: u from all pairs of mention and LKS, m by EM on candidates."""
    with workspace(con, None) as (work, warehouse):
        size = prepare_mentions(work, warehouse)
        work.execute(_EVERY)
        flat = {c.name: {level.code: (0.5, 0.5) for level in c.levels} for c in INSTITUTION_V1.comparisons}
        score_pairs(work, INSTITUTION_V1, flat, MENTIONED, "every", "every_scored", size=2, prior=0.5)
        random = {c.name: _shares(work, "every_scored", c, "1", _RANDOM_PRIOR) for c in INSTITUTION_V1.comparisons}
        trained = _start(INSTITUTION_V1, random)
        for _ in range(iterations):
            work.execute("DROP TABLE IF EXISTS mention_scored")
            prior = REGISTERED / size
            score_pairs(work, INSTITUTION_V1, trained, MENTIONED, "mention_pair", "mention_scored", size=size, prior=prior)
            weigh_mentions(work, size)
            trained = {c.name: _matched(work, "mention_weighed", c, trained[c.name]) for c in INSTITUTION_V1.comparisons}
    return trained


def _random_shares(con: duckdb.DuckDBPyConnection, pairs: int) -> dict[str, dict[int, float]]:
    """The u of every level: its share among pairs of a record and a register person drawn at random."""
    con.execute("CREATE TABLE kept AS SELECT * FROM pair")
    con.execute(
        f"""CREATE OR REPLACE TABLE pair AS
        SELECT DISTINCT r.rec_no, CAST(md5_number_lower(r.rec_no || '/' || i) % s.persons AS INTEGER) + 1
        AS person_no,
        0 AS rules FROM record r, range({pairs} // (SELECT count(*) FROM record) + 1) t(i), {REGISTER}.release s"""
    )
    prepare_register(con)
    con.execute("CREATE TABLE random_pair AS SELECT rec_no AS l, person_no AS r FROM pair")
    flat = {c.name: {level.code: (0.5, 0.5) for level in c.levels} for c in PERSON_V1.comparisons}
    score_pairs(con, PERSON_V1, flat, SIDES, "random_pair", "random_scored", size=2, prior=0.5)
    shares = {c.name: _shares(con, f"(SELECT * FROM random_scored WHERE {c.among})", c, "1", _RANDOM_PRIOR) for c in PERSON_V1.comparisons}
    con.execute("CREATE OR REPLACE TABLE pair AS SELECT * FROM kept")
    prepare_register(con)
    for table in ("kept", "random_pair", "random_scored"):
        con.execute(f"DROP TABLE {table}")
    return shares


def _start(model: Model, random: dict[str, dict[int, float]]) -> Probabilities:
    """Where EM starts: matches mostly agree at the strongest levels."""
    start: Probabilities = {}
    for comparison in model.comparisons:
        shares = {level.code: 0.5**rank for rank, level in enumerate(comparison.levels)}
        total = sum(shares.values())
        start[comparison.name] = {code: (share / total, random[comparison.name][code]) for code, share in shares.items()}
    return start


def _shares(con: duckdb.DuckDBPyConnection, table: str, comparison: Comparison, weight: str, pseudo: float) -> dict[int, float]:
    """Share of each level among the pairs that can be compared, each counted with `weight`."""
    counted = dict(
        con.execute(f"SELECT gamma_{comparison.name}, sum({weight}) FROM {table} WHERE gamma_{comparison.name} >= 0 GROUP BY 1").fetchall()
    )
    counts = {level.code: float(counted.get(level.code - 1, 0.0)) + pseudo / len(comparison.levels) for level in comparison.levels}
    total = sum(counts.values())
    return {code: count / total for code, count in counts.items()}


def _matched(
    con: duckdb.DuckDBPyConnection, weighed: str, comparison: Comparison, before: dict[int, tuple[float, float]]
) -> dict[int, tuple[float, float]]:
    shares = _shares(con, weighed, comparison, "probability", _MATCH_PRIOR)
    return {code: (share, before[code][1]) for code, share in shares.items()}
