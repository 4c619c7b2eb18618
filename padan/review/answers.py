"""What readers said of cases, append-only, and the rulings that follow; the same for a sheet's row and for the page.

An answer speaks of the fields that the record had when it was given: once one of them changes the case is read anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

from padan.intake.transaction import transaction
from padan.keys import keyed_hash
from padan.review.people import sides_of
from padan.review.readers import TAKEN_BACK, Outcome, Reading, outcome_of
from padan.review.rulings import record_ruling, undo_ruling

_TABLES = """
CREATE SCHEMA IF NOT EXISTS review;
-- Grain: one row of a sheet that went out, with its seal.
CREATE TABLE IF NOT EXISTS review.sent (case_id VARCHAR, kode_kabupaten VARCHAR, sent_on DATE, fields VARCHAR, seal VARCHAR);
-- Grain: one answer, or one that takes an answer back. ruling_id: the ruling that followed from it.
CREATE TABLE IF NOT EXISTS review.answer (case_id VARCHAR, answered_at TIMESTAMP, answered_by VARCHAR, answer VARCHAR, reason VARCHAR,
    ruling_id VARCHAR);
-- Grain: one case given to one reader of the centre.
CREATE TABLE IF NOT EXISTS review.assignment (case_id VARCHAR, reader VARCHAR, assigned_on DATE);
"""
#: Columns that came later. record_id: by it a person's rows are found when they are erased, and renamed with a new key.
_ADDED = {
    "sent": ("record_id VARCHAR",),
    "assignment": ("record_id VARCHAR",),
    "answer": (
        "record_id VARCHAR", "answer_no BIGINT", "takes_back BIGINT", "fields VARCHAR", "centre BOOLEAN", "match_weight DOUBLE",
        "match_probability DOUBLE",
    ),
}  # fmt: skip
#: How an office reads: as one reader, whoever of it signs. No reader of the centre can be called this.
OFFICE = "(kantor)"
READER = f"CASE WHEN centre THEN answered_by ELSE '{OFFICE}' END"
_READINGS = f"""
SELECT {READER} AS reader, answer, centre FROM review.answer a
WHERE case_id = ? AND fields = ? AND answer <> 'BATAL'
    AND NOT EXISTS (SELECT 1 FROM review.answer b WHERE b.takes_back = a.answer_no)
QUALIFY row_number() OVER (PARTITION BY reader ORDER BY answer_no DESC) = 1 ORDER BY answer_no"""


def create_answer_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make what sheets and readers leave where it is missing; changes no row."""
    con.execute(_TABLES)
    for table, columns in _ADDED.items():
        for column in columns:
            con.execute(f"ALTER TABLE review.{table} ADD COLUMN IF NOT EXISTS {column}")


def second_reader(key: bytes, case: str, share: float) -> bool:
    """Whether a case is of the share that two people read; the same every night, and told by nothing in it."""
    return int(keyed_hash(key, "pembaca kedua", case)[:8], 16) < share * 2**32


def readings_of(con: duckdb.DuckDBPyConnection, case: str, fields: str) -> list[Reading]:
    """What each reader says now of a case whose record bears these fields, the first reader first."""
    return [Reading(row[0], row[1], bool(row[2])) for row in con.execute(_READINGS, [case, fields]).fetchall()]


def case_outcome(con: duckdb.DuckDBPyConnection, case: str, key: bytes, share: float) -> Outcome:
    """What has become of an open case."""
    fields, centre = con.execute("SELECT fields, centre_decides FROM review.case WHERE case_id = ?", [case]).fetchall()[0]
    return outcome_of(readings_of(con, case, fields), second=second_reader(key, case, share), centre_decides=centre)


def take_answer(
    con: duckdb.DuckDBPyConnection, register: Path, case: str, answer: str, reason: str, by: str, *, centre: bool, key: bytes, share: float
) -> Outcome:
    """Keep a reader's answer to an open case, and the ruling if that decides it; the readings of others are untouched."""
    record, register_id, runner_up, fields, decides, weight, probability = con.execute(
        """SELECT record_id, c.register_id, runner_up_id, fields, centre_decides, match_weight, match_probability
        FROM review.case c LEFT JOIN link.decision USING (record_id) WHERE case_id = ?""",
        [case],
    ).fetchall()[0]
    reader = by if centre else OFFICE
    before = [one for one in readings_of(con, case, fields) if one.reader != reader]
    outcome = outcome_of([*before, Reading(reader, answer, centre)], second=second_reader(key, case, share), centre_decides=decides)
    subject = sides_of(con, register, [(case, record, register_id, runner_up)])[case].subject if outcome.ruling else None
    with transaction(con):
        ruling_id = record_ruling(con, outcome.ruling, record, subject, by=by, reason=reason) if outcome.ruling and subject else None
        _append(con, case, by, answer, reason, ruling_id, None, fields, centre, weight, probability, record)
    return outcome


def take_back(con: duckdb.DuckDBPyConnection, case: str, by: str, reason: str) -> bool:
    """Take back what a reader last said of a case, and every ruling that rests on it; False where there is nothing to take back."""
    found = con.execute(
        """SELECT answer_no, fields, centre, record_id FROM review.answer a WHERE case_id = ? AND answered_by = ? AND answer <> ?
            AND NOT EXISTS (SELECT 1 FROM review.answer b WHERE b.takes_back = a.answer_no) ORDER BY answer_no DESC LIMIT 1""",
        [case, by, TAKEN_BACK],
    ).fetchall()
    if not found:
        return False
    number, fields, centre, record = found[0]
    rest_on_it = con.execute(
        """SELECT ruling_id FROM review.answer WHERE case_id = ? AND fields = ? AND ruling_id IS NOT NULL AND answer_no >= ?
            AND ruling_id NOT IN (SELECT undoes FROM review.ruling WHERE undoes IS NOT NULL)""",
        [case, fields, number],
    ).fetchall()
    with transaction(con):
        for (ruling_id,) in rest_on_it:
            undo_ruling(con, ruling_id, by=by, reason=reason)
        _append(con, case, by, TAKEN_BACK, reason, None, number, fields, centre, None, None, record)
    return True


def office_answer(con: duckdb.DuckDBPyConnection, case: str) -> str | None:
    """What its office last said of a case, whatever fields it had then; None: nothing."""
    rows: Sequence[tuple[str]] = con.execute(
        "SELECT answer FROM review.answer WHERE case_id = ? AND NOT centre ORDER BY answer_no DESC LIMIT 1", [case]
    ).fetchall()
    return rows[0][0] if rows else None


def _append(con: duckdb.DuckDBPyConnection, case: str, by: str, answer: str, reason: str, ruling_id: str | None, *rest: object) -> None:
    number = con.execute("SELECT coalesce(max(answer_no), 0) + 1 FROM review.answer").fetchall()[0][0]
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute(
        """INSERT INTO review.answer (case_id, answered_at, answered_by, answer, reason, ruling_id, takes_back, fields, centre,
            match_weight, match_probability, record_id, answer_no) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [case, now, by, answer, reason, ruling_id, *rest, number],
    )
