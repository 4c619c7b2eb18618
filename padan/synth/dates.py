"""Every way in which a clerk writes a day, and every way to get it wrong."""

from __future__ import annotations

import datetime as dt

from padan.synth.dice import Dice, Weighted
from padan.synth.profiles import Profile

Cell = str | int | float | dt.date | None
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
OTHER_MONTHS = {
    2: ("Pebruari", "Feb"),
    8: ("Agt", "Ags"),
    10: ("Okt",),
    11: ("Nopember", "Nov"),
    12: ("Des",),
    1: ("Jan",),
    9: ("Sept", "Sep"),
}
#: How each feed writes days: shares of forms. `cell` is a real date cell (spreadsheets only).
STYLES: dict[str, Weighted[str]] = {
    "iso": Weighted({"iso": 1.0}),
    "slash": Weighted({"slash": 97.0, "dash": 3.0}),
    "cell": Weighted({"cell": 1.0}),
    "short": Weighted({"slash": 62.0, "short": 38.0}),
    "text": Weighted({"slash": 30.0, "dash": 22.0, "iso": 16.0, "short": 17.0, "words": 15.0}),
    "mixed": Weighted({"cell": 54.0, "slash": 14.0, "dash": 12.0, "iso": 7.0, "short": 6.0, "words": 7.0}),
}


def written(dice: Dice, day: dt.date, style: str) -> Cell:
    """The day in one of the forms of a style: '03/08/2016', '3-8-16', '3 Agustus 2016', '2016-08-03' or a date cell."""
    form = dice.draw(STYLES[style])
    if form == "cell":
        return day
    if form == "words":
        month = MONTHS[day.month - 1]
        if day.month in OTHER_MONTHS and dice.hit(0.4):
            month = dice.pick(OTHER_MONTHS[day.month])
        return f"{day.day} {month} {day.year}"
    patterns = {"iso": f"{day:%Y-%m-%d}", "slash": f"{day:%d/%m/%Y}", "dash": f"{day:%d-%m-%Y}", "short": f"{day.day}-{day.month}-{day:%y}"}
    return patterns[form]


def misremembered(dice: Dice, born: dt.date, profile: Profile) -> dt.date:
    """A birth day as somebody else recalls it: mostly right; day and month swapped, a year or a digit off, or 1 January."""
    if dice.hit(profile.born_first_january):
        return dt.date(born.year, 1, 1)
    if born.day <= 12 and dice.hit(profile.born_swapped * 2.5):
        return dt.date(born.year, born.day, born.month)
    if dice.hit(profile.born_year_off):
        return _fitting(born.year + dice.pick((-1, 1)), born.month, born.day)
    if dice.hit(profile.born_digit):
        return _digit_off(dice, born)
    return born


def born_cell(dice: Dice, born: dt.date, profile: Profile, style: str) -> Cell:
    """A birth day as typed; rarely a day that no calendar has, or the year alone."""
    if dice.hit(profile.born_impossible):
        return f"{dice.pick(('31/02', '30/02', '31/06', '31/04'))}/{born.year}"
    if dice.hit(profile.born_year_only):
        return str(born.year)
    return written(dice, misremembered(dice, born, profile), style)


def _digit_off(dice: Dice, born: dt.date) -> dt.date:
    if dice.hit(0.7):
        return _fitting(born.year, born.month, max(1, min(28, born.day + dice.pick((-10, -1, 1, 10)))))
    return _fitting(born.year, max(1, min(12, born.month + dice.pick((-1, 1)))), born.day)


def _fitting(year: int, month: int, day: int) -> dt.date:
    while True:
        try:
            return dt.date(year, month, day)
        except ValueError:
            day -= 1
