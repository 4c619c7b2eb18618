"""The night's linkage of persons: records → candidates → scores → decisions → entities → tables of schema `link`.

Only records whose kept answer no longer holds are answered (memory); what records say about each other is asked of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import duckdb

from padan.config import LinkageConfig, PersonPolicy
from padan.home import Home
from padan.linkage.candidates import find_candidates
from padan.linkage.changes import find_changes, last_run
from padan.linkage.decision import decide, weigh, withdraw_contradictions
from padan.linkage.engine import HERE, Engine
from padan.linkage.entities import join_records
from padan.linkage.identity import name_entities
from padan.linkage.keepsakes import keep, keepsakes, take_up
from padan.linkage.memory import LOT, OUTCOME, SEEKING_LOT, basis_of, lots, number_lots, number_records, recall, standard_of
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import know_families, prepare_records, register_size
from padan.linkage.results import know_register_persons, write_results
from padan.linkage.rulings import RulingSummary, apply_rulings, read_rulings
from padan.linkage.screen import screen_for
from padan.linkage.tables import create_tables
from padan.linkage.workspace import pack, work_tables, workspace
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
            _answer_without_register(work)
        else:
            trained, size = PERSON_V1.load(), register_size(work)
            know_families(work, standard_of(warehouse, "SELECT rec_no FROM changed"))
            candidates = _answer_changed(work, warehouse, policy, trained, size, progress, engine)
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


def answer(
    con: duckdb.DuckDBPyConnection,
    policy: PersonPolicy,
    trained: Probabilities,
    size: int,
    progress: Progress,
    *,
    apart: str | None = None,
    engine: Engine = HERE,
) -> None:
    """Decide every row of table `record` against the attached register of `size` persons: `pair`, `block_loss`, `weighed`, `decided`.

    `apart`: a SELECT of (rec_no, person_no) that are never considered for each other.
    """
    answer_each(con, policy, trained, size, progress, apart, engine)
    withdraw_contradictions(con)


def answer_each(
    con: duckdb.DuckDBPyConnection,
    policy: PersonPolicy,
    trained: Probabilities,
    size: int,
    progress: Progress,
    apart: str | None,
    engine: Engine = HERE,
    *,
    near: bool = False,
) -> None:
    """`answer` before the records have their say on each other: each one's own, which nothing of another record changes.

    `near`: of the records that NIK or family settle alone; the others leave `record`.
    """
    for table in ("block_loss", "scored"):
        con.execute(f"DROP TABLE IF EXISTS {table}")
    find_candidates(con, policy.block_cap, apart, engine.look_up, screen_for(policy, trained, size), near=near)
    if near:
        con.execute("CREATE OR REPLACE TABLE record AS SELECT * FROM record SEMI JOIN settled USING (rec_no)")
    progress("calon", count_rows(con, "pair") + count_rows(con, "hopeless"))
    con.execute("CREATE OR REPLACE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
    sides, prior = ("record_model", "register_model"), policy.register_coverage / size
    engine.score(con, PERSON_V1, trained, sides, "candidate", "scored", size=size, prior=prior)
    progress("dinilai", count_rows(con, "scored"))
    weigh(con, "scored", size, policy)
    decide(con, policy)


def _answer_changed(
    con: duckdb.DuckDBPyConnection,
    warehouse: str,
    policy: PersonPolicy,
    trained: Probabilities,
    size: int,
    progress: Progress,
    engine: Engine,
) -> int:
    """Answer the records of `changed` lot by lot into `outcome`; returns how many pairs were compared.

    What a stopped night answered stands. Where the rest are many, those that their NIK or family settle come first: a few lists of the
    register are read for them instead of all, and the others, who find a hundred persons and more each, come in lots that fit the machine.
    """
    apart = "SELECT e.rec_no, a.person_no FROM ruled_apart a JOIN everyone e USING (record_id)"
    each = partial(answer_each, con, policy, trained, size, progress, apart, engine)
    unanswered = count_rows(con, "changed") - take_up(con)
    compared = 0
    if unanswered > SEEKING_LOT:
        compared += _answer_lots(con, warehouse, LOT, partial(each, near=True), progress)
    compared += _answer_lots(con, warehouse, SEEKING_LOT, each, progress)
    for scaffold in ("decided", "unanswered", "nik_holder", "nik_holder_row", "word_bits_of"):
        con.execute(f"DROP TABLE IF EXISTS {scaffold}")
    return compared


def _answer_lots(con: duckdb.DuckDBPyConnection, warehouse: str, most: int, each: Callable[[], None], progress: Progress) -> int:
    """Answer what is unanswered, `most` at a time, by `each`, which answers records of `record`; returns how many pairs were compared."""
    number_lots(con, "unanswered", "SELECT rec_no FROM changed ANTI JOIN outcome USING (rec_no)", most)
    compared, sources = 0, lots(con, warehouse, "unanswered")
    kept = work_tables(con) | {"word_bits_of"}  # the register's words, made with the first lot
    for source in sources:
        prepare_records(con, warehouse, source=source, number="rec_no")
        each()
        con.execute(f"INSERT INTO outcome SELECT rec_no, {OUTCOME} FROM decided")
        keep(con)
        compared += count_rows(con, "pair") + count_rows(con, "hopeless")
        if len(sources) > 1:
            pack(con, kept)
        progress("dijawab", count_rows(con, "outcome") - count_rows(con, "stood"))
    return compared


def _answer_without_register(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """INSERT INTO outcome BY NAME SELECT rec_no, false AS guarded, 'no_link' AS decision, 'tak_ada_register' AS reason FROM changed"""
    )


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
