"""What intake works with, and what it hands back: counts, rules and sentences, never a value of anybody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from padan.config import PadanConfig
from padan.home import Home
from padan.intake.archive import Archive
from padan.intake.landing import Refusal
from padan.intake.withdrawal import Question
from padan.ledger.deliveries import FileCount

if TYPE_CHECKING:
    import duckdb

Status = Literal["accepted", "history", "refused", "unchanged", "same_bytes", "waiting", "left_refused"]


def _silent(_file: str, _rows: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class IntakeContext:
    """One night's intake. `only_settled`: take a delivery without a manifest only once its files stood still
    (schedule and sensor); a run by hand takes it and warns. `progress` is told file name and rows so far.
    """  # noqa: D205

    con: duckdb.DuckDBPyConnection
    home: Home
    config: PadanConfig
    landing: Path
    as_of: dt.date
    run_id: str
    key: bytes
    only_settled: bool = False
    progress: Callable[[str, int], None] = _silent

    @property
    def archive(self) -> Archive:
        """Where delivered files are kept."""
        return Archive.of(self.home, self.config.encryption)


@dataclass(frozen=True)
class DeliveryIntake:
    """One delivery tonight.

    `status`: accepted or history (older than one already taken) if it was taken tonight; refused; unchanged (taken on
    an earlier night); same_bytes (one with an earlier date holds the same bytes); waiting (its files may still be
    arriving); left_refused (refused before, and a later delivery has come since). `rules`: quarantined rows by rule.
    """

    delivery_date: dt.date
    status: Status
    delivery_id: str = ""
    files: tuple[FileCount, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def taken(self) -> bool:
        """True if its rows were loaded tonight."""
        return self.status in ("accepted", "history")


@dataclass(frozen=True)
class FeedIntake:
    """A feed tonight: its deliveries, whatever was refused, and questions that the operator must answer."""

    agency: str
    feed: str
    deliveries: tuple[DeliveryIntake, ...]
    refused: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def taken(self) -> tuple[DeliveryIntake, ...]:
        """Deliveries whose rows were loaded tonight."""
        return tuple(d for d in self.deliveries if d.taken)

    @property
    def newest(self) -> DeliveryIntake | None:
        """The newest delivery that the feed stands on, taken tonight or before; None if there is none."""
        standing = [d for d in self.deliveries if d.taken or d.status == "unchanged"]
        return max(standing, key=lambda d: d.delivery_date, default=None)

    @property
    def received(self) -> int:
        """Rows of the files taken tonight."""
        return sum(f.received for d in self.taken for f in d.files)

    @property
    def accepted(self) -> int:
        """Rows taken into the raw table tonight."""
        return sum(f.accepted for d in self.taken for f in d.files)

    @property
    def quarantined(self) -> int:
        """Rows set aside tonight."""
        return sum(f.quarantined for d in self.taken for f in d.files)

    @property
    def duplicates(self) -> int:
        """Rows equal to another of the same delivery in everything but the counter, tonight."""
        return sum(f.duplicate for d in self.taken for f in d.files)

    @property
    def rules(self) -> Counter[str]:
        """Rows quarantined tonight by rule."""
        return sum((Counter(d.rules) for d in self.taken), Counter())
