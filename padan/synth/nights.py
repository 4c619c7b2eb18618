"""The calendar of a synthetic run: nights a quarter apart, so that every night but the first sees a new register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: No quarter is longer, so each night falls into the next one.
NIGHTS_APART = dt.timedelta(days=92)


@dataclass(frozen=True)
class Night:
    """A night: all feeds deliver on `date`; the register in force is the `release` of that quarter's first day.

    What was typed since the night before happened from `since` on.
    """

    number: int
    date: dt.date
    release: dt.date
    since: dt.date


def calendar(nights: int, as_of: dt.date) -> tuple[Night, ...]:
    """`nights` nights, the first on `as_of`; its cases start on 1 January, or a year before where that is too near."""
    start = dt.date(as_of.year, 1, 1)
    if as_of - start < dt.timedelta(days=90):
        start = as_of - dt.timedelta(days=365)
    dates = [as_of + NIGHTS_APART * place for place in range(nights)]
    return tuple(
        Night(number, date, quarter_start(date), dates[number - 2] if number > 1 else start) for number, date in enumerate(dates, start=1)
    )


def quarter_start(day: dt.date) -> dt.date:
    """First day of the day's quarter."""
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
