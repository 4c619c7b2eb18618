"""Chance, seeded: one stream a topic, so that the draws of one topic never move those of another.

Only `Random.random` is used: its sequence is promised to stay the same over Python versions, `choice` and `shuffle` are not.
"""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """A table of things with weights, ready to be drawn from."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.things = tuple(weights)
        self.cumulative = tuple(accumulate(weights.values()))

    @classmethod
    def zipf(cls, things: Sequence[T], shift: float = 6.0, power: float = 0.85) -> Weighted[T]:
        """The first thing is the most frequent; a shift keeps it from swallowing the rest."""
        return cls({thing: 1.0 / (rank + shift) ** power for rank, thing in enumerate(dict.fromkeys(things), start=1)})


class Dice:
    """A stream of chance, named by its topic (seed first)."""

    def __init__(self, *topic: object) -> None:
        self.roll = random.Random("/".join(map(str, topic))).random  # noqa: S311 (synthetic people, no secret)

    def hit(self, chance: float) -> bool:
        """True with this chance."""
        return self.roll() < chance

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of the things, each as likely."""
        return things[int(self.roll() * len(things))]

    def draw(self, table: Weighted[T]) -> T:
        """One of the things by weight."""
        return table.things[bisect(table.cumulative, self.roll() * table.cumulative[-1])]

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day from first to last, both included."""
        return first + dt.timedelta(days=self.between(0, max(0, (last - first).days)))

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All the things in random order."""
        return [thing for _, _, thing in sorted((self.roll(), place, thing) for place, thing in enumerate(things))]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different things, or all of them if there are fewer."""
        return self.shuffled(things)[:count]
