"""Someone keeps every publication of thirty nights and solves them together for what was hidden.

The attacker is given more than a real one has: that a cell did not change from one night to the next is told, wherever it is so.
Every published figure bounds its cell by what rounding leaves open, a total is the sum of its parts on its night, no count is negative.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array
from served_marts import MARTS

from padan.serving.disclosure import TOLD, hide_small_cells
from padan.serving.policy import Policy

NIGHTS = 30
REGENCIES = ("32.01", "32.04", "32.73", "33.01", "33.02", "35.01")
MONTHS = ("2026-08", "2026-09", "2026-10")
Key = tuple[str, str]
Fact = tuple[str, str]

PEOPLE = Policy("I03", 5, 5, is_share=False)
CASES = Policy("I03", 10, 10, is_share=False)


@dataclass
class Archive:
    """All that was published: figures as intervals, sums as equations, over unknowns (cell, its true value)."""

    unknown: dict[tuple[Key, int], int] = field(default_factory=dict)
    told: dict[int, tuple[float, float]] = field(default_factory=dict)
    sums: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)
    hidden_small: set[int] = field(default_factory=set)

    def cell(self, key: Key, value: int) -> int:
        return self.unknown.setdefault((key, value), len(self.unknown))


def nights(seed: int, complaints: int) -> Iterable[list[Fact]]:
    """Complaints of three closed months, to which late ones come in and of which some are withdrawn, night after night."""
    dice = random.Random(seed)
    weights = [1, 4, 9, 2, 8, 5]
    facts = [(dice.choice(MONTHS), dice.choices(REGENCIES, weights)[0]) for _ in range(complaints)]
    for _ in range(NIGHTS):
        yield list(facts)
        for _ in range(dice.choice([0, 0, 1, 2])):
            facts.append((dice.choice(MONTHS), dice.choices(REGENCIES, weights)[0]))
        if dice.random() < 0.3:
            facts.pop(dice.randrange(len(facts)))


def publication(facts: list[Fact], policy: Policy) -> dict[Key, tuple[int, int | None, str]]:
    """True and told figure and level of each cell of one night."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA marts")
        con.execute(f"CREATE TABLE marts.indicator ({MARTS['indicator']})")
        con.execute("CREATE TABLE fact (bulan VARCHAR, kab VARCHAR)")
        con.executemany("INSERT INTO fact VALUES (?, ?)", [list(fact) for fact in facts])
        con.execute(
            """INSERT INTO marts.indicator BY NAME
            SELECT 'I03' AS indicator_code, periode, 'semua' AS kategori, 'semua' AS jenis_kelamin, 'semua' AS kelompok_umur,
                CASE WHEN grouping(kab) = 0 THEN 'kabupaten' WHEN grouping(prov) = 0 THEN 'provinsi' ELSE 'nasional' END AS tingkat,
                coalesce(kab, prov, 'ID') AS kode_kemendagri, count(*) AS numerator, count(*) AS denominator, 1.0 AS value
            FROM (SELECT *, left(kab, 2) AS prov, unnest([bulan, left(bulan, 4)]) AS periode FROM fact)
            GROUP BY GROUPING SETS ((periode), (periode, prov), (periode, prov, kab))"""
        )
        hide_small_cells(con, "marts.indicator", [policy], (), 10)
        rows = con.execute(
            f"""SELECT t.kode_kemendagri, t.periode, i.numerator, t.numerator, t.tingkat FROM {TOLD} t
            LEFT JOIN marts.indicator i USING (kode_kemendagri, periode)"""
        ).fetchall()
    return {(code, period): (true, told, level) for code, period, true, told, level in rows}


def add(archive: Archive, cells: dict[Key, tuple[int, int | None, str]], policy: Policy) -> None:
    """What one more publication tells."""
    at = {key: archive.cell(key, true) for key, (true, _, level) in cells.items() if level != "kelompok"}
    for key, (true, told, level) in cells.items():
        if level == "kelompok":
            province, period = key[0][:2], key[1]
            closed = [at[k] for k in at if k[1] == period and k[0][:2] == province and "." in k[0] and cells[k][1] is None]
            true = sum(cells[k][0] for k in at if at[k] in closed)
            at[key] = archive.cell((f"{key[0]}{sorted(closed)}", period), true)
            archive.sums.add((at[key], tuple(sorted(closed))))
        if told is not None:
            archive.told[at[key]] = (told - 2.5, told + 2.5)
        elif true < policy.smallest_numerator:
            archive.hidden_small.add(at[key])
    plain = [key for key, (_, _, level) in cells.items() if level != "kelompok"]
    for code, period in plain:
        below = [
            k for k in plain if k[1] == period and k[0] != code and (k[0][:2] == code if code != "ID" else len(k[0]) == 2 and k[0] != "ID")
        ]
        months = [k for k in plain if k[0] == code and k[1] != period and k[1].startswith(period)]
        for parts in (below, months):
            if parts:
                archive.sums.add((at[code, period], tuple(sorted(at[k] for k in parts))))


def bounds_of(archive: Archive, target: int) -> tuple[float, float]:
    """Least and greatest value of one unknown that everything published allows."""
    size = len(archive.unknown)
    entries = [(row, total, -1.0) for row, (total, _) in enumerate(sorted(archive.sums))]
    entries += [(row, part, 1.0) for row, (_, parts) in enumerate(sorted(archive.sums)) for part in parts]
    rows, columns, values = zip(*entries, strict=True)
    matrix = coo_array((values, (rows, columns)), shape=(len(archive.sums), size)).tocsr()
    limits = [archive.told.get(i, (0.0, None)) for i in range(size)]
    limits = [(max(0.0, low), high) for low, high in limits]
    aim = [0.0] * size
    found = []
    for sign in (1.0, -1.0):
        aim[target] = sign
        solution = linprog(aim, A_eq=matrix, b_eq=[0.0] * len(archive.sums), bounds=limits)
        assert solution.status in {0, 3}, "the publications contradict each other: the attack is wrong"
        found.append(sign * solution.fun if solution.status == 0 else float("inf"))
    return found[0], found[1]


def recovered(archive: Archive) -> list[int]:
    """Small hidden counts that lie within less than two of each other in every world that fits what was published."""
    found = []
    for target in sorted(archive.hidden_small):
        least, greatest = bounds_of(archive, target)
        if greatest - least < 2:
            found.append(target)
    return found


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.long), pytest.param(5, marks=pytest.mark.long)])
def test_no_hidden_count_of_cases_is_recovered_from_thirty_nights_across_a_months_end(seed: int) -> None:
    """Figures of cases change with the month (padan.serving.released): of thirty nights two releases differ, late complaints in between."""
    archive, worlds = Archive(), list(nights(seed, 180))
    for facts in (worlds[0], worlds[-1]):
        add(archive, publication(facts, CASES), CASES)
    assert len(archive.hidden_small) >= 5, "nothing small was hidden, nothing is proven"
    assert recovered(archive) == []


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.long), pytest.param(5, marks=pytest.mark.long)])
def test_no_hidden_count_of_people_is_recovered_from_three_nights_in_a_row(seed: int) -> None:
    worlds = list(nights(seed, 90))
    small = 0
    for first in range(0, NIGHTS, 6):
        archive = Archive()
        for facts in worlds[first : first + 3]:
            add(archive, publication(facts, PEOPLE), PEOPLE)
        small += len(archive.hidden_small)
        assert recovered(archive) == []
    assert small >= 20, "nothing small was hidden, nothing is proven"


def test_the_attack_finds_what_exact_figures_would_give_away() -> None:
    """The same attacker, were every figure told exactly and the newest month added to a running total, recovers a hidden month."""
    archive = Archive()
    for month, total in (((), 40), (("2026-10",), 43)):
        year = archive.cell(("32", "2026"), total)
        archive.told[year] = (total, total)
        months = [archive.cell(("32", "2026-09"), 40), *(archive.cell(("32", m), 3) for m in month)]
        archive.told[months[0]] = (40, 40)
        archive.sums.add((year, tuple(months)))
    assert bounds_of(archive, archive.cell(("32", "2026-10"), 3)) == (3, 3)
