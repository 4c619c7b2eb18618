"""The night's linkage of persons: records → candidates → scores → decisions → entities → tables of schema `link`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from padan.config import LinkageConfig, PersonPolicy
from padan.home import Home
from padan.linkage.candidates import find_candidates
from padan.linkage.decision import NEXT_ACTIONS, decide, weigh, withdraw_contradictions
from padan.linkage.entities import join_records, name_entities
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.rules import RULES
from padan.linkage.scoring import score_pairs
from padan.linkage.tables import create_tables, replace_tables
from padan.linkage.workspace import REGISTER, workspace
from padan.register.release import Release

#: Candidates of a record that are kept for `why`: the best ones.
CANDIDATES_KEPT = 5

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class LinkSummary:
    """What a night decided, in counts: by (agency, feed) and decision, by reason, candidates compared, persons seen."""

    by_feed: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    by_reason: dict[str, int] = field(default_factory=dict)
    candidates: int = 0
    blocks_dropped: int = 0
    persons: int = 0

    @property
    def records(self) -> int:
        """Person records decided on."""
        return sum(self.by_reason.values())


def _quiet(step: str, rows: int) -> None:
    """No progress wanted."""


def link_persons(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    release: Release | None,
    config: LinkageConfig,
    run_id: str,
    key: bytes,
    progress: Progress = _quiet,
) -> LinkSummary:
    """Decide every record of `intermediate.int_person__standardized` against `release` and write schema `link`.

    Without a release every record is 'no_link' and a person of its own, until one is built.
    """
    policy = config.person
    with workspace(con, release.path if release else None) as (work, warehouse):
        create_tables(work, warehouse)
        prepare_records(work, warehouse, has_register=release is not None)
        progress("catatan", _count(work, "record"))
        if release is None:
            _decide_without_register(work)
        else:
            size = register_size(work)
            trained = PERSON_V1.load()
            answer(work, policy, trained, size, progress)
            join_records(work, trained, size, policy)
        name_entities(work, warehouse, key, run_id)
        progress("orang", _count(work, "(SELECT DISTINCT person_id FROM entity)"))
        _write(work, warehouse, config, run_id, has_register=release is not None)
        return _summary(work)


def answer(
    con: duckdb.DuckDBPyConnection, policy: PersonPolicy, trained: Probabilities, size: int, progress: Progress, *, apart: str | None = None
) -> None:
    """Decide every row of table `record` against the attached register of `size` persons: `pair`, `block_loss`, `weighed`, `decided`.

    `apart`: a SELECT of (rec_no, person_no) that are never considered for each other.
    """
    find_candidates(con, policy.block_cap, apart)
    progress("calon", _count(con, "pair"))
    con.execute("CREATE OR REPLACE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
    sides, prior = ("record_model", "register_model"), policy.register_coverage / size
    score_pairs(con, PERSON_V1, trained, sides, "candidate", "scored", size=size, prior=prior)
    progress("dinilai", _count(con, "scored"))
    weigh(con, "scored", size, policy)
    decide(con, policy)
    withdraw_contradictions(con)


def _decide_without_register(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE TABLE decided AS SELECT rec_no, CAST(NULL AS INTEGER) AS person_no, CAST(NULL AS VARCHAR) AS best_register_id,
        CAST(NULL AS DOUBLE) AS match_weight, CAST(NULL AS DOUBLE) AS match_probability, CAST(NULL AS DOUBLE) AS margin,
        CAST(NULL AS DOUBLE) AS runner_up_weight, false AS guarded, 'no_link' AS decision, 'tak_ada_register' AS reason FROM record"""
    )
    con.execute("CREATE TABLE component AS SELECT rec_no, rec_no AS component FROM record")
    con.execute("CREATE TABLE pair (rec_no INTEGER, person_no INTEGER, rules INTEGER)")
    con.execute("CREATE TABLE block_loss (rec_no INTEGER, rule VARCHAR, block_size BIGINT, lost BOOLEAN)")


def _write(con: duckdb.DuckDBPyConnection, warehouse: str, config: LinkageConfig, run_id: str, *, has_register: bool) -> None:
    actions = " ".join(f"WHEN '{reason}' THEN '{action}'" for reason, action in NEXT_ACTIONS.items())
    run, version, policy = (f"'{text}'" for text in (run_id, config.person.model_version, config.policy_version))
    queries = {
        "decision": f"""SELECT r.record_id, r.agency, r.feed, r.delivery_date, r.source_file, r.source_row,
            'person' AS entity_type, e.person_id,
            CASE WHEN d.decision = 'link' THEN d.best_register_id END AS register_id, d.decision,
            CASE WHEN d.guarded THEN 'nik' WHEN d.person_no IS NOT NULL THEN 'probabilistic' ELSE 'none' END AS method, d.reason,
            d.match_weight, d.match_probability, d.margin, d.runner_up_weight, CASE d.reason {actions} END AS next_action,
            {version} AS model_version,
            {policy} AS policy_version, {run} AS run_id
            FROM decided d JOIN record r USING (rec_no) JOIN entity e USING (rec_no)""",
        "block_loss": f"SELECT r.record_id, b.* EXCLUDE (rec_no), {run} AS run_id FROM block_loss b JOIN record r USING (rec_no)",
        "entity": "SELECT * FROM entity_after",
        "register_key": "SELECT NULL AS register_id WHERE false",
        "register_person": "SELECT NULL AS register_id WHERE false",
        "candidate": "SELECT NULL AS record_id WHERE false",
    }
    replace_tables(con, warehouse, queries | (_register_queries(run) if has_register else {}))


def _register_queries(run: str) -> dict[str, str]:
    joined = f"FROM chosen c JOIN {REGISTER}.attribute a USING (person_no)"
    named = "SEMI JOIN (SELECT person_no FROM decided WHERE decision = 'link') USING (person_no)"
    rules = ", ".join(f"CASE WHEN p.rules & {1 << bit} <> 0 THEN '{rule.name}' END" for bit, rule in enumerate(RULES))
    scores = ", ".join(f"w.gamma_{c.name}, w.mw_{c.name}" for c in PERSON_V1.comparisons)
    return {
        "register_key": f"SELECT c.register_id, c.nik, a.id_keluarga {joined} {named}",
        "register_person": f"SELECT c.register_id, a.* EXCLUDE (person_no) {joined} {named}",
        "candidate": f"""SELECT r.record_id, w.register_id, w.rank,
            list_filter([{rules}], lambda x: x IS NOT NULL) AS rules, w.weight AS match_weight,
            w.probability AS match_probability, {scores}, {run} AS run_id
            FROM weighed w JOIN pair p ON p.rec_no = w.rec_no AND p.person_no = w.person_no JOIN record r ON r.rec_no = w.rec_no
            WHERE w.rank <= {CANDIDATES_KEPT}""",
    }


def _summary(con: duckdb.DuckDBPyConnection) -> LinkSummary:
    by_feed: dict[tuple[str, str], dict[str, int]] = {}
    for agency, feed, decision, n in con.execute(
        "SELECT agency, feed, decision, count(*) FROM decided JOIN record USING (rec_no) GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        by_feed.setdefault((agency, feed), {})[decision] = n
    return LinkSummary(
        by_feed=by_feed,
        by_reason=dict(con.execute("SELECT reason, count(*) FROM decided GROUP BY 1 ORDER BY 1").fetchall()),
        candidates=_count(con, "pair"),
        blocks_dropped=_count(con, "block_loss"),
        persons=_count(con, "(SELECT DISTINCT person_id FROM entity)"),
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
