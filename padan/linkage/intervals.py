"""Intervals of shares: Wilson's, and what follows for sums and differences of shares (MOVER, after Newcombe).

Every interval is of 95 %. Counts may be fractions: a weighted sample counts for as many as it is worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Quantile of the normal distribution that leaves 2.5 % on either side.
Z = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A figure with the interval that holds the truth in 95 of 100 nights."""

    value: float
    lower: float
    upper: float


def wilson(share: float, size: float) -> Estimate:
    """Wilson's interval of a share seen in `size` units; everything is possible when there are none."""
    if size <= 0:
        return Estimate(math.nan, 0.0, 1.0)
    middle = (share + Z * Z / (2 * size)) / (1 + Z * Z / size)
    reach = Z / (1 + Z * Z / size) * math.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
    return Estimate(share, max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)))


def total(parts: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Sum of factor times estimate over independent estimates; a negative factor turns its interval round."""
    value, below, above = 0.0, 0.0, 0.0
    for factor, part in parts:
        low, high = (part.lower, part.upper) if factor >= 0 else (part.upper, part.lower)
        value += factor * part.value
        below += (factor * (part.value - low)) ** 2
        above += (factor * (high - part.value)) ** 2
    return Estimate(value, value - math.sqrt(below), value + math.sqrt(above))


def difference(left: Estimate, right: Estimate) -> Estimate:
    """How much larger `left` is than `right`."""
    return total([(1.0, left), (-1.0, right)])
