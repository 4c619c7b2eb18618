"""A list as a workbook that an office fills in: locked but for the answer cells, sealed row by row, under a password."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from padan.keys import keyed_hash
from padan.returns.reasons import ANSWERS, NOTES
from padan.workbook import add_sheet, open_book, write_closed

LIST, WITHDRAWN, GUIDE = "Daftar", "DITARIK", "Petunjuk"
ID, ANSWER, DAY, SEAL = "Nomor baris", "Jawaban", "Tanggal", "Segel"


def write_sheet(
    path: Path,
    *,
    title: str,
    periode: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    withdrawn: Sequence[str],
    key: bytes,
    password: str | None,
) -> None:
    """Write `path` (XLSX) and its CSV beside it, both readable by their owner alone; whole or not there.

    Args:
        path: where to; the CSV has the same name.
        title: what list this is, in words.
        periode: the month, as YYYY-MM.
        columns: title and width of the columns after the row id.
        rows: row id and cells, in the order of the columns.
        withdrawn: row ids of earlier lists that no longer hold.
        key: seals each row, so that an edited one is found when it comes back.
        password: opens the workbook; None leaves it open.
    """
    heads = [(ID, 16), *columns, (ANSWER, 18), (DAY, 14), (SEAL, 14)]
    with open_book(path, title, password) as book:
        _guide(book, title)
        if withdrawn:
            _withdrawn(book, withdrawn)
        _list(book, heads, [(*row, "", "", seal_of(key, periode, row)) for row in rows])
    _write_csv(path.with_suffix(".csv"), [name for name, _ in heads[:-3]], rows)


def seal_of(key: bytes, periode: str, row: Sequence[str]) -> str:
    """What proves that a row is as it was sent."""
    return keyed_hash(key, "segel", periode, *row)[:12]


def _guide(book: Any, title: str) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 130)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for at, line in enumerate((*NOTES, "Jawaban: " + ", ".join(ANSWERS) + "."), start=2):
        sheet.write_string(at, 0, line)
    sheet.protect()


def _withdrawn(book: Any, withdrawn: Sequence[str]) -> None:
    """First of what is read: rows of earlier lists that no longer hold."""
    sheet = add_sheet(book, WITHDRAWN, [(ID, 16), ("Keadaan", 60)])
    for at, row_id in enumerate(sorted(withdrawn), start=1):
        sheet.write_string(at, 0, row_id)
        sheet.write_string(at, 1, "DITARIK: abaikan baris ini; layanan yang sudah berjalan diteruskan.")
    sheet.protect()


def _list(book: Any, heads: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> None:
    sheet, last = add_sheet(book, LIST, heads), len(heads) - 1
    free, day = book.add_format({"locked": False}), book.add_format({"locked": False, "num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if column == last - 2:
                sheet.write_blank(at, column, None, free)
            elif column == last - 1:
                sheet.write_blank(at, column, None, day)
            else:
                sheet.write_string(at, column, value)
    bottom = max(1, len(rows))
    sheet.data_validation(1, last - 2, bottom, last - 2, {"validate": "list", "source": list(ANSWERS), "error_title": "Jawaban"})
    earliest = {"validate": "date", "criteria": ">=", "value": dt.date(2020, 1, 1), "error_title": "Tanggal"}
    sheet.data_validation(1, last - 1, bottom, last - 1, earliest)
    sheet.set_column(last, last, 14, None, {"hidden": True})
    sheet.autofilter(0, 0, bottom, last - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})


def _write_csv(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The same rows as text for systems, without answer cells; a cell that a spreadsheet would run is made text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row] for row in rows])
    write_closed(path, text.getvalue().encode("utf-8-sig"))
