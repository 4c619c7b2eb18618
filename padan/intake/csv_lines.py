"""Delimited text cut into lines and records by our own accounting: nothing is sniffed, nothing is skipped unseen.

Belongs here: bytes → lines → records. A quote that is opened and never closed costs its own line, not the rows after it.
"""

from __future__ import annotations

import base64
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from padan.errors import InputRefused

BLOCK_BYTES = 8 << 20
_LONGEST_LINE_BYTES = 64 << 20
_MAX_JOINED_LINES = 100
_MAX_JOINED_CHARS = 50_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Broken:
    """A line that is no record: rule, and the line for the quarantine."""

    rule: str
    raw: dict[str, str]


Line = str | Broken
Record = str | list[str] | Broken


def blocks(path: Path, notes: Counter[str], size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The file in blocks of whole lines; a UTF-8 mark at its start is taken off and counted."""
    with path.open("rb") as file:
        rest = file.read(len(_BOM))
        if rest == _BOM:
            notes["bom"] += 1
            rest = b""
        while piece := file.read(size):
            rest += piece
            cut = _last_line_end(rest)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _LONGEST_LINE_BYTES:
                raise InputRefused("berkas_biner", "satu baris lebih panjang dari 64 MiB: bukan teks yang dijanjikan.")
        if rest:
            yield rest


def _last_line_end(data: bytes) -> int:
    """Position after the last line end. A CR at the very end may be half of a CR LF, and waits."""
    cut = data.rfind(b"\n") + 1
    return cut or data.rfind(b"\r", 0, len(data) - 1) + 1


class Decoder:
    """Bytes → lines in the promised encoding, strictly; remembers whether the file was another encoding all along."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._single_byte = encoding not in {"utf-8", "utf_8", "utf8"}
        self._utf8_rows = False
        self._not_utf8 = False

    @property
    def really_utf8(self) -> bool:
        """A single-byte encoding was promised, and every accented letter of the file is valid multi-byte UTF-8."""
        return self._single_byte and self._utf8_rows and not self._not_utf8

    def lines(self, block: bytes) -> list[Line]:
        """The block's lines without their ends; a line with a byte that the encoding lacks is broken."""
        if self._single_byte and not self._not_utf8 and not block.isascii():
            self._look_for_utf8(block)
        try:
            text = block.decode(self.encoding)
        except UnicodeDecodeError:
            return [self._line(raw) for raw in block.splitlines()]
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines: list[Line] = list(text.split("\n"))
        if lines and lines[-1] == "":
            lines.pop()
        return lines

    def _look_for_utf8(self, block: bytes) -> None:
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            self._not_utf8 = True
        else:
            self._utf8_rows = True

    def _line(self, raw: bytes) -> Line:
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError:
            seen = raw.decode(self.encoding, "backslashreplace") if self.encoding == "utf-8" else raw.decode("latin-1")
            return Broken("byte_rusak", {"baris": seen, "byte_base64": base64.b64encode(raw).decode("ascii")})


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record, or None if its quoting is broken."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def ends_open(text: str, delimiter: str) -> bool:
    """True if a quoted cell is still open at the end of the text."""
    return _open_cell(text, delimiter) >= 0


def _open_cell(text: str, delimiter: str) -> int:
    """Where the cell starts whose quote is still open at the end of the text; -1 if none is."""
    start = 0
    while True:
        if not text.startswith('"', start):
            end = text.find(delimiter, start)
        else:
            close = _closing_quote(text, start + 1)
            if close < 0:
                return start
            end = text.find(delimiter, close + 1)
        if end < 0:
            return -1
        start = end + len(delimiter)


def _closing_quote(text: str, start: int) -> int:
    """Position of the quote that closes a cell begun before `start`; doubled quotes are content."""
    at = text.find('"', start)
    while at >= 0 and text.startswith('""', at):
        at = text.find('"', at + 2)
    return at


class Assembler:
    """Lines → records. A record spans lines only inside a quoted cell, and never over something that is itself a row."""

    def __init__(self, delimiter: str, width: int) -> None:
        self._delimiter, self._width = delimiter, width

    def records(self, lines: list[Line], *, final: bool) -> tuple[list[Record], list[Line]]:
        """Records, and the lines of a record that may go on in the next block (none if `final`)."""
        records: list[Record] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            if isinstance(line, Broken) or '"' not in line:
                records.append(line)
                at += 1
                continue
            record, used = self._quoted(lines, at, final)
            if used == 0:
                return records, lines[at:]
            records.append(record)
            at += used
        return records, []

    def _quoted(self, lines: list[Line], at: int, final: bool) -> tuple[Record, int]:
        """The record that starts at a line with a quote, and the lines it takes; 0 lines: more are needed."""
        text = str(lines[at])
        if not ends_open(text, self._delimiter):
            return self._cells(text, "kutip_rusak"), 1
        for more in range(1, _MAX_JOINED_LINES):
            if at + more >= len(lines):
                return (_broken("kutip_terbuka", str(lines[at])), 1) if final else ("", 0)
            following = lines[at + more]
            if isinstance(following, Broken) or self._is_row(following):
                break
            text += "\n" + following
            if len(text) > _MAX_JOINED_CHARS:
                break
            if not ends_open(text, self._delimiter):
                cells = cells_of(text, self._delimiter)
                if cells is None or len(cells) != self._width:
                    break
                return cells, more + 1
        return _broken("kutip_terbuka", str(lines[at])), 1

    def _cells(self, text: str, rule: str) -> Record:
        cells = cells_of(text, self._delimiter)
        if cells is None:
            return _broken("sel_terlalu_panjang" if len(text) > csv.field_size_limit() else rule, text)
        return cells

    def _is_row(self, line: str) -> bool:
        """The part up to a quote holds a whole row's delimiters: it would be swallowed by the open cell."""
        return line.split('"', 1)[0].count(self._delimiter) >= max(1, self._width - 1)


def _broken(rule: str, line: str) -> Broken:
    return Broken(rule, {"baris": line})
