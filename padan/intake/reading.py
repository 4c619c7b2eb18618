"""What every format hands on: a header, and batches of rows as text with the number each row has in its file.

Belongs here: the shape shared by the format modules. Does not belong here: contracts' rules about values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

BATCH_ROWS = 50_000
ROW = "source_row"


@dataclass(frozen=True)
class Reject:
    """A row that could not be cut into the header's cells: number in the file, rule, and what was there (vault)."""

    row: int
    rule: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Some rows of a file.

    `rows`: one row a delivered row, `source_row` (1-based data row) and one text column a delivered column, named
    by its position (`c0`, `c1`, ...); an empty cell is null. `rejects`: rows of the same stretch that have no such shape.
    """

    rows: pl.DataFrame
    rejects: tuple[Reject, ...] = ()

    @property
    def received(self) -> int:
        """Rows of the file that this batch accounts for."""
        return self.rows.height + len(self.rejects)


@dataclass(frozen=True)
class Layout:
    """How the file turned out to be laid out; nothing in it is a cell of a data row."""

    container: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: int | None = None
    header_row: int | None = None


@dataclass
class Reading:
    """An opened file. `notes` counts what is accepted and reported; it is complete once the batches are exhausted."""

    header: tuple[str, ...]
    layout: Layout
    batches: Iterator[Batch]
    notes: Counter[str] = field(default_factory=Counter)


def position(index: int) -> str:
    """Name of the delivered column at `index` in a batch."""
    return f"c{index}"


def frame(numbers: Sequence[int], rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    """A batch's rows from lists of cells that are all `width` long; an empty cell becomes null."""
    columns = {position(i): pl.Series([row[i] or None for row in rows], dtype=pl.String) for i in range(width)}
    return pl.DataFrame({ROW: pl.Series(numbers, dtype=pl.Int64), **columns})
