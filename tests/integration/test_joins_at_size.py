"""No query of a night compares every row with every other: what takes a moment here would take a nation's night for ever."""

from __future__ import annotations

import duckdb
from nights import RanNight

from padan.returns import lists

#: DuckDB's join of last resort: some condition beside an equality, or on one side alone, kept it from hashing.
QUADRATIC = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")


def _plan(con: duckdb.DuckDBPyConnection, query: str, parameters: list[str] | None = None) -> str:
    return "\n".join(row[1] for row in con.execute(f"EXPLAIN {query}", parameters or []).fetchall())


def test_dbt_models_join_by_equality(small_night: RanNight) -> None:
    models = {path.stem: path.read_text() for path in small_night.home.glob("dbt/runs/*/*/compiled/**/models/**/*.sql")}
    assert {"stg_kemensos__pkh", "int_person__standardized", "kasus", "hunian"} <= models.keys()
    with small_night.warehouse() as con:
        # an indicator's lists are of places and categories, in their hundreds
        slow = [
            name for name, query in models.items() if not name.startswith("ind_") and any(join in _plan(con, query) for join in QUADRATIC)
        ]
    assert slow == []


def test_the_months_lists_join_by_equality(small_night: RanNight) -> None:
    with small_night.warehouse() as con:
        plans = [_plan(con, lists._NEEDED), _plan(con, lists._CHANGED, [lists.AGENCY, "2026-12"])]
    assert not [join for plan in plans for join in QUADRATIC if join in plan]
