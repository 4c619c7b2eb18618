"""Each record's own answer against the register: which persons it may be, how alike they are, and what follows.

All that a kept answer follows from is what this module imports (basis): a change of that code means that every record is answered again.
Does not belong here: which records are asked (memory), and what records say about each other (entities, rulings).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import duckdb

from padan.config import PersonPolicy
from padan.linkage.candidates import find_candidates
from padan.linkage.decision import decide, weigh, withdraw_contradictions
from padan.linkage.engine import HERE, Engine
from padan.linkage.keepsakes import keep, take_up
from padan.linkage.memory import LOT, OUTCOME, SEEKING_LOT, lots, number_lots, standard_of
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import know_families, prepare_records
from padan.linkage.screen import screen_for
from padan.linkage.workspace import pack, work_tables
from padan.progress import Progress
from padan.warehouse import count_rows


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


def answer_changed(
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
    know_families(con, standard_of(warehouse, "SELECT rec_no FROM changed"))
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


def answer_without_register(con: duckdb.DuckDBPyConnection) -> None:
    """Every record of `changed` is 'no_link' in `outcome`, until there is a register."""
    con.execute(
        """INSERT INTO outcome BY NAME SELECT rec_no, false AS guarded, 'no_link' AS decision, 'tak_ada_register' AS reason FROM changed"""
    )
