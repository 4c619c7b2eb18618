"""How long work tells how far it is: a step's name and how many rows it has done."""

from __future__ import annotations

import time
from collections.abc import Callable

from padan.journal import say

#: Seconds that a step may be silent; what takes less needs no word but that it is done.
SILENCE = 30.0

Progress = Callable[[str, int], None]


def quiet(step: str, rows: int) -> None:
    """No progress wanted."""


def telling(step: str, silence: float = SILENCE) -> Progress:
    """How far a step of the night is, in the journal: events `step_progress` (step, part, rows), at most one in `silence` seconds."""
    last = time.monotonic()

    def tell(part: str, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= silence:
            last = time.monotonic()
            say("step_progress", step=step, part=part, rows=rows)

    return tell
