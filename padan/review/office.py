"""Cases of a regency out to its office, and what it decided back in: row by row, the good ones taken, each bad one named by its rule."""

from __future__ import annotations

import datetime as dt
import hmac
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.errors import InputRefused
from padan.home import Home
from padan.intake.jail import read_returned
from padan.keys import load_key, load_password
from padan.ledger.access import record_access
from padan.review.answers import create_answer_tables, office_answer, take_answer
from padan.review.people import sides_of
from padan.review.readers import REASONS, RULINGS, UNSURE
from padan.review.rulings import create_ruling_table
from padan.review.sheet import CASES, cases_of, row_of, seal_of, write_cases

KEY = "review"
# What an office may be shown, whatever else is known of the person: its answer alone does not decide where the centre must. A case that it
# answered is not sent again, decided or not, so that nothing tells the one from the other.
_OPEN = """
SELECT case_id, record_id, register_id, runner_up_id, fields FROM review.case c
WHERE kode_kabupaten = ? AND NOT centre_only AND NOT EXISTS (
    SELECT 1 FROM review.answer a WHERE a.case_id = c.case_id AND a.fields = c.fields AND NOT a.centre AND a.answer <> 'BATAL')
ORDER BY case_id"""


@dataclass(frozen=True)
class Decided:
    """What a file came to: answers taken, of which doubts ('RAGU'), answers known before, rows without one, (row, rule) of each refused."""

    taken: int
    unsure: int
    known: int
    empty: int
    refused: tuple[tuple[int, str], ...]


def export_cases(
    con: duckdb.DuckDBPyConnection, home: Home, register: Path, kabupaten: str, path: Path, today: dt.date, reason: str
) -> int:
    """Write a regency's open cases to a workbook under its office's password; each is noted in the access log. Returns how many.

    Raises:
        InputRefused: the regency has none that it may decide.
    """
    create_answer_tables(con)
    found = con.execute(_OPEN, [kabupaten]).fetchall()
    sides = sides_of(con, register, [row[:4] for row in found]) if found else {}
    if not sides:
        raise InputRefused(
            "tidak_ada_kasus", f"kabupaten {kabupaten} tidak mempunyai kasus yang diputuskan di sana.", todo="padan review list"
        )
    key, rows = load_key(home.keys, KEY), []
    for case, record, register_id, _, fields in found:
        if case not in sides:
            continue
        row = row_of(case, today, sides[case])
        rows.append(row)
        record_access(con, record, register_id, f"putusan kabupaten {kabupaten}: {reason}")
        con.execute("INSERT INTO review.sent VALUES (?, ?, ?, ?, ?, ?)", [case, kabupaten, today, fields, seal_of(key, row), record])
    title = f"Putusan padanan, {kabupaten}, {today:%Y-%m-%d}"
    write_cases(path, title, rows, key, load_password(home.keys, f"review-{kabupaten}"))
    return len(rows)


def import_cases(con: duckdb.DuckDBPyConnection, home: Home, register: Path, file: Path, kabupaten: str, by: str, share: float) -> Decided:
    """Take what an office answered; the same file twice adds nothing. `share`: of cases that two people read.

    Raises:
        InputRefused: it is no workbook of ours: another password or another form.
    """
    create_answer_tables(con)
    create_ruling_table(con)
    rows = cases_of(read_returned(file, load_password(home.keys, f"review-{kabupaten}"), CASES).rows, file.name)
    key, counts, refused = load_key(home.keys, KEY), Counter[str](), []
    for at, cells, answer, reason, seal in rows:
        if not answer and not reason:
            counts["empty"] += 1
            continue
        judged = _refusal(con, key, cells, answer, reason, seal, kabupaten)
        if judged:
            refused.append((at, judged))
        else:
            counts[_take(con, register, cells[0], answer, reason, by, key, share)] += 1
    return Decided(counts["taken"] + counts["unsure"], counts["unsure"], counts["known"], counts["empty"], tuple(refused))


def _refusal(
    con: duckdb.DuckDBPyConnection, key: bytes, cells: tuple[str, ...], answer: str, reason: str, seal: str, kabupaten: str
) -> str | None:
    """The rule that a row breaks, or None."""
    if not hmac.compare_digest(seal_of(key, cells), seal):
        return "baris_diubah"
    if not con.execute("SELECT 1 FROM review.sent WHERE seal = ? AND kode_kabupaten = ?", [seal, kabupaten]).fetchone():
        return "baris_tidak_dikirim"
    if answer not in RULINGS:
        return "putusan_tidak_dikenal"
    if reason not in REASONS:
        return "alasan_tidak_dikenal"
    if con.execute("SELECT 1 FROM review.answer WHERE case_id = ? AND answer = ? AND NOT centre", [cells[0], answer]).fetchone():
        return None
    now = con.execute("SELECT fields FROM review.case WHERE case_id = ?", [cells[0]]).fetchone()
    if now is None:
        return "kasus_sudah_tutup"
    # the same row may have gone out twice on one day, before and after a field that it does not show was changed
    sent = con.execute("SELECT 1 FROM review.sent WHERE seal = ? AND fields = ?", [seal, now[0]]).fetchone()
    return None if sent else "data_sudah_berubah"


def _take(con: duckdb.DuckDBPyConnection, register: Path, case: str, answer: str, reason: str, by: str, key: bytes, share: float) -> str:
    """Keep an answer; what it came to, by the name of its count. Whether it decided the case is not told."""
    if office_answer(con, case) == answer:
        return "known"
    take_answer(con, register, case, answer, reason, by, centre=False, key=key, share=share)
    return "unsure" if answer == UNSURE else "taken"
