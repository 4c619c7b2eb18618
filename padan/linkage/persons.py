"""The night's linkage of persons: records → candidates → scores → decisions → entities → tables of schema `link`.

Only records whose kept answer no longer holds are answered (memory, answering); what records say about each other is asked of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from padan.config import LinkageConfig
from padan.home import Home
from padan.linkage.answering import answer_changed, answer_without_register
from padan.linkage.basis import basis_of
from padan.linkage.changes import find_changes, last_run
from padan.linkage.decision import withdraw_contradictions
from padan.linkage.engine import HERE, Engine
from padan.linkage.entities import join_records
from padan.linkage.identity import name_entities
from padan.linkage.keepsakes import keepsakes
from padan.linkage.memory import number_records, recall, standard_of
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.results import know_register_persons, write_results
from padan.linkage.rulings import RulingSummary, apply_rulings, read_rulings
from padan.linkage.workspace import workspace
from padan.linkage.writing import create_tables
from padan.progress import Progress, quiet
from padan.register.release import Release
from padan.warehouse import count_rows


@dataclass(frozen=True)
class LinkSummary:
    """What a night decided, in counts: person records, candidates compared, persons seen.

    `scored`: records answered anew, tonight or by a night that was stopped; the others' answers stood. `changed`: answers that differ
    from the run before, by cause.
    """

    records: int = 0
    candidates: int = 0
    persons: int = 0
    scored: int = 0
    changed: dict[str, int] = field(default_factory=dict)
    rulings: RulingSummary = field(default_factory=RulingSummary)

    @property
    def stood(self) -> int:
        """Records whose kept answer stood."""
        return self.records - self.scored


def link_persons(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    release: Release | None,
    config: LinkageConfig,
    run_id: str,
    key: bytes,
    progress: Progress = quiet,
    engine: Engine = HERE,
) -> LinkSummary:
    """Decide every record of `intermediate.int_person__standardized` against `release` and write schema `link`.

    Without a release every record is 'no_link' and a person of its own, until one is built. The result is that of a night
    that answers every record, whatever was kept of the nights before.
    """
    policy, basis = config.person, basis_of(release, config.person)
    with workspace(con, release.path if release else None) as (work, warehouse), keepsakes(work, home.answers, basis, run_id):
        create_tables(work, warehouse)
        last = last_run(work, warehouse)
        rulings = read_rulings(work, warehouse, has_register=release is not None)
        number_records(work, warehouse)
        progress("catatan", count_rows(work, "everyone"))
        recall(work, warehouse, basis)
        progress("akan dijawab", count_rows(work, "changed"))
        trained, size, candidates = None, 0, 0
        if release is None:
            answer_without_register(work)
        else:
            trained, size = PERSON_V1.load(), register_size(work)
            candidates = answer_changed(work, warehouse, policy, trained, size, progress, engine)
        work.execute("CREATE TABLE decided AS SELECT * FROM outcome")
        # what stands is in the warehouse already, and a nation's would be spilled until the night is written
        work.execute("CREATE OR REPLACE TABLE outcome AS SELECT * FROM outcome SEMI JOIN changed USING (rec_no)")
        if trained:
            _settle_contradictions(work, warehouse)
        apply_rulings(work, has_register=release is not None)
        join_records(work, warehouse, trained, size, policy, progress)
        name_entities(work, warehouse, key, run_id)
        progress("orang", count_rows(work, "(SELECT DISTINCT component FROM component)"))
        know_register_persons(work, warehouse, fresh=not last.rested_on(basis), has_register=release is not None)
        find_changes(work, warehouse, basis, last, run_id)
        progress("berubah", count_rows(work, "change"))
        write_results(work, warehouse, config, run_id, basis, last, rulings)
        return _summary(work, candidates, rulings)


def _settle_contradictions(con: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """Compare only records of one delivery that claim one register person and do not say the same."""
    con.execute(
        """CREATE TABLE suspect AS
        WITH claim AS (SELECT rec_no, person_no, delivery, identity FROM everyone JOIN decided USING (rec_no) WHERE decision = 'link')
        SELECT rec_no FROM claim SEMI JOIN (SELECT person_no, delivery FROM claim GROUP BY ALL HAVING min(identity) < max(identity))
            USING (person_no, delivery)"""
    )
    prepare_records(con, warehouse, source=standard_of(warehouse, "SELECT rec_no FROM suspect"), number="rec_no")
    withdraw_contradictions(con)


def _summary(con: duckdb.DuckDBPyConnection, candidates: int, rulings: RulingSummary) -> LinkSummary:
    return LinkSummary(
        records=count_rows(con, "decided"),
        candidates=candidates,
        persons=count_rows(con, "(SELECT DISTINCT component FROM component)"),
        scored=count_rows(con, "changed"),
        changed=dict(con.execute("SELECT cause, count(*) FROM change GROUP BY 1 ORDER BY 1").fetchall()),
        rulings=rulings,
    )
