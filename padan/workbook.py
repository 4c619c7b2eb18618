"""A workbook that a person would like to open: frozen, filtered heads; every cell is text or a number, never a formula.

A delivered value is written as text: one that begins with `=` is somebody's attack on whoever opens the file.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from padan.errors import InputRefused

Columns = Sequence[tuple[str, int]]


@contextmanager
def open_book(path: Path, title: str, password: str | None = None) -> Iterator[Any]:
    """An xlsxwriter workbook that takes the place of `path` once it is whole, readable by its owner alone.

    With a `password` it is encrypted (ECMA-376, as Excel does), and no open copy of it is ever on the disk.
    """
    import xlsxwriter

    # Temporary files of a workbook would hold its cells outside the vault; a list is small enough for memory.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 (no time in it)
        yield book
    write_closed(path, _encrypted(content, password) if password else content.getvalue())


def _encrypted(content: io.BytesIO, password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    closed = io.BytesIO()
    content.seek(0)
    OOXMLFile(content).encrypt(password, closed)
    return closed.getvalue()


def opened(path: Path, password: str | None) -> bytes:
    """The workbook as written before it was encrypted; one that is not encrypted as it is.

    Raises:
        InputRefused: it needs another password, or is no workbook.
    """
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    plain = io.BytesIO()
    try:
        with path.open("rb") as file:
            book = msoffcrypto.OfficeFile(file)
            if not book.is_encrypted():
                return path.read_bytes()
            book.load_key(password=password or "", verify_password=True)
            book.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        raise InputRefused("kata_sandi_salah", f"{path.name}: kata sandinya bukan milik daftar itu.") from None
    except Exception:  # noqa: BLE001 (what spoilt bytes raise in there is no short list, and a message may quote them)
        raise InputRefused("bukan_lembar_kerja", f"{path.name}: bukan lembar kerja XLSX.") from None
    return plain.getvalue()


def write_closed(path: Path, content: bytes) -> None:
    """Put a file in its place in one step, readable by its owner alone from its first byte."""
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
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
