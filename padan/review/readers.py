"""When a case is decided: who has read it, what each said, and how many must. One rule for sheets and for the page.

A reading that is not sure asks for a second; two that are not of one mind ask for a third; if three are not either, the case is put
off until what it rests on changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from padan.review.rulings import Answer

SAME, DIFFERENT, UNSURE, TAKEN_BACK = "SAMA", "BEDA", "RAGU", "BATAL"
#: What may be answered → the ruling that it is; None: nobody knows.
RULINGS: Mapping[str, Answer | None] = {SAME: "same", DIFFERENT: "different", UNSURE: None}
REASONS = ("dokumen diperiksa", "keluarga ditanya", "petugas mengenalnya", "data saling bertentangan", "data kurang")
MOST_READERS = 3


@dataclass(frozen=True)
class Reading:
    """What one reader says now of a case; `centre`: of the centre, and not of a regency's office."""

    reader: str
    answer: str
    centre: bool = True


@dataclass(frozen=True)
class Outcome:
    """What readings come to: a ruling, or how many readers it needs, or that it is put off."""

    ruling: Answer | None
    readers: int
    put_off: bool = False

    @property
    def open(self) -> bool:
        """Whether somebody is still to read it."""
        return self.ruling is None and not self.put_off


def outcome_of(readings: Sequence[Reading], *, second: bool, centre_decides: bool) -> Outcome:
    """What the readings of a case come to, each of another reader, in the order in which they were given.

    Args:
        readings: what each reader says now.
        second: the case is of the share that two people read.
        centre_decides: an office's reading alone does not decide it.
    """
    said = Counter(reading.answer for reading in readings)
    agreed = next((RULINGS[answer] for answer in (SAME, DIFFERENT) if said[answer] == len(readings) > 0), None)
    by_centre = any(reading.centre for reading in readings)
    by_office_only = bool(readings) and centre_decides and not by_centre
    needed = 2 if second or said[UNSURE] or by_office_only else 1
    if len(readings) < needed:
        return Outcome(None, needed)
    if agreed and (by_centre or not centre_decides):
        return Outcome(agreed, len(readings))
    if len(readings) < MOST_READERS and said[UNSURE] < 2:
        return Outcome(None, len(readings) + 1)
    majority = next((RULINGS[answer] for answer in (SAME, DIFFERENT) if said[answer] >= 2), None)
    settled = majority if by_centre or not centre_decides else None
    return Outcome(settled, len(readings), put_off=settled is None)
