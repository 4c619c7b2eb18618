"""The night as a flow whose counts add up: delivered, taken, in force, a record of a person, answered; by feed.

Each row is conserved from one step to the next, and what is left over is named: set aside, an exact double, superseded by a later
delivery, in review, not linked with its reason. `selisih` is what no step accounts for; it is nought, or the night has lost a row.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import duckdb

from padan.report.tables import Row, rows, there
from schemas.extracts import contracts

_DELIVERED = """
SELECT agency || '/' || feed, sum(rows_received)::BIGINT, sum(rows_quarantined)::BIGINT, sum(rows_duplicate)::BIGINT,
    sum(rows_accepted)::BIGINT
FROM ledger.delivery WHERE status = 'accepted' GROUP BY ALL"""
_PERSONS = "SELECT agency || '/' || feed, count(*) FROM intermediate.int_person__standardized GROUP BY ALL"
_ANSWERED = """
SELECT d.agency || '/' || d.feed, count(*) FILTER (d.match_weight IS NOT NULL), count(*) FILTER (decision = 'link' AND method = 'nik'),
    count(*) FILTER (decision = 'link' AND method = 'probabilistic'), count(*) FILTER (decision = 'link' AND method = 'ruling'),
    count(*) FILTER (decision = 'review'), count(*) FILTER (decision = 'no_link'), count(*)
FROM link.decision d GROUP BY ALL"""
_UNLINKED = """
SELECT reason, any_value(next_action), count(*) FROM link.decision WHERE decision <> 'link'
GROUP BY reason ORDER BY count(*) DESC, reason"""
_CHANGED = """
SELECT cause, count(*) FILTER (before_decision IS NULL), count(*) FILTER (after_decision IS NULL),
    count(*) FILTER (before_decision IS NOT NULL AND after_decision IS NOT NULL)
FROM link.change WHERE run_id = ? GROUP BY ALL ORDER BY ALL"""


@dataclass
class Step:
    """One feed's rows through the night; a feed that is not about persons ends at `berlaku`."""

    sumber: str
    diterima: int = 0
    karantina: int = 0
    duplikat: int = 0
    digantikan: int = 0
    berlaku: int = 0
    orang: int = 0
    bercalon: int = 0
    nik: int = 0
    probabilistik: int = 0
    putusan: int = 0
    tinjau: int = 0
    belum: int = 0
    selisih: int = 0


def flow(con: duckdb.DuckDBPyConnection) -> list[Step]:
    """One step for each feed with a delivery, and their total last; none before the first delivery."""
    delivered = {row[0]: row[1:] for row in rows(con, "ledger.delivery", _DELIVERED)}
    persons: dict[str, int] = dict(rows(con, "intermediate.int_person__standardized", _PERSONS))
    answered = {row[0]: row[1:] for row in rows(con, "link.decision", _ANSWERED)}
    steps = []
    for contract in contracts().values():
        path = contract.feed.path
        if path in delivered and not contract.feed.is_register:
            in_force = _in_force(con, contract.feed.table)
            steps.append(_step(path, delivered[path], in_force, persons.get(path, 0), answered.get(path)))
    return [*steps, _total(steps)] if steps else []


def _in_force(con: duckdb.DuckDBPyConnection, table: str) -> int | None:
    if not there(con, f"raw.{table}__in_force"):
        return None
    return int(con.execute(f"SELECT count(*) FROM raw.{table}__in_force").fetchall()[0][0])


def _step(path: str, delivered: Row, in_force: int | None, persons: int, answered: Row | None) -> Step:
    received, aside, doubles, accepted = delivered
    stands = accepted if in_force is None else in_force
    step = Step(path, received, aside, doubles, accepted - stands, stands, persons)
    lost = received - aside - doubles - accepted
    if answered:
        scored, *answers, decided = answered
        step.bercalon = scored
        step.nik, step.probabilistik, step.putusan, step.tinjau, step.belum = answers
        lost += abs(persons - decided) + abs(decided - sum(answers))
    if persons:
        lost += abs(stands - persons)
    step.selisih = abs(lost)
    return step


def _total(steps: list[Step]) -> Step:
    total = Step("Semua sumber")
    for field in fields(Step)[1:]:
        setattr(total, field.name, sum(getattr(step, field.name) for step in steps))
    return total


def unlinked(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Reason, what is to be done, and how many records, of all that are not linked."""
    return rows(con, "link.decision", _UNLINKED)


def changed(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Row]:
    """Cause, and how many answers are new, gone and different since the night before."""
    return rows(con, "link.change", _CHANGED, run_id)


def as_rows(steps: list[Step]) -> list[dict[str, Any]]:
    """Steps as the page reads them."""
    return [vars(step) for step in steps]
