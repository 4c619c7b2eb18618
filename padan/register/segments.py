"""Cuts a delivered release into segments that fit into memory: ranges of id_keluarga, each with the rows that may hold it.

Persons are numbered by content, family after family, so where the cuts lie changes no number. A release whose rows lie in
the order of id_keluarga is read once; one in any other order is read once a segment, and is as right.
Does not belong here: what is made of a segment.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

#: Persons of a segment, about: some 250 bytes each while it is worked on.
SEGMENT_PERSONS = 8_000_000

#: Rows between two marks of the row ranges: DuckDB's row groups.
ROW_GROUP = 122_880

#: Families by which the cuts are chosen: one in so many.
_SAMPLE = 4096

PERSONS, FAMILIES = "delivered.raw.dtsen__anggota", "delivered.raw.dtsen__keluarga"


@dataclass(frozen=True)
class Segment:
    """Families with `lower` <= id_keluarga < `upper` (None: no bound), and the row ranges that they may lie in."""

    number: int
    lower: str | None
    upper: str | None
    rows: dict[str, tuple[int, int]]

    def where(self, table: str) -> str:
        """SQL condition on a row a of the delivered `table`."""
        bounds = ((">=", self.lower), ("<", self.upper))
        parts = [f"a.id_keluarga {side} {_literal(bound)}" for side, bound in bounds if bound is not None]
        if self.lower is not None and self.upper is None:
            parts = [f"({parts[0]} OR a.id_keluarga IS NULL)"]
        if table in self.rows:
            parts.append("a.rowid BETWEEN {} AND {}".format(*self.rows[table]))
        return " AND ".join(parts) or "true"


def plan_segments(con: duckdb.DuckDBPyConnection) -> list[Segment]:
    """The segments of the attached release, in order; one without bounds when it is small. Families without an id come last."""
    persons = int(con.execute(f"SELECT count(*) FROM {PERSONS}").fetchall()[0][0])
    wanted = -(-persons // SEGMENT_PERSONS)
    if wanted <= 1:
        return [Segment(1, None, None, {})]
    cuts = _cuts(con, wanted, max(1, min(_SAMPLE, persons // wanted // 100)))
    for table in (PERSONS, FAMILIES):
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE mark_{table.split("__")[1]} AS SELECT rowid // {ROW_GROUP} AS part,
            min(id_keluarga) AS first, max(id_keluarga) AS last, bool_or(id_keluarga IS NULL) AS nameless FROM {table} GROUP BY 1"""
        )
    bounds = list(zip([None, *cuts], [*cuts, None], strict=True))
    return [Segment(i, lower, upper, _rows(con, lower, upper)) for i, (lower, upper) in enumerate(bounds, 1)]


def _cuts(con: duckdb.DuckDBPyConnection, wanted: int, sample: int) -> list[str]:
    """Values of id_keluarga that part the persons into about `wanted` equal parts; they follow from the content alone."""
    rows = con.execute(
        f"""SELECT id_keluarga FROM {PERSONS} WHERE hash(id_keluarga) % {sample} = 0 AND id_keluarga IS NOT NULL ORDER BY 1"""
    ).fetchall()
    return sorted({rows[len(rows) * i // wanted][0] for i in range(1, wanted)}) if rows else []


def _rows(con: duckdb.DuckDBPyConnection, lower: str | None, upper: str | None) -> dict[str, tuple[int, int]]:
    found = {}
    for table in (PERSONS, FAMILIES):
        first, last = con.execute(
            f"""SELECT min(part), max(part) FROM mark_{table.split("__")[1]}
            WHERE ($upper IS NULL OR first < $upper) AND ($lower IS NULL OR last >= $lower) OR ($upper IS NULL AND nameless)""",
            {"lower": lower, "upper": upper},
        ).fetchall()[0]
        found[table] = (first * ROW_GROUP, (last + 1) * ROW_GROUP - 1) if first is not None else (0, -1)
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
