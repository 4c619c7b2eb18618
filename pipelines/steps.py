"""Progress of a long command that is no night: one line a step on stderr, and what is at work meanwhile."""

from __future__ import annotations

import sys
import time

from rich.console import Console


class Steps:
    """What the operator sees while something long runs: the step at work, and one line on stderr for each that is done."""

    def __init__(self, title: str) -> None:
        self.title, self.seen, self._started = title, 0, time.monotonic()
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._status = self._console.status(f"{title} …")

    def __enter__(self) -> Steps:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def done(self, step: str, rows: int) -> None:
        """One step is done, over so many rows."""
        self.seen += 1
        self._status.update(f"{self.title} … sesudah {step}")
        sys.stderr.write(f"{time.monotonic() - self._started:6.1f} s  ✓ {step:<28} {rows:>14,} baris\n")
        sys.stderr.flush()
