"""One scored pair, read back comparison by comparison: level, weight, rarity, and what of it proves the member of a family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from padan.linkage.model import Comparison, Model
from padan.linkage.why.answer import Evidence
from padan.linkage.why.values import side_values

NOT_COMPARABLE = "tidak ada"


def evidence(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    weights: Mapping[str, Mapping[int, float]],
    row: Mapping[str, Any],
    tables: tuple[str, str],
    *,
    reveal: bool,
) -> tuple[Evidence, ...]:
    """Every comparison of the scored pair `row` (l, r, gamma_*, mw_*, and member_* where a family matters)."""
    left, right = (
        side_values(con, table, row[side], model.comparisons, reveal=reveal) for table, side in zip(tables, ("l", "r"), strict=True)
    )
    return tuple(_one(c, weights[c.name], row, (left[c.name], right[c.name])) for c in model.comparisons)


def _one(comparison: Comparison, weights: Mapping[int, float], row: Mapping[str, Any], values: tuple[str | None, str | None]) -> Evidence:
    name, weight, code = comparison.name, row[f"mw_{comparison.name}"], row[f"gamma_{comparison.name}"] + 1
    level = next((level for level in comparison.levels if level.code == code), None)
    return Evidence(
        name=name,
        title=comparison.title,
        level=level.code if level else None,
        level_title=level.name if level else NOT_COMPARABLE,
        weight=weight,
        rarity=weight - weights[code] if level and level.tf else 0.0,
        household=comparison.household,
        member=_member(row, name),
        values=values,
    )


def _member(row: Mapping[str, Any], name: str) -> float | None:
    """Bits that prove the member: none of a comparison that shows the family or the place, None where no family is asked about."""
    if not any(column.startswith("member_") for column in row):
        return None
    return float(row.get(f"member_{name}", 0.0))


def fetch(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, by column name."""
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
