"""Where the table of a file is, when its layout is not the contract's: container, sheet, header row, delimiter.

Only for `padan inspect`: intake itself verifies what the contract promises and searches for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from padan.errors import InputRefused
from padan.intake.closeness import propose, resemblance
from padan.intake.container import check_workbook, kind_of
from padan.intake.csv_file import DELIMITERS, Rows
from padan.intake.csv_lines import Decoder, Line, blocks, cells_of
from padan.intake.footer import Footer
from padan.intake.json_file import open_json
from padan.intake.parquet_file import open_parquet
from padan.intake.reading import Layout, Reading
from padan.intake.xlsx_file import read_below, sheets_of, text_of
from schemas.extracts.contract import Contract, Json, Parquet

_HEADER_WITHIN = 40
_FUZZY_ROWS = 6
Candidate = tuple[Layout, tuple[str, ...]]


def find_table(path: Path, among: Sequence[Contract]) -> tuple[Contract, Layout, tuple[str, ...]] | None:
    """The contract, layout and header row that fit each other best; None if no row resembles a header.

    Raises:
        InputRefused: the file cannot be read as a table at all.
    """
    candidates = list(_candidates(path, among[0]))
    hits = [(resemblance(contract, row), contract, layout, row) for layout, row in candidates for contract in among]
    most = max((hit[0] for hit in hits), default=0)
    if most >= 2:
        near = [hit for hit in hits if hit[0] >= max(2, most - 2)][:20]
    else:
        near = [(0, contract, layout, row) for layout, row in candidates[:_FUZZY_ROWS] for contract in among]
    best_score, best = 0.0, None
    for _, contract, layout, row in near:
        score = _fit(contract, row)
        if score > best_score:
            best_score, best = score, (contract, layout, row)
    return best


def _fit(contract: Contract, row: Sequence[str]) -> float:
    """0 if the row resembles no header: less than two of its cells, or less than a third, name a column."""
    found = propose(contract, row)
    filled = sum(1 for name in row if name.strip())
    if len(found) < 2 or len(found) * 3 < filled:
        return 0.0
    return sum(close for _, close in found.values()) * len(found) / max(filled, len(contract.columns))


def _candidates(path: Path, contract: Contract) -> Iterator[Candidate]:
    """Rows near the top of the file that may be its header, with the layout in which they are read."""
    kind = kind_of(path)
    if kind == "zip":
        check_workbook(path)
        for number, sheet in enumerate(sheets_of(path), 1):
            for at, row in enumerate(islice(sheet.iter_rows(), _HEADER_WITHIN)):
                yield Layout("xlsx", sheet=number, header_row=at + 1), _trimmed([text_of(cell) or "" for cell in row])
    elif kind == "parquet":
        reading = open_parquet(path, Parquet(), contract)
        yield reading.layout, reading.header
    elif kind == "text" and _looks_like_json(path):
        reading = open_json(path, Json(), contract)
        yield reading.layout, reading.header
    elif kind == "text":
        yield from _text_rows(path)
    else:
        raise InputRefused("wadah_salah", f"isi berkas ({kind}) bukan tabel yang dapat dibaca.")


def _trimmed(row: list[str]) -> tuple[str, ...]:
    while row and not row[-1].strip():
        row.pop()
    return tuple(row)


def _looks_like_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def _text_rows(path: Path) -> Iterator[Candidate]:
    encoding = encoding_of(path)
    for number, line in enumerate(islice(_lines(Decoder(encoding), path), _HEADER_WITHIN), 1):
        for delimiter in DELIMITERS:
            if isinstance(line, str) and delimiter in line:
                yield Layout("csv", encoding, delimiter, header_row=number), tuple(cells_of(line, delimiter) or line.split(delimiter))


def _lines(decoder: Decoder, path: Path) -> Iterator[Line]:
    return chain.from_iterable(decoder.lines(block) for block in blocks(path, Counter(), 1 << 16))


def encoding_of(path: Path) -> str:
    """`ascii` if no byte of the file is above 127, `utf-8` if all are valid UTF-8, else `cp1252`."""
    ascii_only = True
    try:
        for block in blocks(path, Counter()):
            ascii_only = ascii_only and block.isascii()
            block.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "ascii" if ascii_only else "utf-8"


def read_table(path: Path, contract: Contract, layout: Layout, header: tuple[str, ...]) -> Reading:
    """The rows below a header that `find_table` found."""
    if layout.container == "xlsx":
        assert layout.sheet is not None and layout.header_row is not None
        return read_below(sheets_of(path)[layout.sheet - 1], layout.sheet, layout.header_row - 1, contract)
    if layout.container == "json":
        return open_json(path, Json(), contract)
    if layout.container == "parquet":
        return open_parquet(path, Parquet(), contract)
    assert layout.encoding is not None and layout.delimiter is not None and layout.header_row is not None
    notes: Counter[str] = Counter()
    decoder = Decoder(layout.encoding)
    stream = (decoder.lines(block) for block in blocks(path, notes))
    rows = Rows(layout.delimiter, len(header), Footer(contract.feed.footer), notes)
    return Reading(header, layout, rows.batches(_after(stream, layout.header_row), decoder), notes)


def _after(stream: Iterator[list[Line]], skipped: int) -> Iterator[list[Line]]:
    for lines in stream:
        yield lines[skipped:]
        skipped = max(0, skipped - len(lines))
