"""Which case which reader of the centre is to read: given by priority, to nobody twice, and taken back from who leaves it lying."""

from __future__ import annotations

import datetime as dt
import re

import duckdb

from padan.errors import InputRefused
from padan.review.answers import case_outcome, create_answer_tables, readings_of
from padan.review.readers import Outcome

#: Days after which a case that its reader did not read may be given to another.
LONGEST_HELD = 7
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_QUEUE = "SELECT case_id, fields, centre_only OR centre_decides FROM review.case ORDER BY priority DESC, case_id"
_HELD = """
SELECT a.reader FROM review.assignment a JOIN review.case c USING (case_id)
WHERE a.case_id = ? AND a.assigned_on > ? AND NOT EXISTS (SELECT 1 FROM review.answer r
    WHERE r.case_id = a.case_id AND r.answered_by = a.reader AND r.fields = c.fields AND r.answer <> 'BATAL')"""
_OWN = """
SELECT case_id FROM review.assignment JOIN review.case USING (case_id) WHERE reader = ?
GROUP BY case_id ORDER BY min(assigned_on), max(priority) DESC, case_id"""


def reader_name(name: str) -> str:
    """A reader's name as it is kept with every ruling.

    Raises:
        InputRefused: it is not two to 32 of a-z, 0-9, dot, underscore and hyphen, a letter first.
    """
    if not _NAME.fullmatch(name):
        raise InputRefused("nama_pembaca", "nama pembaca tidak sah.", todo="Huruf kecil, angka, titik; misalnya siti.rahma.")
    return name


def assign(con: duckdb.DuckDBPyConnection, reader: str, count: int, today: dt.date, key: bytes, share: float) -> int:
    """Give a reader up to `count` more cases that need one, the first of the queue first; returns how many.

    A regency's case that its office may decide by itself is given only once the office has read it.
    """
    create_answer_tables(con)
    given, since = 0, today - dt.timedelta(days=LONGEST_HELD)
    for case, fields, centre in con.execute(_QUEUE).fetchall():
        if given == count:
            break
        readers = [one.reader for one in readings_of(con, case, fields)]
        held = [row[0] for row in con.execute(_HELD, [case, since]).fetchall()]
        outcome = case_outcome(con, case, key, share)
        if not outcome.open or reader in readers or reader in held or len(readers) + len(held) >= outcome.readers:
            continue
        if not readers and not centre:
            continue
        con.execute(
            "INSERT INTO review.assignment SELECT case_id, ?, ?, record_id FROM review.case WHERE case_id = ?", [reader, today, case]
        )
        given += 1
    return given


def to_read(con: duckdb.DuckDBPyConnection, reader: str, key: bytes, share: float) -> list[str]:
    """Cases that a reader was given and that still want their reading, those given first first."""
    create_answer_tables(con)
    found = []
    for (case,) in con.execute(_OWN, [reader]).fetchall():
        if _state(con, case, key, share, reader):
            found.append(case)
    return found


def assigned_to(con: duckdb.DuckDBPyConnection, case: str, reader: str) -> bool:
    """Whether a case was given to a reader, and is one of tonight's."""
    query = "SELECT 1 FROM review.assignment JOIN review.case USING (case_id) WHERE case_id = ? AND reader = ?"
    return bool(con.execute(query, [case, reader]).fetchone())


def _state(con: duckdb.DuckDBPyConnection, case: str, key: bytes, share: float, reader: str) -> Outcome | None:
    """The outcome of a case that wants this reader's reading; None if it does not."""
    fields = con.execute("SELECT fields FROM review.case WHERE case_id = ?", [case]).fetchall()[0][0]
    outcome = case_outcome(con, case, key, share)
    read = any(one.reader == reader for one in readings_of(con, case, fields))
    return outcome if outcome.open and not read else None
