"""A workbook that a person would like to open: frozen, filtered heads; every cell is text or a number, never a formula.

A delivered value is written as text: one that begins with `=` is somebody's attack on whoever opens the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Columns = Sequence[tuple[str, int]]


@contextmanager
def open_book(path: Path, title: str) -> Iterator[Any]:
    """An xlsxwriter workbook that takes the place of `path` once it is whole, readable by its owner alone."""
    import xlsxwriter

    fresh = path.with_name(f".{path.name}")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": False}
    # Closed to others before the first cell is written, and gone if the book is not finished: it may hold opened values.
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    try:
        with xlsxwriter.Workbook(fresh, options) as book:
            book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 (no time in it)
            yield book
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def add_sheet(book: Any, name: str, columns: Columns, top: int = 0) -> Any:
    """A sheet with its heads (title, width) written in row `top` and frozen."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E6EFEA", "border": 1, "text_wrap": True, "valign": "top"})
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(top, at, title, head)
    sheet.freeze_panes(top + 1, 0)
    return sheet


def add_list(book: Any, name: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> Any:
    """A sheet of rows under filters: numbers as numbers, everything else as text."""
    sheet = add_sheet(book, name, columns)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(at, column, value)
            else:
                sheet.write_string(at, column, "" if value is None else str(value))
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    return sheet
