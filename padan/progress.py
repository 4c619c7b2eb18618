"""How long work tells how far it is: a step's name and how many rows it has done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int], None]


def quiet(step: str, rows: int) -> None:
    """No progress wanted."""
