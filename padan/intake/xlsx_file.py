"""Workbooks: title rows, merged cells, footers. A numeric cell stays visible as one (`1277064711140030.0`)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from padan.errors import InputRefused
from padan.intake.footer import MAX_ROWS, Footer
from padan.intake.header import known_names, spelling
from padan.intake.reading import BATCH_ROWS, Batch, Layout, Reading, Reject, frame
from schemas.extracts.contract import Contract, Xlsx


def open_xlsx(path: Path, form: Xlsx, contract: Contract) -> Reading:
    """The one sheet that holds the contract's header, and its rows in batches.

    Raises:
        InputRefused: unreadable, no sheet with the header, or more than one.
    """
    sheets = sheets_of(path)
    headed = [(n, sheet, found) for n, sheet in enumerate(sheets, 1) if (found := header_row(sheet, form, contract)) is not None]
    if not headed:
        raise InputRefused("tanpa_kepala", f"tidak ada baris kepala dalam {form.header_within} baris pertama lembar mana pun.")
    if len(headed) > 1:
        places = ", ".join(str(n) for n, _, _ in headed)
        raise InputRefused("lembar_ganda", f"kepala tabel ada di beberapa lembar (ke-{places}); kontrak menjanjikan satu.")
    number, sheet, at = headed[0]
    reading = read_below(sheet, number, at, contract)
    reading.notes["lembar_lain_diabaikan"] += sum(1 for other in sheets if other is not sheet and other.height)
    return reading


def read_below(sheet: Any, number: int, at: int, contract: Contract) -> Reading:
    """The rows of a sheet below row `at` (0-based), which is its header; `number` is the sheet's place, from 1."""
    notes: Counter[str] = Counter()
    rows = sheet.iter_rows()
    header = _trimmed([text_of(cell) or "" for cell in _nth(rows, at)])
    reader = _Rows(len(header), Footer(contract.feed.footer), _Merges.below(sheet, at), notes)
    return Reading(header, Layout("xlsx", sheet=number, header_row=at + 1), reader.batches(rows, at + 1), notes)


@contextmanager
def parsing() -> Iterator[None]:
    """What the parser raises becomes a refusal; its message is dropped, since it may quote a cell."""
    try:
        yield
    except InputRefused:
        raise
    except BaseException as error:
        # a panic of the Rust parser is no Exception; anything else that is none is not ours to stop
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise InputRefused("berkas_rusak", f"buku kerja tidak terbaca ({type(error).__name__}).") from None


def sheets_of(path: Path) -> list[Any]:
    """The workbook's sheets, parsed.

    Raises:
        InputRefused: the parser cannot read it.
    """
    import python_calamine

    with parsing():
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return [book.get_sheet_by_index(i) for i, kind in enumerate(book.sheets_metadata) if "WorkSheet" in str(kind.typ)]


def header_row(sheet: Any, form: Xlsx, contract: Contract) -> int | None:
    """Row (0-based) of the sheet that names most of the contract's columns; None if none of the first rows names two."""
    known = known_names(contract)
    best, best_hits = None, min(2, len(contract.columns)) - 1
    rows = sheet.iter_rows()
    for at in range(form.header_within):
        row = next(rows, None)
        if row is None:
            break
        hits = len({known[s] for cell in row if isinstance(cell, str) and (s := spelling(cell)) in known})
        if hits > best_hits:
            best, best_hits = at, hits
    return best


def _nth(rows: Iterator[list[Any]], at: int) -> list[Any]:
    for _ in range(at):
        next(rows)
    return list(next(rows))


def _trimmed(header: list[str]) -> tuple[str, ...]:
    while header and not header[-1].strip():
        header.pop()
    return tuple(header)


def text_of(cell: Any) -> str | None:
    """A cell as text: numbers as their repr with a point, dates in ISO, text as it stands; an empty cell is None."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return repr(float(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return None if cell is None else str(cell)


@dataclass
class _Merges:
    """Cells merged downwards below the header: their value stands only in the first row and holds for all."""

    ranges: list[tuple[int, int, int]]
    open: list[tuple[int, int, str | None]] = field(default_factory=list)

    @classmethod
    def below(cls, sheet: Any, header: int) -> _Merges:
        """The merges of one column over several rows (first row, last row, column as `iter_rows` counts it)."""
        left = sheet.start[1] if sheet.start else 0
        found = [(top, bottom, column - left) for (top, column), (bottom, _) in sheet.merged_cell_ranges or () if bottom > top > header]
        return cls(sorted(found, reverse=True))

    def fill(self, at: int, row: list[str | None]) -> int:
        """Give the merged value to a row that is otherwise filled; returns how many cells were given one."""
        while self.ranges and self.ranges[-1][0] <= at:
            top, bottom, column = self.ranges.pop()
            if top == at and column < len(row):
                self.open.append((bottom, column, row[column]))
        self.open = [merge for merge in self.open if merge[0] >= at]
        given = 0
        for _, column, value in self.open:
            if row[column] is None and value is not None and any(row):
                row[column] = value
                given += 1
        return given


class _Rows:
    """Numbers the rows under the header and turns them into batches."""

    def __init__(self, width: int, footer: Footer, merges: _Merges, notes: Counter[str]) -> None:
        self._width, self._footer, self._merges, self._notes = width, footer, merges, notes
        self._number = 0
        self._taken: list[list[str | None]] = []

    def batches(self, rows: Iterator[list[Any]], first: int) -> Iterator[Batch]:
        """Batches of rows; blank rows are counted and left out, footers known at the end."""
        for at, cells in enumerate(rows, first):
            row = [text_of(cell) for cell in cells]
            row += [None] * (self._width - len(row))
            self._notes["sel_gabung_diisi"] += self._merges.fill(at, row)
            self._take(row)
            if len(self._taken) >= BATCH_ROWS:
                yield self._batch()
        if self._taken:
            yield self._batch()
        self._footer.report(self._number, self._notes)
        self._notes += Counter()  # drops the zeros

    def _take(self, row: list[str | None]) -> None:
        if not any(cell and cell.strip() for cell in row):
            self._notes["baris_kosong"] += 1
        elif self._footer.matches(row):
            self._footer.held.append(row)
            if len(self._footer.held) > MAX_ROWS:
                self._release()
        else:
            self._release()
            self._taken.append(row)

    def _release(self) -> None:
        """Data follows: what looked like a footer was a row."""
        self._taken += self._footer.held
        self._footer.held = []

    def _batch(self) -> Batch:
        numbered = list(enumerate(self._taken, self._number + 1))
        self._number += len(self._taken)
        self._taken = []
        wide = [(n, row) for n, row in numbered if any(row[self._width :])]
        rejects = tuple(Reject(n, "jumlah_sel_salah", {"sel": row}) for n, row in wide)
        fits: list[tuple[int, Sequence[str | None]]] = [(n, row[: self._width]) for n, row in numbered if not any(row[self._width :])]
        return Batch(frame([n for n, _ in fits], [row for _, row in fits], self._width), rejects)
