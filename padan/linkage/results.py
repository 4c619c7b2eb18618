"""What a night's linkage of persons leaves in schema `link`: collected lot by lot, written in one transaction."""

from __future__ import annotations

import duckdb

from padan.config import LinkageConfig
from padan.linkage.basis import Basis
from padan.linkage.changes import LastRun
from padan.linkage.decision import NEXT_ACTIONS
from padan.linkage.fetching import fetch_attributes
from padan.linkage.memory import OUTCOME
from padan.linkage.rulings import RULED, RulingSummary
from padan.linkage.tables import TABLES
from padan.linkage.writing import Writing, write_tables
from padan.register.views import NUMBER_OF_ID

_DECISION = """
SELECT e.record_id, f.agency, f.feed, f.delivery_date, f.source_file, e.source_row, 'person' AS entity_type, n.person_id,
    CASE WHEN d.decision = 'link' THEN d.best_register_id END AS register_id, d.decision,
    CASE WHEN d.reason = '{ruled}' THEN 'ruling' WHEN d.guarded THEN 'nik' WHEN d.person_no IS NOT NULL THEN 'probabilistic' ELSE 'none' END
        AS method, d.reason,
    d.match_weight, d.match_probability, d.margin, d.runner_up_weight, CASE d.reason {actions} END AS next_action,
    '{version}' AS model_version, '{policy}' AS policy_version, '{run}' AS run_id
FROM decided d JOIN everyone e USING (rec_no) JOIN entity n USING (rec_no) JOIN delivered_file f USING (file_no)
"""

# Register persons that a link names; a release does not change, so that those of the night before need not be fetched again.
_LINKED = f"""
CREATE TABLE linked_person AS SELECT DISTINCT person_no FROM decided WHERE decision = 'link';
CREATE VIEW known_before AS SELECT person_no, register_id, register_key
FROM (SELECT {NUMBER_OF_ID} AS person_no, * FROM {{warehouse}}.link.register_known WHERE NOT {{fresh}})
SEMI JOIN linked_person USING (person_no)
"""

# What does not stand of what was kept: in a nation little, so it is looked for once and not in every table.
_GONE = """
CREATE TABLE answer_gone AS SELECT record_id FROM {warehouse}.link.memory
ANTI JOIN (SELECT record_id FROM stood JOIN everyone USING (rec_no)) USING (record_id);
CREATE TABLE name_gone AS SELECT register_id FROM {warehouse}.link.register_known
WHERE {number} NOT IN (SELECT person_no FROM linked_person)
"""


def know_register_persons(con: duckdb.DuckDBPyConnection, warehouse: str, *, fresh: bool, has_register: bool) -> None:
    """Make `known(register_id, register_key)` of all register persons that a link names, and `newly_named`, those to be fetched.

    `newly_named` has the columns of `link.register_person`, with nik and register_key. `fresh`: all of them are fetched, since
    release or model are others than last night's.
    """
    con.execute(_LINKED.format(warehouse=warehouse, fresh=fresh))
    if not has_register:
        con.execute(f"CREATE TABLE newly_named ({TABLES['register_person']}, nik VARCHAR, register_key VARCHAR)")
    else:
        fetch_attributes(con, "FROM linked_person ANTI JOIN (SELECT person_no FROM known_before) USING (person_no)", "newly_named")
    con.execute(
        """CREATE VIEW known AS SELECT register_id, register_key FROM known_before
        UNION ALL SELECT register_id, register_key FROM newly_named"""
    )


def write_results(
    con: duckdb.DuckDBPyConnection,
    warehouse: str,
    config: LinkageConfig,
    run_id: str,
    basis: Basis,
    last: LastRun,
    rulings: RulingSummary,
) -> None:
    """Write schema `link`: decisions and entities anew, what answers rest on but for those that stand, and this run's changes."""
    actions = " ".join(f"WHEN '{reason}' THEN '{action}'" for reason, action in NEXT_ACTIONS.items())
    decision = _DECISION.format(
        ruled=RULED, actions=actions, version=config.person.model_version, policy=config.policy_version, run=run_id,
    )  # fmt: skip
    memory = f"""SELECT e.record_id, e.content, e.barred, '{basis.digest}' AS basis, {OUTCOME}, keluarga, nik_keluarga
        FROM outcome JOIN everyone e USING (rec_no) LEFT JOIN known_family USING (rec_no)"""
    run = f"""SELECT {last.run_no + 1} AS run_no, '{run_id}' AS run_id, '{basis.register}' AS register, '{basis.model}' AS model,
        '{basis.program}' AS program,
        {rulings.last} AS rulings, (SELECT count(*) FROM everyone) AS records, (SELECT count(*) FROM changed) AS scored,
        (SELECT count(*) FROM change) AS changed"""
    answers = {
        "memory": memory,
        "candidate": "FROM kept_candidate",
        "block_loss": "FROM kept_block_loss",
    }
    persons = {
        "register_key": "SELECT register_id, nik, id_keluarga FROM newly_named",
        "register_person": "SELECT * EXCLUDE (nik, register_key) FROM newly_named",
        "register_known": "SELECT register_id, register_key FROM newly_named",
    }
    no_answer = "record_id IN (SELECT record_id FROM answer_gone)"
    no_name = "register_id IN (SELECT register_id FROM name_gone)"
    states = f"""SELECT s.ruling_id, s.record_id, s.ruling, k.register_id, s.state, '{run_id}' AS run_id
        FROM ruling_state s LEFT JOIN ruled_register k USING (person_no)"""
    anew = {"decision": decision, "entity": "SELECT * FROM entity_after", "ruling_state": states}
    same = last.rested_on(basis)
    if same:
        con.execute(_GONE.format(warehouse=warehouse, number=NUMBER_OF_ID))
    writing = Writing(
        anew=anew if same else anew | answers | persons,
        renewed={t: (no_answer, q) for t, q in answers.items()} | {t: (no_name, q) for t, q in persons.items()} if same else {},
        appended={"change": "FROM change", "run": run},
    )
    write_tables(con, warehouse, writing)
