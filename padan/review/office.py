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
from padan.keys import load_key, load_password
from padan.ledger.access import record_access
from padan.review.people import sides_of
from padan.review.rulings import create_ruling_table, record_ruling
from padan.review.sheet import REASONS, RULINGS, read_cases, row_of, seal_of, write_cases
from padan.workbook import opened

KEY = "review"
_SENT = """
CREATE TABLE IF NOT EXISTS review.sent (
    case_id VARCHAR, kode_kabupaten VARCHAR, sent_on DATE, fields VARCHAR, seal VARCHAR);
CREATE TABLE IF NOT EXISTS review.answer (
    case_id VARCHAR, answered_at TIMESTAMP, answered_by VARCHAR, answer VARCHAR, reason VARCHAR, ruling_id VARCHAR);
"""
_OPEN = """
SELECT case_id, record_id, register_id, runner_up_id, fields FROM review.case
WHERE kode_kabupaten = ? AND NOT centre_only ORDER BY case_id"""


@dataclass(frozen=True)
class Decided:
    """What a file came to: rulings, doubts ('RAGU'), answers known before, rows without one, and (row, rule) of each refused."""

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
    con.execute(_SENT)
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
        con.execute("INSERT INTO review.sent VALUES (?, ?, ?, ?, ?)", [case, kabupaten, today, fields, seal_of(key, row)])
    title = f"Putusan padanan, {kabupaten}, {today:%Y-%m-%d}"
    write_cases(path, title, rows, key, load_password(home.keys, f"review-{kabupaten}"))
    return len(rows)


def import_cases(con: duckdb.DuckDBPyConnection, home: Home, register: Path, file: Path, kabupaten: str, by: str) -> Decided:
    """Take what an office decided; the same file twice adds nothing.

    Raises:
        InputRefused: it is no workbook of ours: another password or another form.
    """
    con.execute(_SENT)
    create_ruling_table(con)
    if not file.is_file():
        raise InputRefused("berkas_tidak_ada", f"{file.name}: tidak ada.", todo="Periksa jalurnya.")
    rows = read_cases(opened(file, load_password(home.keys, f"review-{kabupaten}")), file.name)
    key, counts, refused = load_key(home.keys, KEY), Counter[str](), []
    for at, cells, answer, reason, seal in rows:
        if not answer and not reason:
            counts["empty"] += 1
            continue
        judged = _refusal(con, key, cells, answer, reason, seal, kabupaten)
        if judged:
            refused.append((at, judged))
        else:
            counts[_take(con, register, cells[0], answer, reason, by)] += 1
    return Decided(counts["taken"], counts["unsure"], counts["known"], counts["empty"], tuple(refused))


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
    if con.execute("SELECT 1 FROM review.answer WHERE case_id = ? AND answer = ?", [cells[0], answer]).fetchone():
        return None
    now = con.execute("SELECT fields FROM review.case WHERE case_id = ?", [cells[0]]).fetchone()
    if now is None:
        return "kasus_sudah_tutup"
    # the same row may have gone out twice on one day, before and after a field that it does not show was changed
    sent = con.execute("SELECT 1 FROM review.sent WHERE seal = ? AND fields = ?", [seal, now[0]]).fetchone()
    return None if sent else "data_sudah_berubah"


def _take(con: duckdb.DuckDBPyConnection, register: Path, case: str, answer: str, reason: str, by: str) -> str:
    """Keep an answer, and the ruling that it is; what it came to, by the name of its count."""
    last = con.execute("SELECT answer FROM review.answer WHERE case_id = ? ORDER BY answered_at DESC LIMIT 1", [case]).fetchone()
    if last == (answer,):
        return "known"
    ruling, number = RULINGS[answer], None
    if ruling is not None:
        found = con.execute("SELECT case_id, record_id, register_id, runner_up_id FROM review.case WHERE case_id = ?", [case]).fetchall()
        sides = sides_of(con, register, found)[case]
        number = record_ruling(con, ruling, found[0][1], sides.subject, by=by, reason=reason)  # type: ignore[arg-type]
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute("INSERT INTO review.answer VALUES (?, ?, ?, ?, ?, ?)", [case, now, by, answer, reason, number])
    return "taken" if ruling else "unsure"
