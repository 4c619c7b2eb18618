"""The calendar of a synthetic run: nights a quarter apart, so that every night but the first sees a new register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Night:
    """A night: all feeds deliver on `date`; the register in force is the `release` of that quarter's first day."""

    number: int
    date: dt.date
    release: dt.date
    since: dt.date


def calendar(nights: int, as_of: dt.date) -> tuple[Night, ...]:
    """`nights` nights, the last on `as_of`; cases start on 1 January of its year, or a year back where that is too near."""
    dates = [_months_before(as_of, 3 * back) for back in range(nights - 1, -1, -1)]
    start = dt.date(as_of.year, 1, 1)
    if dates[0] < start + dt.timedelta(days=90):
        start = _months_before(dates[0], 12)
    return tuple(
        Night(number, date, quarter_start(date), dates[number - 2] if number > 1 else start) for number, date in enumerate(dates, start=1)
    )


def quarter_start(day: dt.date) -> dt.date:
    """First day of the day's quarter."""
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _months_before(day: dt.date, months: int) -> dt.date:
    if months == 0:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, 28))
