"""Facts, and how they are put into cells: by period, place, sex and age band, with the bounds of doubtful links.

A fact is (kategori, periode, kabupaten, sex, band, {measure: number}).
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from marts_world import AS_OF

Cell = tuple[str, str, str, str, str, str, str]
Figure = tuple[int | None, int | None, float | None, float | None, float | None]
MONTH = f"{AS_OF:%Y-%m}"
#: Figures of cases speak of events before this day.
OPEN = AS_OF.replace(day=1)
YEAR = f"{OPEN - dt.timedelta(days=1):%Y}"
#: Of each indicator: how its variance follows from the rate of wrong links (as published), and whether it is a share.
with (Path(__file__).parents[3] / "dbt_project" / "seeds" / "codes_indikator.csv").open() as seeds:
    GALAT = {row["kode"]: (float(row["galat"] or 0), row["satuan"] == "bagian") for row in csv.DictReader(seeds)}
PRECISION = ("day", "month", "year", "age")


@dataclass(frozen=True)
class Fact:
    """One counted thing: where, whom, and what it adds above and below the line; `low` and `high` are its bounds."""

    kategori: str
    periode: str
    kabupaten: str | None
    sex: str | None
    band: str | None
    num: float | None
    den: float | None
    low: tuple[float | None, float | None] | None = None
    high: tuple[float | None, float | None] | None = None


def full_years(born: dt.date, day: dt.date) -> int:
    """Completed years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band(born: dt.date | None, day: dt.date) -> str:
    """Age band on a day."""
    if born is None or born > day:
        return "tak_diketahui"
    years = full_years(born, day)
    return next((name for top, name in ((5, "0-5"), (11, "6-11"), (14, "12-14"), (17, "15-17")) if years <= top), "18+")


def cells_of(fact: Fact, by_group: bool) -> Iterator[Cell]:
    """The cells that a fact counts in."""
    kab = fact.kabupaten or "00.00"
    sex, years = fact.sex or "tak_diketahui", fact.band or "tak_diketahui"
    for tingkat, kode in (("nasional", "ID"), ("provinsi", kab[:2]), ("kabupaten", kab)):
        yield (fact.periode, tingkat, kode, fact.kategori, "semua", "semua")
        if by_group and tingkat != "kabupaten":
            yield (fact.periode, tingkat, kode, fact.kategori, sex, "semua")
            yield (fact.periode, tingkat, kode, fact.kategori, "semua", years)


def in_cells(facts: Iterable[Fact], by_group: bool) -> dict[Cell, list[Fact]]:
    """Facts by cell."""
    cells: dict[Cell, list[Fact]] = defaultdict(list)
    for fact in facts:
        for cell in cells_of(fact, by_group):
            cells[cell].append(fact)
    return cells


NATION: Cell = (MONTH, "nasional", "ID", "semua", "semua", "semua")


def share(pairs: Iterable[tuple[float | None, float | None]]) -> float | None:
    """Sum above over sum below; None where nothing is below."""
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    below = sum(b for _, b in known)
    return sum(a for a, _ in known) / below if below else None


def ratios(facts: list[Fact], seen: bool, by_group: bool) -> dict[Cell, Figure]:
    """Sum above, sum below, their ratio and its bounds, by cell."""
    if not seen:
        return {NATION: (None, None, None, None, None)}
    out: dict[Cell, Figure] = {}
    for cell, rows in in_cells(facts, by_group).items():
        known = [f for f in rows if f.den is not None]
        if not known:
            if cell[1] == "nasional" and cell[4] == cell[5] == "semua":
                out[cell] = (None, None, None, None, None)
            continue
        value = share((f.num, f.den) for f in known)
        low = share(f.low or (f.num, f.den) for f in known)
        high = share(f.high or (f.num, f.den) for f in known)
        out[cell] = (int(sum(f.num or 0 for f in known)), int(sum(f.den or 0 for f in known)), value, low, high)
    return out or {NATION: (0, 0, None, None, None)}


def days(facts: list[Fact], seen: bool, by_group: bool) -> dict[Cell, Figure]:
    """How many have a number of days, their median and its bounds, by cell."""
    if not seen:
        return {NATION: (None, None, None, None, None)}
    out: dict[Cell, Figure] = {}
    for cell, rows in in_cells(facts, by_group).items():
        waits = [f.num for f in rows if f.num is not None]
        low = [f.low[0] for f in rows if f.low and f.low[0] is not None]
        high = [f.high[0] for f in rows if f.high and f.high[0] is not None]
        middle, least, most = (statistics.median(x) if x else None for x in (waits, low, high))
        if middle is not None:
            # The doubtful ones may also never have been served: the value itself is always possible.
            least, most = min(middle, least), max(middle, most)
        out[cell] = (len(waits), len(waits), middle, least, most)
    return out or {NATION: (0, 0, None, None, None)}


def swung(figure: Figure, variance: float, is_share: bool) -> Figure:
    """The figure with bounds that also hold what unseen wrong links may change, 95 times of 100."""
    num, den, value, low, high = figure
    if low is None or high is None or not den:
        return figure
    by = 1.96 * (math.sqrt(variance / den) if is_share else math.sqrt(variance * max(num or 0, 1)) / den)
    return num, den, value, max(low - by, min(low, 0)), min(high + by, max(high, 1)) if is_share else high + by
