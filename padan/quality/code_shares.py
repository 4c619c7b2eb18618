"""How the codes of each column are spread tonight, and how far that is from the nights before.

One number a column, `geser|feed.kolom`: the share of cells that would have to change their code (total variation) for tonight
to look like the middle of past nights, less what chance alone moves in so few cells. Codes swapped, all equal, or moved to the
next line of a list are far from it; a year's ordinary change is not. The spread itself is kept in quality.code_share.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from schemas.extracts import contracts
from schemas.extracts.contract import Kind

#: Two draws from one spread differ by a half-normal distance at each code: its mean and so many deviations are chance.
DEVIATIONS = 3.0

_TABLE = """CREATE TABLE IF NOT EXISTS quality.code_share (run_id VARCHAR NOT NULL, as_of DATE NOT NULL, feed VARCHAR NOT NULL,
    kolom VARCHAR NOT NULL, kode VARCHAR NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (run_id, feed, kolom, kode))"""

# Past nights by the median of each code's share; its cells as of the newest of them.
_SHIFT = f"""
WITH night AS (SELECT DISTINCT as_of FROM quality.code_share WHERE as_of < $as_of ORDER BY as_of DESC LIMIT $nights),
counted AS (SELECT as_of, feed, kolom, kode, sum(n) AS n FROM quality.code_share SEMI JOIN night USING (as_of)
    GROUP BY as_of, feed, kolom, kode),
sums AS (SELECT *, sum(n) OVER (PARTITION BY as_of, feed, kolom) AS cells FROM counted),
seen AS (SELECT feed, kolom, count(DISTINCT as_of) AS nights, arg_max(cells, as_of) AS cells FROM sums GROUP BY feed, kolom),
past AS (SELECT feed, kolom, kode, list_median(list_resize(list(n / sums.cells), nights, 0)) AS share
    FROM sums JOIN seen USING (feed, kolom) GROUP BY feed, kolom, kode, nights),
tonight AS (SELECT feed, kolom, kode, n, sum(n) OVER (PARTITION BY feed, kolom) AS cells FROM quality.code_share WHERE run_id = $run_id),
size AS (SELECT DISTINCT feed, kolom, t.cells AS a, seen.cells AS b FROM tonight t JOIN seen USING (feed, kolom)),
pair AS (SELECT feed, kolom, a, b, coalesce(t.n / a, 0) AS p, coalesce(q.share, 0) AS q
    FROM (SELECT feed, kolom, kode FROM tonight UNION SELECT feed, kolom, kode FROM past) JOIN size USING (feed, kolom)
    LEFT JOIN tonight t USING (feed, kolom, kode) LEFT JOIN past q USING (feed, kolom, kode)),
varied AS (SELECT *, (p + q) / 2 * (1 - least(1, (p + q) / 2)) * (1 / a + 1 / b) AS variance FROM pair)
SELECT 'geser|' || feed || '.' || kolom, greatest(0, 0.5 * sum(abs(p - q)) - 0.5 * sum(sqrt(2 / pi() * variance))
    - {DEVIATIONS} * 0.5 * sqrt((1 - 2 / pi()) * sum(variance)))
FROM varied GROUP BY feed, kolom
"""


@dataclass(frozen=True)
class CodeColumn:
    """A column whose values are codes: where it stands, and under which name it is kept."""

    table: str
    feed: str
    kolom: str


def code_columns() -> list[CodeColumn]:
    """Every coded column of every feed, by its contract."""
    return [
        CodeColumn(f"staging.stg_{c.feed.table}", c.feed.path, column.name)
        for c in contracts().values()
        if not c.feed.is_register
        for column in c.columns
        if column.codes and column.kind is Kind.CODE
    ]


def remember_codes(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date) -> None:
    """Write tonight's spread of each coded column, and of DTSEN's desil, to quality.code_share, instead of what the run had."""
    con.execute(_TABLE)
    con.execute("DELETE FROM quality.code_share WHERE run_id = ?", [run_id])
    there = {(s, t, c) for s, t, c in con.execute("SELECT schema_name, table_name, column_name FROM duckdb_columns()").fetchall()}
    for one in code_columns():
        schema, table = one.table.split(".")
        if (schema, table, one.kolom) in there:
            con.execute(
                f"""INSERT INTO quality.code_share SELECT ?, ?, ?, ?, CAST({one.kolom} AS VARCHAR), count(*) FROM {one.table}
                WHERE {one.kolom} IS NOT NULL GROUP BY {one.kolom}""",
                [run_id, as_of, one.feed, one.kolom],
            )
    if ("register", "agregat", "desil") in there:
        con.execute(
            """INSERT INTO quality.code_share SELECT ?, ?, 'dtsen/keluarga', 'desil', CAST(desil AS VARCHAR), sum(anak)
            FROM register.agregat WHERE aturan = 'semua' AND program = 'semua' AND desil IS NOT NULL GROUP BY desil""",
            [run_id, as_of],
        )


def shifts(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date, nights: int) -> dict[str, float]:
    """`geser|feed.kolom` of each column that tonight and an earlier night both have; nothing on the first night."""
    con.execute(_TABLE)
    found = con.execute(_SHIFT, {"as_of": as_of, "nights": nights, "run_id": run_id}).fetchall()
    return {str(metric): float(value) for metric, value in found}
