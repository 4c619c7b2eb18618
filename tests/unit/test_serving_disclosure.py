from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from served_marts import MARTS

from padan.serving.coverage import coverage
from padan.serving.disclosure import TOLD, hide_small_cells
from padan.serving.policy import Policy
from padan.serving.solvable import solvable_cells

PERSONS = Policy("I03", 5, 5, is_share=True)
CASES = Policy("I03", 10, 10, is_share=True)
Fact = tuple[str, str, str, int]  # month, regency, sex, counted


def roll_up(con: duckdb.DuckDBPyConnection, facts: Iterable[Fact], code: str = "I03") -> None:
    """marts.indicator as the marts make it: regency, province, nation; month and year; by sex above the regency."""
    con.execute("CREATE SCHEMA IF NOT EXISTS marts")
    con.execute(f"CREATE OR REPLACE TABLE marts.indicator ({MARTS['indicator']})")
    con.execute("CREATE OR REPLACE TABLE fact (bulan VARCHAR, kab VARCHAR, sex VARCHAR, n BIGINT)")
    con.executemany("INSERT INTO fact VALUES (?, ?, ?, ?)", [list(fact) for fact in facts])
    con.execute(
        """
        INSERT INTO marts.indicator BY NAME
        SELECT ? AS indicator_code, periode,
            CASE WHEN grouping(kab) = 0 THEN 'kabupaten' WHEN grouping(prov) = 0 THEN 'provinsi' ELSE 'nasional' END AS tingkat,
            CASE WHEN grouping(kab) = 0 THEN kab WHEN grouping(prov) = 0 THEN prov ELSE 'ID' END AS kode_kemendagri, 'semua' AS kategori,
            CASE WHEN grouping(sex) = 0 THEN sex ELSE 'semua' END AS jenis_kelamin, 'semua' AS kelompok_umur,
            sum(n)::BIGINT AS numerator, count(*) AS denominator, avg(n) AS value
        FROM (SELECT *, left(kab, 2) AS prov, unnest([bulan, left(bulan, 4)]) AS periode FROM fact)
        GROUP BY GROUPING SETS ((periode), (periode, prov), (periode, prov, kab), (periode, sex), (periode, prov, sex))
        """,
        [code],
    )


def rows(counts: dict[str, tuple[int, int]], month: str = "2026-10", sex: str = "L") -> list[Fact]:
    """Facts with n of d counted in each regency."""
    return [(month, kab, sex, int(i < n)) for kab, (n, d) in counts.items() for i in range(d)]


def published(con: duckdb.DuckDBPyConnection, policy: Policy) -> dict[tuple[str, str, str], tuple[int | None, int | None, bool]]:
    hide_small_cells(con, "marts.indicator", [policy], ("kpai", "ditjenpas"), 10)
    found = con.execute(
        f"SELECT kode_kemendagri, periode, jenis_kelamin, numerator, denominator, suppressed FROM {TOLD} WHERE tingkat <> 'kelompok'"
    )
    return {(code, period, sex): (n, d, hidden) for code, period, sex, n, d, hidden in found.fetchall()}


def hidden_regencies(cells: dict[tuple[str, str, str], tuple[int | None, int | None, bool]]) -> set[str]:
    return {code for (code, period, sex), (_, _, hidden) in cells.items() if hidden and "." in code and period == "2026"}


@pytest.fixture
def con() -> Iterable[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_a_small_cell_and_a_sibling_that_would_give_it_away_are_hidden(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (3, 30), "32.04": (20, 40), "32.05": (40, 60)}))
    cells = published(con, PERSONS)
    assert hidden_regencies(cells) == {"32.73", "32.04"}, "the smallest sibling goes too, the largest stays"
    assert cells["32", "2026", "semua"] == (65, 130, False), "people are told in fives"


def test_a_hidden_row_keeps_its_key_and_loses_every_number(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (3, 30), "32.04": (20, 40), "32.05": (40, 60)}))
    hide_small_cells(con, "marts.indicator", [PERSONS], (), 10)
    row = con.execute(
        f"SELECT numerator, denominator, value, lower, upper, suppressed FROM {TOLD} WHERE kode_kemendagri = '32.73'"
    ).fetchone()
    assert row == (None, None, None, None, None, True)


@pytest.mark.parametrize(
    ("cell", "why"),
    [((4, 30), "few counted"), ((0, 30), "nobody of a known group is told too"), ((28, 30), "few are left"), ((30, 30), "everybody")],
)
def test_few_none_nearly_all_and_all_are_small(con: duckdb.DuckDBPyConnection, cell: tuple[int, int], why: str) -> None:
    roll_up(con, rows({"32.73": cell, "32.04": (20, 40), "32.05": (30, 60), "32.06": (50, 100)}))
    assert "32.73" in hidden_regencies(published(con, PERSONS)), why


def test_a_nation_does_not_tell_that_few_are_left_either(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (99, 100), "33.01": (99, 100)}))
    for policy in (PERSONS, CASES):
        assert published(con, policy)["ID", "2026", "semua"] == (None, None, True)


def test_people_of_a_nation_are_told_in_fives_too(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (33, 66), "33.01": (31, 66)}))
    for policy in (PERSONS, CASES):
        assert published(con, policy)["ID", "2026", "semua"] == (65, 130, False)


def test_the_closed_regencies_of_a_published_province_are_told_together(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (3, 30), "32.04": (20, 40), "32.05": (40, 60), "33.01": (30, 60), "33.02": (40, 70)}))
    hide_small_cells(con, "marts.indicator", [PERSONS], (), 10)
    told = con.execute(
        f"SELECT kode_kemendagri, numerator, denominator, suppressed FROM {TOLD} WHERE tingkat = 'kelompok' AND periode = '2026'"
    )
    assert told.fetchall() == [("32.*", 25, 70, False)]


def test_an_only_child_takes_its_parents_with_it(con: duckdb.DuckDBPyConnection) -> None:
    """32 has one regency, and it is small: the province is the same number, and the nation minus 33 would be."""
    roll_up(con, rows({"32.73": (3, 30), "33.01": (40, 80), "33.02": (50, 90), "34.01": (60, 120), "34.02": (70, 130)}))
    cells = published(con, PERSONS)
    assert cells["32", "2026", "semua"][2]
    assert sum(cells[p, "2026", "semua"][2] for p in ("33", "34")) == 1


def test_two_tiny_siblings_do_not_protect_each_other(con: duckdb.DuckDBPyConnection) -> None:
    """1 and 1 hidden, sum 2 known: both are exactly 1. A third must go until they are many together."""
    roll_up(con, rows({"32.73": (1, 30), "32.74": (1, 30), "32.04": (20, 40), "32.05": (40, 60)}))
    assert hidden_regencies(published(con, PERSONS)) == {"32.73", "32.74", "32.04"}


def test_an_indicator_that_is_not_defined_is_not_told(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (300, 600)}), code="I99")
    assert all(hidden for _, _, hidden in published(con, PERSONS).values())


def test_counts_of_institutions_are_never_small(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (1, 1), "32.04": (0, 2)}))
    assert not any(hidden for _, _, hidden in published(con, Policy("I03", 0, 0, is_share=True)).values())


def test_rows_below_the_lowest_level_are_not_published(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (300, 600), "33.01": (200, 500)}))
    assert {code for code, *_ in published(con, Policy("I03", 5, 5, True, lowest_level=1))} == {"ID", "32", "33"}


def test_categories_that_are_feeds_of_case_agencies_have_the_higher_threshold(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (7, 30)}))
    con.execute("UPDATE marts.indicator SET kategori = 'ditjenpas/abh'")
    assert published(con, PERSONS)["32.73", "2026", "semua"][2]
    con.execute("UPDATE marts.indicator SET kategori = 'kemensos/pkh'")
    assert not published(con, PERSONS)["32.73", "2026", "semua"][2]


def test_outcomes_that_share_a_base_protect_each_other(con: duckdb.DuckDBPyConnection) -> None:
    """No row says "semua", yet base minus the outcomes that are shown is the one that is hidden."""
    con.execute("CREATE SCHEMA marts")
    con.execute(f"CREATE TABLE marts.indicator ({MARTS['indicator']})")
    key = {"indicator_code": "I03", "periode": "2026", "tingkat": "nasional", "kode_kemendagri": "ID", "jenis_kelamin": "semua"}
    for outcome, n in (("REUNIFIKASI", 60), ("MANDIRI", 37), ("MENINGGAL", 3)):
        row = {**key, "kelompok_umur": "semua", "kategori": outcome, "numerator": n, "denominator": 100}
        marks = ", ".join("?" for _ in row)
        con.execute(f"INSERT INTO marts.indicator ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    hide_small_cells(con, "marts.indicator", [PERSONS], (), 10)
    shown = con.execute(f"SELECT kategori FROM {TOLD} WHERE NOT suppressed").fetchall()
    assert shown == [("REUNIFIKASI",)]


def test_row_order_never_changes_what_is_hidden(con: duckdb.DuckDBPyConnection) -> None:
    facts = population(5, 400)
    roll_up(con, facts)
    first = published(con, CASES)
    con.execute(
        "CREATE OR REPLACE TABLE shuffled AS SELECT * FROM marts.indicator ORDER BY hash(kode_kemendagri || periode || jenis_kelamin)"
    )
    con.execute("DELETE FROM marts.indicator; INSERT INTO marts.indicator SELECT * FROM shuffled")
    assert published(con, CASES) == first


def population(seed: int, size: int) -> list[Fact]:
    dice = random.Random(seed)
    regencies = [f"{province}.{n:02d}" for province, many in (("32", 6), ("33", 3), ("34", 1), ("35", 2)) for n in range(1, many + 1)]
    weights = [dice.paretovariate(0.9) for _ in regencies]
    return [
        (f"2026-{dice.randint(8, 10):02d}", dice.choices(regencies, weights)[0], dice.choice("LLP"), int(dice.random() < 0.45))
        for _ in range(size)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_no_small_cell_follows_from_all_totals_together(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """The attacker knows every sum and each published number exactly (better than it is told), and looks for each hidden cell's bounds."""
    roll_up(con, population(seed, 400 + 250 * seed))
    cells = published(con, PERSONS)
    truth = dict(con.execute("SELECT (kode_kemendagri, periode, jenis_kelamin), numerator FROM marts.indicator").fetchall())
    known = {key: truth[key] for key, (_, _, hidden) in cells.items() if not hidden}
    assert known, "nothing published, nothing proven"
    small = [key for key, (_, _, hidden) in cells.items() if hidden and truth[key] < PERSONS.smallest_numerator]
    assert small, "no small cell, nothing proven"
    unknown = sorted(set(cells) - set(known))
    matrix, right = equations(cells, known, unknown)
    for key in small:
        least, greatest = extremes(matrix, right, unknown.index(key), len(unknown))
        assert greatest - least >= 1, f"{key} is given away"


Key = tuple[str, str, str]


def equations(cells: Iterable[Key], known: dict[Key, int | None], unknown: list[Key]) -> tuple[list[list[int]], list[int]]:
    """Total minus children is zero; known cells to the right."""
    groups: dict[tuple[Key, str], list[Key]] = {}
    for code, period, sex in cells:
        above = code[:2] if "." in code else "ID"
        if code != "ID":
            groups.setdefault(((above, period, sex), "region"), []).append((code, period, sex))
        if len(period) == 7:
            groups.setdefault(((code, period[:4], sex), "period"), []).append((code, period, sex))
        if sex != "semua":
            groups.setdefault(((code, period, "semua"), "sex"), []).append((code, period, sex))
    matrix, right = [], []
    for (parent, _), children in sorted(groups.items()):
        if parent not in set(cells):
            continue
        terms = [(parent, -1), *((child, 1) for child in children)]
        line = [0] * len(unknown)
        for key, weight in terms:
            if key not in known:
                line[unknown.index(key)] += weight
        matrix.append(line)
        right.append(-sum(weight * int(known[key] or 0) for key, weight in terms if key in known))
    return matrix, right


def extremes(matrix: list[list[int]], right: list[int], index: int, size: int) -> tuple[float, float]:
    aim = [0] * size
    aim[index] = 1
    least = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, None))
    greatest = linprog([-a for a in aim], A_eq=matrix, b_eq=right, bounds=(0, None))
    assert least.status == 0, "the sums contradict each other: the attack is wrong"
    return least.fun, float("inf") if greatest.status == 3 else -greatest.fun


def solved(matrix: list[list[int]]) -> set[int]:
    """Unknowns that the equations fix, exactly: the reduced row has no other term."""
    pivots: list[tuple[int, dict[int, Fraction]]] = []
    for line in matrix:
        row = {i: Fraction(v) for i, v in enumerate(line) if v}
        for pivot, known in pivots:
            row = minus(row, known, row.get(pivot, Fraction(0)))
        if not row:
            continue
        pivot = min(row)
        row = {i: v / row[pivot] for i, v in row.items()}
        pivots = [(p, minus(other, row, other.get(pivot, Fraction(0)))) for p, other in pivots] + [(pivot, row)]
    return {pivot for pivot, row in pivots if len(row) == 1}


def minus(row: dict[int, Fraction], other: dict[int, Fraction], times: Fraction) -> dict[int, Fraction]:
    if not times:
        return row
    left = {i: row.get(i, Fraction(0)) - times * other.get(i, Fraction(0)) for i in row.keys() | other.keys()}
    return {i: v for i, v in left.items() if v}


def test_a_cell_that_only_all_sums_together_give_away_is_found(con: duckdb.DuckDBPyConnection) -> None:
    """Every row and column hides two or more, yet (A, 3) is rows A and B less columns 1 and 2."""
    hidden = ["A1", "A2", "B1", "B2", "C3", "C4", "D3", "D4", "A3"]
    con.execute("CREATE TABLE cell (id BIGINT, is_primary BOOLEAN, hidden BOOLEAN)")
    con.execute("CREATE TABLE total (axis VARCHAR, name VARCHAR, child BIGINT, parent BIGINT)")
    for i, name in enumerate(hidden):
        con.execute("INSERT INTO cell VALUES (?, true, true)", [i])
        con.execute("INSERT INTO total VALUES ('row', ?, ?, NULL), ('column', ?, ?, NULL)", [name[0], i, name[1], i])
    assert solvable_cells(con, "cell", "total") == [hidden.index("A3")]
    for i, name in enumerate(["E5", "E6", "F5", "F6", "G7"], start=20):  # sums that share no cell with these are solved apart
        con.execute("INSERT INTO cell VALUES (?, true, true)", [i])
        con.execute("INSERT INTO total VALUES ('row', ?, ?, NULL), ('column', ?, ?, NULL)", [name[0], i, name[1], i])
    assert solvable_cells(con, "cell", "total") == [hidden.index("A3"), 24]
    con.execute("INSERT INTO cell VALUES (9, false, true)")
    con.execute("INSERT INTO total VALUES ('row', 'A', 9, NULL), ('column', '4', 9, NULL)")
    assert solvable_cells(con, "cell", "total") == [24]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(30, 500))
def test_in_any_table_no_small_cell_can_be_solved_exactly(seed: int, size: int) -> None:
    with duckdb.connect() as con:
        roll_up(con, population(seed, size))
        cells = published(con, CASES)
        truth = dict(con.execute("SELECT (kode_kemendagri, periode, jenis_kelamin), numerator FROM marts.indicator").fetchall())
    known = {key: n for key, (n, _, hidden) in cells.items() if not hidden}
    unknown = sorted(set(cells) - set(known))
    given_away = {unknown[i] for i in solved(equations(cells, known, unknown)[0])}
    assert not {key for key in given_away if truth[key] < CASES.smallest_numerator}


def test_what_follows_from_the_form_of_the_table_alone_does_not_go_on_for_ever(con: duckdb.DuckDBPyConnection) -> None:
    # 19 = L + P, and the nation has only 19 and only L: P of 19 is zero in any table of this form, all of it hidden or not.
    con.execute("CREATE SCHEMA marts")
    con.execute(f"CREATE TABLE marts.indicator ({MARTS['indicator']})")
    cells = [("nasional", "ID", "semua", 3), ("nasional", "ID", "L", 3), ("provinsi", "19", "semua", 3), ("provinsi", "19", "L", 3)]
    con.executemany(
        "INSERT INTO marts.indicator BY NAME SELECT 'I03' AS indicator_code, '2026' AS periode, ? AS tingkat, ? AS kode_kemendagri, "
        "'semua' AS kategori, ? AS jenis_kelamin, 'semua' AS kelompok_umur, ? AS numerator, ? AS denominator",
        [[level, code, sex, n, n] for level, code, sex, n in [*cells, ("provinsi", "19", "P", 0)]],
    )
    assert all(hidden for *_, hidden in published(con, PERSONS).values())


def test_children_in_cases_are_told_in_fives_and_the_share_follows_from_what_is_told(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (33, 58), "32.04": (23, 47), "32.05": (41, 66)}))
    con.execute("UPDATE marts.indicator SET lower = value - 0.0123, upper = value + 0.0123")
    hide_small_cells(con, "marts.indicator", [CASES], (), 10)
    told = con.execute(
        f"SELECT numerator, denominator, value, lower, upper FROM {TOLD} WHERE tingkat = 'kabupaten' AND length(periode) = 4 ORDER BY ALL"
    ).fetchall()
    assert [row[:2] for row in told] == [(25, 45), (35, 60), (40, 65)]
    assert all(value == n / d and lower <= value <= upper for n, d, value, lower, upper in told)
    assert all(round(bound * 100, 6) in {round(bound * 100), round(v * 100, 6)} for *_, v, low, high in told for bound in (low, high))


def test_what_counts_nobody_stays_exact_under_a_figure_of_cases(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (33, 58), "32.04": (23, 47)}))
    caseload = Policy("I03", 10, 0, is_share=False)
    hide_small_cells(con, "marts.indicator", [caseload], (), 10)
    nation = con.execute(
        f"SELECT numerator, denominator FROM {TOLD} WHERE tingkat = 'nasional' AND length(periode) = 4 AND jenis_kelamin = 'semua'"
    )
    assert nation.fetchall() == [(55, 105)]


def test_coverage_weighs_children_by_where_their_cell_is_told(con: duckdb.DuckDBPyConnection) -> None:
    roll_up(con, rows({"32.73": (3, 30), "32.04": (20, 40), "32.05": (40, 60), "33.01": (3, 20)}))
    hide_small_cells(con, "marts.indicator", [PERSONS], (), 10)
    hidden = con.execute(
        f"SELECT kode_kemendagri FROM {TOLD} WHERE suppressed AND length(periode) = 4 AND jenis_kelamin = 'semua'"
    ).fetchall()
    told = coverage(con)
    regencies = {"32.73": 30, "32.04": 40, "32.05": 60, "33.01": 20}
    gone = {code for (code,) in hidden}
    assert told["kabupaten"] == pytest.approx(sum(d for code, d in regencies.items() if code not in gone) / 150)
    below = sum(d for code, d in regencies.items() if code not in gone or code[:2] not in gone)
    assert told["provinsi"] == pytest.approx(below / 150)
    assert told["nasional"] >= told["provinsi"] >= told["kabupaten"]
