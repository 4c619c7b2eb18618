"""Answers of an office, from the workbook it got: read row by row, what is right is taken, what is not is said with its rule.

The same file twice adds nothing. An answer is never changed: a later one stands beside it, and the last counts.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.errors import InputRefused
from padan.home import Home
from padan.intake.jail import read_returned
from padan.keys import load_key, load_password
from padan.returns.reasons import ANSWERS
from padan.returns.sheet import ANSWER, DAY, ID, LIST, SEAL, seal_of
from padan.returns.tables import create_return_tables

_LISTED = "SELECT row_id, periode, listed_on FROM returns.listed WHERE agency = ? ORDER BY periode"


@dataclass(frozen=True)
class Imported:
    """What a file came to: answers taken, those known before, rows without an answer, and (row of the sheet, rule) of each refused."""

    taken: int
    known: int
    empty: int
    refused: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Row:
    """One row of a returned sheet: `at`, its number there; `cells`, what was sent, with the row id first."""

    at: int
    cells: tuple[str, ...]
    answer: str
    day: str
    seal: str


@dataclass(frozen=True)
class Answer:
    """What an office says of a row of one month's list."""

    row_id: str
    periode: str
    jawaban: str
    tanggal: dt.date


Listed = dict[str, dict[str, dt.date]]


def import_answers(con: duckdb.DuckDBPyConnection, home: Home, file: Path, today: dt.date, agency: str = "kemensos") -> Imported:
    """Take the answers of one returned workbook.

    Args:
        con: the warehouse, open for writing.
        home: where the agency's key and password lie.
        file: the workbook as it came back.
        today: an answer dated later is refused.
        agency: whose lists these are.

    Raises:
        InputRefused: it is no workbook of ours: another password, another form, or too large.
    """
    create_return_tables(con)
    rows, digest = _read(home, file, agency)
    key = load_key(home.keys, f"returns-{agency}")
    listed: Listed = defaultdict(dict)
    for row_id, periode, day in con.execute(_LISTED, [agency]).fetchall():
        listed[row_id][periode] = day
    counts, refused = Counter[str](), []
    for row in rows:
        judged = _judged(row, listed, key, today)
        if isinstance(judged, Answer):
            counts["taken" if _keep(con, judged, digest) else "known"] += 1
        elif judged:
            refused.append((row.at, judged))
        else:
            counts["empty"] += 1
    return Imported(counts["taken"], counts["known"], counts["empty"], tuple(refused))


def _read(home: Home, file: Path, agency: str) -> tuple[list[Row], str]:
    """The rows of the sheet `Daftar` that hold anything, and the file's SHA-256."""
    returned = read_returned(file, load_password(home.keys, f"returns-{agency}"), LIST)
    if not returned.rows or len(returned.rows[0]) < 4:
        raise InputRefused("bukan_daftar", f"{file.name}: tidak ada lembar {LIST} yang terbaca.", todo="Isi berkas aslinya.")
    head, *rows = returned.rows
    if head[:1] + head[-3:] != [ID, ANSWER, DAY, SEAL]:
        raise InputRefused("kolom_hilang", f"{file.name}: kolom daftar bukan seperti yang dikirim.", todo="Isi berkas aslinya.")
    width = len(head) - 3
    read = [
        Row(at, tuple(row[:width]), row[width].strip(), row[width + 1].strip(), row[width + 2])
        for at, row in enumerate(rows, start=2)
        if any(cell.strip() for cell in row)
    ]
    return read, returned.digest


def _judged(row: Row, listed: Listed, key: bytes, today: dt.date) -> Answer | str | None:
    """The answer of a row, the rule that it breaks, or None where nothing was filled in."""
    if not row.answer and not row.day:
        return None
    months = listed.get(row.cells[0])
    if months is None:
        return "baris_tidak_dikenal"
    month = next((m for m in months if hmac.compare_digest(seal_of(key, m, row.cells), row.seal)), None)
    if month is None:
        return "baris_diubah"
    answer, day = ANSWERS.get(row.answer.lower()), _day(row.day)
    if answer is None:
        return "jawaban_tidak_dikenal"
    if day is None:
        return "tanggal_tidak_terbaca"
    return Answer(row.cells[0], month, answer, day) if months[month] <= day <= today else "tanggal_di_luar_masa"


def _day(cell: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(cell, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _keep(con: duckdb.DuckDBPyConnection, answer: Answer, digest: str) -> bool:
    """Add the answer unless the last one of that row and month says the same."""
    last = con.execute(
        "SELECT jawaban, tanggal FROM returns.answer WHERE row_id = ? AND periode = ? ORDER BY imported_at DESC LIMIT 1",
        [answer.row_id, answer.periode],
    ).fetchall()
    if last == [(answer.jawaban, answer.tanggal)]:
        return False
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO returns.answer VALUES (?, ?, ?, ?, ?, ?)", [answer.row_id, answer.periode, answer.jawaban, answer.tanggal, digest, now]
    )
    return True
