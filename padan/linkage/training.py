"""Estimates the models' probabilities, apart from the night and without any truth: u from random pairs, m by EM on candidates.

The E-step is the night's own decision (one person or nobody for each record), which knows that a record has one answer;
the M-step counts levels. Agreement is counted from Splink's comparison vectors, so that training and scoring see the same.
Counts of several populations are pooled: a model is for offices that err in different ways.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
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

#: Pairs that reached each level, among believed matches and among random pairs: comparison → level code → (matches, random).
Counts = dict[str, dict[int, tuple[float, float]]]

SIDES = ("record_model", "register_model")

#: Pseudo-counts of a comparison: no level is impossible, since another population errs in other ways.
_MATCH_PRIOR, _RANDOM_PRIOR = 20.0, 0.5

#: Matches at a level, below which its share says nothing.
_SEEN = 5.0

_RANDOM_PERSONS = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT r.rec_no, CAST(md5_number_lower(r.rec_no || '/' || i) % s.persons AS INTEGER) + 1 AS person_no, 0 AS rules
FROM record r, range({pairs} // (SELECT count(*) FROM record) + 1) t(i), {register}.release s
"""

_RANDOM_MENTIONS = """
CREATE TABLE every AS SELECT m.unique_id AS l, r.unique_id AS r FROM mention_model m, lks_model r ORDER BY md5(l || '/' || r) LIMIT 200000
"""


def count_persons(
    con: duckdb.DuckDBPyConnection, register: Path, policy: PersonPolicy, *, iterations: int = 6, random_pairs: int = 1_000_000
) -> Counts:
    """Level counts of the person model from the standard persons in `con` and the release in `register`."""
    with workspace(con, register) as (work, warehouse):
        prepare_records(work, warehouse)
        find_candidates(work, policy.block_cap)
        random = _random_counts(work, random_pairs)
        size = register_size(work)
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        counts = _start(PERSON_V1, random)
        for _ in range(iterations):
            work.execute("DROP TABLE IF EXISTS scored")
            prior = policy.register_coverage / size
            score_pairs(work, PERSON_V1, probabilities(PERSON_V1, [counts]), SIDES, "candidate", "scored", size=size, prior=prior)
            weigh(work, "scored", size, policy)
            counts = _counts(work, PERSON_V1, "weighed", random)
    return counts


def count_institutions(con: duckdb.DuckDBPyConnection, *, iterations: int = 8) -> Counts:
    """Level counts of the institution model from the mentions and the LKS register in `con`."""
    with workspace(con, None) as (work, warehouse):
        size = prepare_mentions(work, warehouse)
        work.execute(_RANDOM_MENTIONS)
        score_pairs(work, INSTITUTION_V1, _flat(INSTITUTION_V1), MENTIONED, "every", "every_scored", size=2, prior=0.5)
        random = {c.name: _levels(work, "every_scored", c, "1") for c in INSTITUTION_V1.comparisons}
        counts = _start(INSTITUTION_V1, random)
        for _ in range(iterations):
            work.execute("DROP TABLE IF EXISTS mention_scored")
            trained, prior = probabilities(INSTITUTION_V1, [counts]), REGISTERED / size
            score_pairs(work, INSTITUTION_V1, trained, MENTIONED, "mention_pair", "mention_scored", size=size, prior=prior)
            weigh_mentions(work, size)
            counts = _counts(work, INSTITUTION_V1, "mention_weighed", random)
    return counts


def probabilities(model: Model, counted: Sequence[Counts]) -> Probabilities:
    """The m and u of every level from pooled counts. A level that hardly any match reached is worth no more than the next weaker."""
    return {c.name: _probabilities(c, [counts[c.name] for counts in counted]) for c in model.comparisons}


def write_trained(model: Model, trained: Probabilities, path: Path | None = None) -> None:
    """Write `trained` where the night loads it from, to four digits."""
    rounded = {
        name: {str(code): {"m": float(f"{m:.4g}"), "u": float(f"{u:.4g}")} for code, (m, u) in levels.items()}
        for name, levels in trained.items()
    }
    (path or model.trained).write_text(json.dumps({"model": model.version, "comparisons": rounded}, indent=1) + "\n")


def _probabilities(comparison: Comparison, counted: Sequence[dict[int, tuple[float, float]]]) -> dict[int, tuple[float, float]]:
    n = len(comparison.levels)
    matches = {level.code: sum(c[level.code][0] for c in counted) for level in comparison.levels}
    randoms = {level.code: sum(c[level.code][1] for c in counted) for level in comparison.levels}
    all_matches, all_randoms = sum(matches.values()) + _MATCH_PRIOR, sum(randoms.values()) + _RANDOM_PRIOR
    found: dict[int, tuple[float, float]] = {}
    weaker = 0.0
    for level in reversed(comparison.levels):
        m = (matches[level.code] + _MATCH_PRIOR / n) / all_matches
        u = (randoms[level.code] + _RANDOM_PRIOR / n) / all_randoms
        if matches[level.code] < _SEEN:
            u = max(u, m / 2**weaker)
        weaker = math.log2(m / u)
        found[level.code] = (m, u)
    return found


def _start(model: Model, random: dict[str, dict[int, float]]) -> Counts:
    """Where EM starts: matches mostly agree at the strongest levels."""
    return {
        c.name: {level.code: (10_000 * 0.5**rank, random[c.name][level.code]) for rank, level in enumerate(c.levels)}
        for c in model.comparisons
    }


def _flat(model: Model) -> Probabilities:
    return {c.name: {level.code: (0.5, 0.5) for level in c.levels} for c in model.comparisons}


def _random_counts(con: duckdb.DuckDBPyConnection, pairs: int) -> dict[str, dict[int, float]]:
    """How many of about `pairs` random pairs of a record and a register person reach each level."""
    con.execute("CREATE TABLE kept AS SELECT * FROM pair")
    con.execute(_RANDOM_PERSONS.format(pairs=pairs, register=REGISTER))
    prepare_register(con)
    con.execute("CREATE TABLE random_pair AS SELECT rec_no AS l, person_no AS r FROM pair")
    score_pairs(con, PERSON_V1, _flat(PERSON_V1), SIDES, "random_pair", "random_scored", size=2, prior=0.5)
    counts = {c.name: _levels(con, f"(SELECT * FROM random_scored WHERE {c.among})", c, "1") for c in PERSON_V1.comparisons}
    con.execute("CREATE OR REPLACE TABLE pair AS SELECT * FROM kept")
    prepare_register(con)
    for table in ("kept", "random_pair", "random_scored"):
        con.execute(f"DROP TABLE {table}")
    return counts


def _counts(con: duckdb.DuckDBPyConnection, model: Model, weighed: str, random: dict[str, dict[int, float]]) -> Counts:
    """Level counts among the candidates, each as far as it is believed to be the match."""
    counts: Counts = {}
    for comparison in model.comparisons:
        matches = _levels(con, weighed, comparison, "probability")
        counts[comparison.name] = {code: (matches[code], random[comparison.name][code]) for code in matches}
    return counts


def _levels(con: duckdb.DuckDBPyConnection, table: str, comparison: Comparison, weight: str) -> dict[int, float]:
    """Sum of `weight` by level code."""
    gamma = f"gamma_{comparison.name}"
    sums = dict(con.execute(f"SELECT {gamma}, sum({weight}) FROM {table} WHERE {gamma} >= 0 GROUP BY 1").fetchall())
    return {level.code: float(sums.get(level.code - 1, 0.0)) for level in comparison.levels}
