"""Delimited text as the contract describes it: header by name, cells as text, every line accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from padan.errors import InputRefused
from padan.intake.csv_lines import Assembler, Broken, Decoder, Line, Record, blocks, cells_of, ends_open
from padan.intake.footer import MAX_ROWS, Footer
from padan.intake.header import known_names, spelling
from padan.intake.reading import ROW, Batch, Layout, Reading, Reject, frame, position
from schemas.extracts.contract import Contract, Csv

DELIMITERS = {";": "titik koma", ",": "koma", "|": "garis tegak", "\t": "tab"}
_MAX_HEADER_LINES = 10


def open_csv(path: Path, form: Csv, contract: Contract) -> Reading:
    """The file's header, and its rows in batches of about 8 MiB.

    Raises:
        InputRefused: no header, another delimiter or another encoding than promised (the last when all is read).
    """
    notes: Counter[str] = Counter()
    decoder = Decoder(form.encoding)
    stream = (decoder.lines(block) for block in blocks(path, notes))
    line_number, header, rest = _header(stream, form, contract)
    layout = Layout("csv", encoding=form.encoding, delimiter=form.delimiter, header_row=line_number)
    rows = Rows(form.delimiter, len(header), Footer(contract.feed.footer), notes)
    return Reading(header, layout, rows.batches(chain((rest,), stream), decoder), notes)


def _header(stream: Iterator[list[Line]], form: Csv, contract: Contract) -> tuple[int, tuple[str, ...], list[Line]]:
    """Line number and cells of the first line that is not blank, and the lines after it."""
    before = 0
    for lines in stream:
        at = next((i for i, line in enumerate(lines) if isinstance(line, Broken) or line.strip()), None)
        if at is None:
            before += len(lines)
            continue
        first = lines[at]
        if isinstance(first, Broken):
            raise InputRefused("enkode_salah", f"baris kepala tidak terbaca sebagai {form.encoding}.")
        text, used = first, 1
        while ends_open(text, form.delimiter) and used < _MAX_HEADER_LINES and at + used < len(lines):
            text, used = f"{text}\n{lines[at + used]}", used + 1
        _refuse_delimiter(first, form, contract)
        cells = cells_of(text, form.delimiter)
        if cells is None:
            raise InputRefused("tanpa_kepala", "baris kepala berkutip rusak.")
        return before + at + 1, tuple(cells), lines[at + used :]
    raise InputRefused("berkas_kosong", "berkas kosong.")


def _refuse_delimiter(line: str, form: Csv, contract: Contract) -> None:
    """Another delimiter finds the contract's columns in the header where the promised one finds almost none."""
    seen = delimiter_of(line, contract)
    if seen is not None and seen != form.delimiter and _hits(line, form.delimiter, contract) < 2:
        promised = DELIMITERS.get(form.delimiter, form.delimiter)
        raise InputRefused("pemisah_salah", f"pemisah tampaknya {DELIMITERS[seen]}; kontrak menjanjikan {promised}.")


def delimiter_of(line: str, contract: Contract) -> str | None:
    """The delimiter by which most of the contract's columns appear in a header line; None if none shows two."""
    hits = {delimiter: _hits(line, delimiter, contract) for delimiter in DELIMITERS}
    best = max(hits, key=lambda d: hits[d])
    return best if hits[best] >= min(2, len(contract.columns)) else None


def _hits(line: str, delimiter: str, contract: Contract) -> int:
    cells = cells_of(line, delimiter) or line.split(delimiter)
    return len({spelling(cell) for cell in cells} & known_names(contract).keys())


class Rows:
    """Numbers the records of one file and turns them into batches."""

    def __init__(self, delimiter: str, width: int, footer: Footer, notes: Counter[str]) -> None:
        self._delimiter, self._width, self._footer, self._notes = delimiter, width, footer, notes
        self._assembler = Assembler(delimiter, width)
        self._number = 0

    def batches(self, stream: Iterator[list[Line]], decoder: Decoder) -> Iterator[Batch]:
        """One batch a block; a footer is known when the last block is through."""
        waiting: list[Line] = []
        for lines in stream:
            records, waiting = self._cut(waiting + lines, final=False)
            if records:
                yield self._batch(records)
        footers = self._tail(waiting)
        records, _ = self._assembler.records(waiting[: len(waiting) - len(footers)], final=True)
        records = self._filled(records)
        if records:
            yield self._batch(records)
        self._footer.held = [list(cells_of(str(line), self._delimiter) or [str(line)]) for line in footers]
        self._footer.report(self._number, self._notes)
        if decoder.really_utf8:
            raise InputRefused("enkode_salah", f"isi berkas UTF-8; kontrak menjanjikan {decoder.encoding}.")

    def _cut(self, lines: list[Line], *, final: bool) -> tuple[list[Record], list[Line]]:
        """Records, and what must wait for the next block: an open quoted cell, and rows that may be the footer."""
        footers = self._tail(lines)
        if footers:
            lines = [line for line in lines[: _last(lines, footers)]]
        records, carried = self._assembler.records(lines, final=final)
        return self._filled(records), carried + footers

    def _tail(self, lines: list[Line]) -> list[Line]:
        """The footer-like lines at the end, without the blank ones among them; none if there are too many."""
        held: list[Line] = []
        for line in reversed(lines):
            if isinstance(line, str) and self._is_blank(line):
                continue
            if isinstance(line, Broken) or not self._footer.matches(cells_of(line, self._delimiter) or []):
                break
            held.append(line)
        return held[::-1] if len(held) <= MAX_ROWS else []

    def _is_blank(self, line: str) -> bool:
        return not line.strip(f"{self._delimiter} \t\u00a0")

    def _is_empty(self, record: Record) -> bool:
        if isinstance(record, str):
            return self._is_blank(record)
        return isinstance(record, list) and not any(cell.strip() for cell in record)

    def _filled(self, records: list[Record]) -> list[Record]:
        """Records without the blank ones, which are counted."""
        kept = [record for record in records if not self._is_empty(record)]
        if len(kept) < len(records):
            self._notes["baris_kosong"] += len(records) - len(kept)
        return kept

    def _batch(self, records: list[Record]) -> Batch:
        first = self._number + 1
        self._number += len(records)
        numbered = list(enumerate(records, first))
        plain = [(n, r) for n, r in numbered if isinstance(r, str)]
        rejects = [Reject(n, r.rule, dict(r.raw)) for n, r in numbered if isinstance(r, Broken)]
        quoted = [(n, r) for n, r in numbered if isinstance(r, list)]
        rejects += [Reject(n, "jumlah_sel_salah", {"sel": r}) for n, r in quoted if len(r) != self._width]
        quoted = [(n, r) for n, r in quoted if len(r) == self._width]
        rows = self._split(plain, rejects)
        if quoted:
            cells = frame([n for n, _ in quoted], [r for _, r in quoted], self._width)
            rows = pl.concat([rows, cells]).sort(ROW)
        return Batch(rows, tuple(sorted(rejects, key=lambda r: r.row)))

    def _split(self, plain: list[tuple[int, str]], rejects: list[Reject]) -> pl.DataFrame:
        """Lines without quotes into cells, all at once; lines with another number of cells go to the rejects."""
        lines = pl.DataFrame(
            {ROW: pl.Series([n for n, _ in plain], dtype=pl.Int64), "line": pl.Series([r for _, r in plain], dtype=pl.String)}
        )
        fits = lines["line"].str.count_matches(self._delimiter, literal=True) == self._width - 1
        if not fits.all():
            rejects += [Reject(n, "jumlah_sel_salah", {"baris": r}) for n, r in lines.filter(~fits).iter_rows()]
            lines = lines.filter(fits)
        cells = lines["line"].str.split_exact(self._delimiter, self._width - 1).struct.unnest()
        cells.columns = [position(i) for i in range(self._width)]
        emptied = cells.with_columns(pl.when(pl.all() != "").then(pl.all()))
        return pl.concat([lines.select(ROW), emptied], how="horizontal")


def _last(lines: list[Line], footers: list[Line]) -> int:
    """Position of the first of the footer lines: everything before it is data or blank."""
    at = len(lines)
    left = len(footers)
    while left:
        at -= 1
        left -= lines[at] is footers[left - 1]
    return at
