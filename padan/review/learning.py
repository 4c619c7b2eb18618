"""What the rulings teach: whether readers agree, how long cases wait, how right the model was where it was not sure, and what follows.

Belongs here: counting what people decided. Does not belong here: how right the links are that nobody had to decide (padan.linkage).
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from padan.linkage.intervals import wilson
from padan.review.answers import READER, case_outcome, create_answer_tables
from padan.review.rulings import create_ruling_table

TABLE = "review.measure"
_COLUMNS = """run_id VARCHAR, measure VARCHAR, stratum VARCHAR, numerator BIGINT, denominator BIGINT, value DOUBLE, lower DOUBLE,
    upper DOUBLE"""
#: Match weights of decided cases are counted in bands of this many bits.
BAND_BITS = 2
#: Share of cases below a suggested threshold that may still be the same person.
LOST = 0.05
#: Pairs of readings below which agreement says nothing.
LEAST_PAIRS = 20

#: What an officer reads of each measure.
NAMES: dict[str, str] = {
    "antrean": "kasus dalam antrean",
    "baru": "kasus yang dibuka malam ini",
    "diputus_7_hari": "putusan dalam tujuh hari",
    "umur_tertua": "umur kasus tertua (hari)",
    "umur_tengah": "umur kasus yang tengah (hari)",
    "kesepakatan": "kesepakatan dua pembaca (kappa)",
    "sama": "bagian kasus yang diputus SAMA",
    "ambang_padan": "ambang padan yang disarankan (peluang)",
    "ambang_tinjau": "ambang tinjau yang disarankan (peluang)",
}

_PAIRS = f"""
WITH standing AS (
    SELECT case_id, fields, {READER} AS reader, answer, answer_no FROM review.answer a WHERE answer <> 'BATAL'
        AND NOT EXISTS (SELECT 1 FROM review.answer b WHERE b.takes_back = a.answer_no)
    QUALIFY row_number() OVER (PARTITION BY case_id, fields, reader ORDER BY answer_no DESC) = 1),
turn AS (SELECT *, row_number() OVER (PARTITION BY case_id, fields ORDER BY answer_no) AS turn FROM standing)
SELECT one.answer, two.answer FROM turn one JOIN turn two USING (case_id, fields) WHERE one.turn = 1 AND two.turn = 2 ORDER BY ALL"""
_DECIDED = """
SELECT r.ruling = 'same', a.match_weight, a.match_probability FROM review.answer a JOIN review.ruling r USING (ruling_id)
WHERE a.match_weight IS NOT NULL AND isfinite(a.match_weight)
    AND r.ruling_id NOT IN (SELECT undoes FROM review.ruling WHERE undoes IS NOT NULL) ORDER BY a.match_probability DESC, r.ruling_no"""


@dataclass(frozen=True)
class Measure:
    """One row of review.measure: `value` of a `stratum`, with its 95 % interval where it is a share."""

    measure: str
    stratum: str
    numerator: int
    denominator: int
    value: float
    lower: float = math.nan
    upper: float = math.nan


def measure(con: duckdb.DuckDBPyConnection, as_of: dt.date, key: bytes, share: float, precise: float, run_id: str) -> tuple[Measure, ...]:
    """Measure the queue and the rulings, and keep it as the run's rows of review.measure.

    Args:
        con: the warehouse, after the queue was made.
        as_of: the night's day.
        key: the key of the cases.
        share: of cases that two people read.
        precise: the share of SAMA that cases above a suggested threshold must be shown to reach.
        run_id: the night.
    """
    create_answer_tables(con)
    create_ruling_table(con)
    found = (*_load(con, as_of, key, share), *_agreement(con), *_lessons(con, precise))
    con.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({_COLUMNS})")
    con.execute(f"DELETE FROM {TABLE} WHERE run_id = ?", [run_id])
    for one in found:
        numbers = [None if math.isnan(number) else number for number in (one.value, one.lower, one.upper)]
        con.execute(
            f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [run_id, one.measure, one.stratum, one.numerator, one.denominator, *numbers],
        )
    return found


def _load(con: duckdb.DuckDBPyConnection, as_of: dt.date, key: bytes, share: float) -> Iterator[Measure]:
    total, fresh, oldest, middle = con.execute(
        """SELECT count(*), count(*) FILTER (opened_on >= $day), coalesce(max($day - opened_on), 0), coalesce(median($day - opened_on), 0)
        FROM review.case""",
        {"day": as_of},
    ).fetchall()[0]
    yield Measure("antrean", "semua", total, total, total)
    for stratum, count in sorted(_stages(con, total, key, share).items()):
        yield Measure("antrean", stratum, count, total, count)
    for kind, count in con.execute("SELECT kind, count(*) FROM review.case GROUP BY 1 ORDER BY 1").fetchall():
        yield Measure("antrean", f"jenis {kind}", count, total, count)
    decided = con.execute("SELECT count(*) FROM review.ruling WHERE ruling <> 'undo' AND decided_at >= ?", [as_of - dt.timedelta(days=7)])
    yield Measure("baru", "semua", fresh, total, fresh)
    week = int(decided.fetchall()[0][0])
    yield Measure("diputus_7_hari", "semua", week, week, week)
    yield Measure("umur_tertua", "semua", oldest, total, oldest)
    yield Measure("umur_tengah", "semua", int(middle), total, float(middle))


def _stages(con: duckdb.DuckDBPyConnection, total: int, key: bytes, share: float) -> Counter[str]:
    """How many cases wait for a first reader, for another, or are put off; only those that somebody read are looked at one by one."""
    read = con.execute("SELECT DISTINCT case_id FROM review.answer JOIN review.case USING (case_id) ORDER BY 1").fetchall()
    outcomes = [case_outcome(con, case, key, share) for (case,) in read]
    stages = Counter("ditunda" if one.put_off else "menunggu pembaca lain" if one.open else "sudah diputus" for one in outcomes)
    stages["menunggu pembaca"] = total - len(outcomes)
    return stages


def _agreement(con: duckdb.DuckDBPyConnection) -> Iterator[Measure]:
    pairs = con.execute(_PAIRS).fetchall()
    alike = sum(one == two for one, two in pairs)
    yield Measure("kesepakatan", "semua", alike, len(pairs), kappa(pairs))


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Agreement of two readers beyond chance, who is first and who second being chance too (Scott's pi); NaN where all say one thing."""
    if not pairs:
        return math.nan
    seen = sum(one == two for one, two in pairs) / len(pairs)
    by_chance = sum((count / (2 * len(pairs))) ** 2 for count in Counter(itertools.chain.from_iterable(pairs)).values())
    return math.nan if by_chance == 1 else (seen - by_chance) / (1 - by_chance)


def _lessons(con: duckdb.DuckDBPyConnection, precise: float) -> Iterator[Measure]:
    decided = [(bool(same), float(weight), float(chance)) for same, weight, chance in con.execute(_DECIDED).fetchall()]
    bands: dict[int, Counter[bool]] = {}
    for same, weight, _ in decided:
        bands.setdefault(math.floor(weight / BAND_BITS) * BAND_BITS, Counter())[same] += 1
    for low, counts in sorted(bands.items()):
        estimate = wilson(counts[True] / counts.total(), counts.total())
        stratum = f"bobot {low} sampai {low + BAND_BITS}"
        yield Measure("sama", stratum, counts[True], counts.total(), estimate.value, estimate.lower, estimate.upper)
    by_chance = [(chance, same) for same, _, chance in decided]
    for name, threshold in (("ambang_padan", link_threshold(by_chance, precise)), ("ambang_tinjau", review_threshold(by_chance, LOST))):
        yield Measure(name, "semua", len(decided), len(decided), math.nan if threshold is None else threshold)


def link_threshold(decided: Iterable[tuple[float, bool]], precise: float) -> float | None:
    """The lowest probability at or above which decided cases are shown to be the same person `precise` of the time; None: not shown."""
    return _edge(sorted(decided, reverse=True), lambda same, n: wilson(same / n, n).lower >= precise)


def review_threshold(decided: Iterable[tuple[float, bool]], lost: float) -> float | None:
    """The highest probability at or below which no more than `lost` of decided cases are shown to be the same person; None: not shown."""
    return _edge(sorted(decided), lambda same, n: wilson(same / n, n).upper <= lost)


def _edge(ordered: Sequence[tuple[float, bool]], holds: Callable[[int, int], bool]) -> float | None:
    """The last probability, going through `ordered`, up to which it holds; cases of one probability stand or fall together."""
    same = n = 0
    found = None
    for chance, cases in itertools.groupby(ordered, key=lambda one: one[0]):
        answers = [answer for _, answer in cases]
        same, n = same + sum(answers), n + len(answers)
        if holds(same, n):
            found = chance
    return found
