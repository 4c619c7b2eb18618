"""Where the two costly steps of linkage are done: looking keys up in posting lists, and scoring pairs. Here, or elsewhere.

Whatever stands behind an engine gives the same rows; rules, model and decision know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import duckdb

from padan.linkage.candidates import look_up
from padan.linkage.model import Model, Probabilities
from padan.linkage.scoring import score_pairs

LookUp = Callable[[duckdb.DuckDBPyConnection, Iterable[int], int], None]


class Score(Protocol):
    """Makes `target` of `pairs`, as `padan.linkage.scoring.score_pairs` promises."""

    def __call__(
        self,
        con: duckdb.DuckDBPyConnection,
        model: Model,
        trained: Probabilities,
        tables: tuple[str, str],
        pairs: str,
        target: str,
        *,
        size: int,
        prior: float,
    ) -> None:
        """Score every pair."""


@dataclass(frozen=True)
class Engine:
    """`look_up` adds to `found` and `dropped` what rules (by number) find for the records that seek, under a block cap."""

    look_up: LookUp
    score: Score


#: In the process of the night.
HERE = Engine(look_up=look_up, score=score_pairs)
