"""Estimates the models' probabilities, apart from the night and without any truth: u from the register, m by EM on candidates.

The E-step is the night's own decision (one person or nobody for each record), which knows that a record has one answer;
the M-step counts levels. It starts from the links that an own NIK, name and birth date agree on. Counts of several populations
are pooled: a model is for offices that err in different ways. The same inputs give the same probabilities.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from padan.config import PersonPolicy
from padan.linkage.candidates import find_candidates
from padan.linkage.card import look
from padan.linkage.chosen import prepare_register
from padan.linkage.decision import decide, weigh
from padan.linkage.institution_v1.definition import INSTITUTION_V1
from padan.linkage.institutions import REGISTERED, prepare_mentions, weigh_mentions
from padan.linkage.institutions import SIDES as MENTIONED
from padan.linkage.model import Comparison, Model, Probabilities
from padan.linkage.person_v1.definition import NIK_SAME, PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.rulings import read_rulings
from padan.linkage.scoring import create_lookups, score_pairs, unlisted
from padan.linkage.siblings import Siblings, count_siblings
from padan.linkage.workspace import REGISTER, workspace

#: Pairs that reached each level, among believed matches and among random pairs: comparison → level code → (matches, random).
Counts = dict[str, dict[int, tuple[float, float]]]

SIDES = ("record_model", "register_model")

#: Pseudo-counts of a comparison: no level is impossible, since another population errs in other ways.
_MATCH_PRIOR, _RANDOM_PRIOR = 20.0, 0.5

#: Matches at a level, below which its share says nothing.
_SEEN = 5.0

#: EM ends when no level's weight moves by more bits than this, or after so many rounds.
_STILL, _ROUNDS = 0.02, 15

_RANDOM_PERSONS = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT r.rec_no, CAST(md5_number_lower(r.rec_no || '/' || i) % s.persons AS INTEGER) + 1 AS person_no, 0 AS rules
FROM record r, range({pairs} // (SELECT count(*) FROM record) + 1) t(i), {register}.release s
"""

_RANDOM_MENTIONS = """
CREATE TABLE every AS SELECT m.unique_id AS l, r.unique_id AS r FROM mention_model m, lks_model r ORDER BY md5(l || '/' || r) LIMIT 200000
"""

# Chance that a record and a register person drawn at random have the same value: rarity over all persons, then over those with a value.
_SAME_VALUE = """
SELECT avg(tf_{column}) * {size} / (SELECT sum(expected) + {unlisted} FROM {frequency}) FROM {table} JOIN lookup_{column} USING ({column})
"""


# A ruling speaks of the record's every candidate: the one that it is, or one that it is not.
_AS_RULED = """
UPDATE weighed w SET probability = coalesce(k.probability, w.probability) FROM (
    SELECT r.rec_no, p.person_no, CASE WHEN u.person_no = p.person_no THEN 1 ELSE 0 END AS probability
    FROM record r JOIN pair p USING (rec_no) LEFT JOIN ruled u ON u.record_id = r.record_id AND u.person_no IS NOT NULL
    LEFT JOIN ruled_apart a ON a.record_id = r.record_id AND a.person_no = p.person_no
    WHERE u.person_no IS NOT NULL OR a.person_no IS NOT NULL) k
WHERE k.rec_no = w.rec_no AND k.person_no = w.person_no
"""


@dataclass
class Learned:
    """What one population taught: level counts, those of its register's siblings, EM's rounds and last movement, the card's look at it."""

    counts: Counts
    siblings: Siblings = field(default_factory=dict)
    rounds: int = 0
    moved: float = 0.0
    records: int = 0
    rulings: int = 0
    seen: dict[str, Any] = field(default_factory=dict)


def learn_persons(
    con: duckdb.DuckDBPyConnection, register: Path, policy: PersonPolicy, *, random_pairs: int = 1_000_000, rulings: bool = False
) -> Learned:
    """Level counts of the person model from the standard persons in `con` and the release in `register`.

    `rulings`: what reviewers ruled of a record and a register person is taken for known, whatever the model believes of it.
    """
    with workspace(con, register) as (work, warehouse):
        prepare_records(work, warehouse)
        ruled = read_rulings(work, warehouse, has_register=True).held if rulings else 0
        find_candidates(work, policy.block_cap)
        random = _random_counts(work, random_pairs)
        size, flat = register_size(work), _flat(PERSON_V1)
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        prior = policy.register_coverage / size
        score_pairs(work, PERSON_V1, flat, SIDES, "candidate", "scored", size=size, prior=prior)
        _confirmed(work)
        learned = Learned(_counts(work, PERSON_V1, "confirmed", random), count_siblings(work))
        believed = flat
        for learned.rounds in range(1, _ROUNDS + 1):
            trained = probabilities(PERSON_V1, [learned.counts])
            learned.moved = _reweigh(work, PERSON_V1, "scored", believed, trained, size)
            believed = trained
            if learned.moved < _STILL:
                break
            weigh(work, "scored", size, policy, trained)
            if ruled:
                work.execute(_AS_RULED)
            learned.counts = _counts(work, PERSON_V1, "weighed", random)
        decide(work, policy)
        learned.records = int(work.execute("SELECT count(*) FROM record").fetchall()[0][0])
        learned.rulings, learned.seen = ruled, look(work)
    return learned


def learn_institutions(con: duckdb.DuckDBPyConnection) -> Learned:
    """Level counts of the institution model from the mentions and the LKS register in `con`."""
    with workspace(con, None) as (work, warehouse):
        size, flat = prepare_mentions(work, warehouse), _flat(INSTITUTION_V1)
        work.execute(_RANDOM_MENTIONS)
        score_pairs(work, INSTITUTION_V1, flat, MENTIONED, "every", "every_scored", size=2, prior=0.5)
        random = {c.name: _levels(work, "every_scored", c, "1") for c in INSTITUTION_V1.comparisons}
        score_pairs(work, INSTITUTION_V1, flat, MENTIONED, "mention_pair", "mention_scored", size=size, prior=REGISTERED / size)
        learned, believed = Learned(_start(INSTITUTION_V1, random)), flat
        for learned.rounds in range(1, _ROUNDS + 1):
            trained = probabilities(INSTITUTION_V1, [learned.counts])
            learned.moved = _reweigh(work, INSTITUTION_V1, "mention_scored", believed, trained, size)
            believed = trained
            if learned.moved < _STILL:
                break
            weigh_mentions(work, size)
            learned.counts = _counts(work, INSTITUTION_V1, "mention_weighed", random)
        learned.records = int(work.execute("SELECT count(*) FROM mention").fetchall()[0][0])
    return learned


def probabilities(model: Model, counted: Sequence[Counts]) -> Probabilities:
    """The m and u of every level from pooled counts.

    A level that hardly any match reached speaks for no match more than the next weaker one does.
    """
    return {c.name: _probabilities(c, [counts[c.name] for counts in counted]) for c in model.comparisons}


def write_trained(model: Model, trained: Probabilities, path: Path | None = None, siblings: Siblings | None = None) -> None:
    """Write `trained` (and `siblings`) where the night loads it from, to four digits."""
    rounded = {
        name: {str(code): {"m": float(f"{m:.4g}"), "u": float(f"{u:.4g}")} for code, (m, u) in levels.items()}
        for name, levels in trained.items()
    }
    written: dict[str, Any] = {"model": model.version, "comparisons": rounded}
    if siblings:
        written["siblings"] = {q: {str(code): float(f"{p:.4g}") for code, p in levels.items()} for q, levels in siblings.items()}
    (path or model.trained).write_text(json.dumps(written, indent=1) + "\n")


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
            u = max(u, m / 2 ** max(weaker, min(0.0, math.log2(m / u))))
        weaker = math.log2(m / u)
        found[level.code] = (m, u)
    return found


def _start(model: Model, random: dict[str, dict[int, float]]) -> Counts:
    """Where EM starts without confirmed links: matches mostly agree at the strongest levels."""
    return {
        c.name: {level.code: (10_000 * 0.5**rank, random[c.name][level.code]) for rank, level in enumerate(c.levels)}
        for c in model.comparisons
    }


def _flat(model: Model) -> Probabilities:
    return {c.name: {level.code: (0.5, 0.5) for level in c.levels} for c in model.comparisons}


def _confirmed(con: duckdb.DuckDBPyConnection) -> None:
    """`confirmed`: scored pairs whose NIK is one and the same, and name and birth date say so too: matches, for a start."""
    con.execute(
        f"""CREATE OR REPLACE TABLE confirmed AS SELECT s.*, 1.0 AS probability FROM scored s
        JOIN record_model a ON a.unique_id = s.l JOIN register_model b ON b.unique_id = s.r
        WHERE gamma_nik + 1 = {NIK_SAME} AND coalesce(nik_guard(a, b), false)"""
    )


def _reweigh(con: duckdb.DuckDBPyConnection, model: Model, scored: str, old: Probabilities, new: Probabilities, size: int) -> float:
    """Give `scored` the weights that Splink would give it with `new`; returns by how many bits the most moved level moved."""
    before, after = model.weights(old, size), model.weights(new, size)
    moved, columns, shifts = 0.0, [], []
    for c in model.comparisons:
        # where rarity counts, u cancels out: the weight is log2 of m over the value's own frequency
        shift = {
            level.code: math.log2(new[c.name][level.code][0] / old[c.name][level.code][0])
            if level.tf
            else after[c.name][level.code] - before[c.name][level.code]
            for level in c.levels
        }
        moved = max(moved, *(abs(bits) for bits in shift.values()))
        case = (
            f"(CASE gamma_{c.name} {' '.join(f'WHEN {code - 1} THEN CAST({bits!r} AS DOUBLE)' for code, bits in shift.items())} ELSE 0 END)"
        )
        shifts.append(case)
        columns.append(f"mw_{c.name} + {case} AS mw_{c.name}")
    replaced = f"weight + {' + '.join(shifts)} AS weight, {', '.join(columns)}"
    con.execute(f"CREATE OR REPLACE TABLE {scored} AS SELECT * REPLACE ({replaced}) FROM {scored}")
    return moved


def _random_counts(con: duckdb.DuckDBPyConnection, pairs: int) -> dict[str, dict[int, float]]:
    """How many of about `pairs` random pairs of a record and a register person reach each level; equal values in closed form."""
    con.execute("CREATE TABLE kept AS SELECT * FROM pair")
    con.execute(_RANDOM_PERSONS.format(pairs=pairs, register=REGISTER))
    prepare_register(con)
    con.execute("CREATE TABLE random_pair AS SELECT rec_no AS l, person_no AS r FROM pair")
    score_pairs(con, PERSON_V1, _flat(PERSON_V1), SIDES, "random_pair", "random_scored", size=2, prior=0.5)
    counts = {c.name: _levels(con, f"(SELECT * FROM random_scored WHERE {c.among})", c, "1") for c in PERSON_V1.comparisons}
    size = register_size(con)
    create_lookups(con, PERSON_V1, SIDES, size)
    for comparison in PERSON_V1.comparisons:
        exact, counted = comparison.levels[0], counts[comparison.name]
        if exact.tf:
            frequency = PERSON_V1.frequencies[exact.tf]
            names, expected = unlisted(con, frequency)
            query = _SAME_VALUE.format(frequency=frequency, unlisted=names * expected, column=exact.tf, table=SIDES[0], size=size)
            counted[exact.code] = float(con.execute(query).fetchall()[0][0] or 0.0) * sum(counted.values())
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
