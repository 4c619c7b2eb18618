"""What an inspection finds in a file: names of columns and counts, never a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from padan.intake.reading import Layout


@dataclass(frozen=True)
class ColumnFinding:
    """One delivered column: its name (masked where it could be a value), the contract column it seems to be, how close."""

    position: int
    name: str
    standard: str | None
    delivered: str | None
    closeness: float

    @property
    def exact(self) -> bool:
        """True if the contract knows the name already."""
        return self.closeness >= 1.0


@dataclass(frozen=True)
class Counts:
    """Rows of the file under the proposed mapping: quarantined by rule, and cells flagged by rule and column."""

    rows: int
    quarantined: Mapping[str, int]
    flagged: Mapping[tuple[str, str], int]
    notes: Mapping[str, int]


@dataclass(frozen=True)
class Inspection:
    """What is known of a file. `refusal`: why intake would refuse it as it stands, None if it would not.

    `proposed`: the feed was not named by the operator. `missing`: required columns that nothing resembles.
    `aliases`: lines to paste into the contract once a human has agreed.
    """

    file: str
    feed: str | None
    proposed: bool
    layout: Layout | None = None
    columns: tuple[ColumnFinding, ...] = ()
    missing: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    counts: Counts | None = None
    refusal: str | None = None
