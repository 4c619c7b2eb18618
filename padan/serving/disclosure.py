"""Small cells out of the indicators: primary suppression, then as many more cells as keep a hidden one hidden.

Published totals add up: a nation is its provinces, a province its regencies, a year its months, "semua" its
categories, sexes and age bands. One hidden cell among published ones is therefore no secret. Here every sum that
holds a hidden cell holds at least two, what they hide together is large enough to publish, and no small cell follows
from all sums taken together (padan.serving.solvable). People are told in fives: nights that
differ by one child then look alike, so that no hidden cell follows from many nights either.

Belongs here: which cells are hidden. Does not belong here: thresholds (config), whom an indicator counts (policy).
"""

from __future__ import annotations

import duckdb

from padan.errors import Defect
from padan.serving.policy import Policy
from padan.serving.solvable import Solved, solvable_cells

#: Each round hides at least one more cell of a sum; more rounds than this are a defect of ours.
ROUNDS = 500

CELL = "temp.disclosure_cell"
#: Indicators that are not settled: no sum holds cells of two.
OPEN = "temp.disclosure_open"
SUM = "temp.disclosure_sum"
POLICY = "temp.disclosure_policy"
TOLD = "temp.disclosure_told"

_LEVEL = "CASE WHEN i.tingkat = 'nasional' THEN 0 WHEN i.tingkat = 'provinsi' THEN 1 ELSE 2 END"
_REGION = f"CASE {_LEVEL} WHEN 0 THEN '' ELSE coalesce(i.kode_kemendagri, '?') END"
# A dimension value that stands for the whole is '' inside this module.
_WHOLE = "CASE WHEN coalesce(i.{0}, 'semua') = 'semua' THEN '' ELSE i.{0} END"
_KEYS = f"""
    i.indicator_code, coalesce(i.periode, '') AS periode, {_LEVEL} AS level, {_REGION} AS region,
    {_WHOLE.format("kategori")} AS k, {_WHOLE.format("jenis_kelamin")} AS s, {_WHOLE.format("kelompok_umur")} AS a
"""

_CELLS = f"""
CREATE OR REPLACE TEMP TABLE disclosure_cell AS
WITH keyed AS (
    SELECT {_KEYS}, i.numerator AS n, i.denominator AS d, p.* EXCLUDE (indicator_code),
        list_contains($case_agencies, split_part(i.kategori, '/', 1)) AS is_case
    FROM {{source}} i LEFT JOIN {POLICY} p USING (indicator_code)
    WHERE {_LEVEL} <= coalesce(p.lowest_level, 2)
)
SELECT row_number() OVER (ORDER BY indicator_code, periode, level, region, k, s, a) AS id,
    indicator_code, periode, level, region, k, s, a, n, d,
    CASE WHEN is_case AND min_n > 0 THEN greatest(min_n, $sensitive) ELSE min_n END AS min_n,
    CASE WHEN is_case AND min_d > 0 THEN greatest(min_d, $sensitive) ELSE min_d END AS min_d,
    is_share, is_ratio, false AS is_primary, false AS hidden
FROM keyed
"""

# One row a sum and child; parent is null where the total is told as the children's common base (I13: outcomes).
_SUMS = f"""
CREATE OR REPLACE TEMP TABLE disclosure_sum AS
WITH above AS (
    SELECT id AS child, axis, indicator_code,
        CASE WHEN axis = 'periode' THEN left(periode, 4) ELSE periode END AS periode,
        CASE axis WHEN 'province' THEN 1 WHEN 'nation' THEN 0 ELSE level END AS level,
        CASE axis WHEN 'province' THEN left(region, 2) WHEN 'nation' THEN '' ELSE region END AS region,
        CASE axis WHEN 'k' THEN '' ELSE k END AS k, CASE axis WHEN 's' THEN '' ELSE s END AS s,
        CASE axis WHEN 'a' THEN '' ELSE a END AS a
    FROM {CELL}, (VALUES ('province'), ('nation'), ('periode'), ('k'), ('s'), ('a')) axes (axis)
    WHERE CASE axis WHEN 'province' THEN level = 2 WHEN 'nation' THEN level > 0 WHEN 'periode' THEN length(periode) = 7
        WHEN 'k' THEN k <> '' WHEN 's' THEN s <> '' ELSE a <> '' END
), found AS (
    SELECT a.child, a.axis, c.id AS parent FROM above a
    JOIN {CELL} c USING (indicator_code, periode, level, region, k, s, a)
), kept AS (
    -- A regency hangs from its province; from the nation only where that province has no row.
    SELECT child, axis, 'p' || parent AS name, parent FROM found f
    WHERE axis <> 'nation' OR NOT EXISTS (SELECT 1 FROM found g WHERE g.child = f.child AND g.axis = 'province')
), base AS (
    SELECT indicator_code, periode, level, region, s, a FROM (
        SELECT * FROM {CELL} WHERE k <> '' AND id NOT IN (SELECT child FROM found WHERE axis = 'k')
    ) GROUP BY ALL HAVING count(*) > 1 AND sum(n) = max(d) AND min(d) = max(d)
), based AS (
    SELECT id AS child, 'base' AS axis, concat_ws('/', 'b', indicator_code, periode, level, region, s, a) AS name, NULL::BIGINT AS parent
    FROM {CELL} c JOIN base USING (indicator_code, periode, level, region, s, a) WHERE k <> ''
)
SELECT * FROM kept UNION ALL BY NAME SELECT * FROM based
"""


def _small(n: str, d: str) -> str:
    """SQL: this count, its base, or what is left of the base may not be told."""
    left = f"is_share AND min_n > 0 AND {d} - {n} < min_n"
    return f"coalesce({n} < min_n, false) OR coalesce({d} < min_d, false) OR coalesce({left}, false)"


_PRIMARY = f"UPDATE {CELL} SET hidden = true, is_primary = true WHERE min_n IS NULL OR {_small('n', 'd')}"

_UNSAFE = f"""
WITH summed AS (
    SELECT axis, name, any_value(parent) AS parent, count(*) FILTER (c.hidden) AS hidden_cells,
        count(*) FILTER (NOT c.hidden) AS visible_cells, coalesce(sum(c.n) FILTER (c.hidden), 0) AS hidden_n,
        coalesce(sum(c.d) FILTER (c.hidden), 0) AS hidden_d, max(c.min_n) AS min_n,
        CASE WHEN axis IN ('k', 'base') THEN 0 ELSE max(c.min_d) END AS min_d,
        bool_or(c.is_share) AS is_share
    FROM {SUM} JOIN {CELL} c ON c.id = child WHERE c.indicator_code IN (FROM {OPEN})
    GROUP BY axis, name
), unsafe AS (
    SELECT g.*, coalesce(p.hidden, false) AS parent_hidden
    FROM summed g LEFT JOIN (SELECT id, hidden FROM {CELL}) p ON p.id = g.parent
    WHERE (hidden_cells > 0 OR p.hidden) AND (hidden_cells < 2 OR {_small("hidden_n", "hidden_d")})
)
"""

# Visible siblings in order of size, until those hidden are two and large enough together.
_SIBLINGS = f"""
UPDATE {CELL} SET hidden = true WHERE id IN (
    {_UNSAFE}, ranked AS (
        SELECT u.*, c.id AS id, row_number() OVER w - 1 AS taken,
            hidden_n + coalesce(sum(c.n) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS taken_n,
            hidden_d + coalesce(sum(c.d) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS taken_d
        FROM unsafe u JOIN {SUM} USING (axis, name) JOIN {CELL} c ON c.id = child
        WHERE NOT c.hidden
        WINDOW w AS (PARTITION BY u.axis, u.name ORDER BY c.n, c.d, c.periode, c.region, c.k, c.s, c.a)
    )
    SELECT id FROM ranked WHERE hidden_cells + taken < 2 OR {_small("taken_n", "taken_d")}
)
"""

# Nothing left to hide below: the total goes too.
_TOTALS = f"UPDATE {CELL} SET hidden = true WHERE id IN ({_UNSAFE} SELECT parent FROM unsafe WHERE visible_cells = 0 AND NOT parent_hidden)"


_BESIDE = f"""
UPDATE {CELL} SET hidden = true WHERE id IN (
    WITH given AS ({{given}}), near AS (
        SELECT s.child AS given, o.child AS id, 0 AS is_total FROM {SUM} s JOIN {SUM} o USING (axis, name)
        UNION ALL SELECT child, parent, 1 FROM {SUM}
        UNION ALL SELECT parent, child, 0 FROM {SUM}
    )
    SELECT c.id FROM near JOIN {CELL} c USING (id)
    WHERE near.given IN (SELECT * FROM given) AND NOT c.hidden
    QUALIFY row_number() OVER (PARTITION BY near.given ORDER BY is_total, c.n, c.d, c.id) = 1
)
"""


def hide_small_cells(
    con: duckdb.DuckDBPyConnection, source: str, policies: list[Policy], case_agencies: tuple[str, ...], sensitive: int
) -> int:
    """Number of cells of `source` (shape of marts.indicator) that may not be told; `TOLD` is `source` without them.

    An indicator without a policy is hidden whole. The result depends on the figures alone, not on row order.

    Args:
        con: a connection that sees `source`.
        source: relation with the columns of marts.indicator, one row a key.
        policies: what may be told, by indicator.
        case_agencies: a category `agency/feed` of these counts children in cases.
        sensitive: the threshold for those.

    Raises:
        Defect: the rounds do not come to an end.
    """
    _load(con, policies)
    con.execute(_CELLS.format(source=source), {"case_agencies": list(case_agencies), "sensitive": sensitive})
    con.execute(_SUMS)
    con.execute(_PRIMARY)
    con.execute(f"CREATE OR REPLACE TEMP TABLE disclosure_open AS SELECT DISTINCT indicator_code FROM {CELL}")
    solved: Solved = {}
    for _ in range(ROUNDS):
        _settle(con)
        given_away = solvable_cells(con, f"(FROM {CELL} SEMI JOIN {OPEN} USING (indicator_code))", SUM, solved)
        con.execute(
            f"DELETE FROM {OPEN} WHERE indicator_code NOT IN (SELECT indicator_code FROM {CELL} WHERE id IN (SELECT unnest($ids)))",
            {"ids": given_away},
        )
        # What still follows when no published cell is left in any sum with it follows from the table's form alone
        # (a total and its only part): no figure that is told gives it away.
        if not given_away or not _hide_beside(con, given_away):
            _tell(con, source)
            return _count(con)
    raise Defect("penutupan sel kecil tidak selesai.", holds="Terbitan terakhir tetap berlaku.")


def _load(con: duckdb.DuckDBPyConnection, policies: list[Policy]) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE disclosure_policy"
        " (indicator_code VARCHAR, min_n BIGINT, min_d BIGINT, is_share BOOLEAN, lowest_level INTEGER, is_ratio BOOLEAN)"
    )
    for p in policies:
        con.execute(
            f"INSERT INTO {POLICY} VALUES (?, ?, ?, ?, ?, ?)",
            [p.indicator_code, p.smallest_numerator, p.smallest_denominator, p.is_share, p.lowest_level, p.is_ratio],
        )


def _settle(con: duckdb.DuckDBPyConnection) -> None:
    """Hide until no sum holds a lone or a thin secret; each round hides more, so it ends."""
    before = -1
    while (hidden := _count(con)) != before:
        before = hidden
        con.execute(_SIBLINGS)
        con.execute(_TOTALS)


def _hide_beside(con: duckdb.DuckDBPyConnection, given_away: list[int]) -> bool:
    """Hide the smallest visible cell in a sum of each cell given away (its total last), else the next one of its indicator.

    False when no visible cell is left beside any hidden cell of those indicators.
    """
    before = _count(con)
    con.execute(_BESIDE.format(given="SELECT unnest($ids)"), {"ids": given_away})
    if _count(con) == before:
        ring = f"SELECT h.id FROM {CELL} h JOIN {CELL} g USING (indicator_code) WHERE h.hidden AND g.id IN (SELECT unnest($ids))"
        con.execute(_BESIDE.format(given=ring), {"ids": given_away})
    return _count(con) > before


def _tell(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Make `TOLD`: the rows of `source` as they may be told, and what a province's hidden regencies come to together.

    Hidden rows keep their key and lose every number.
    """
    numbers = ", ".join(f"CASE WHEN c.hidden THEN NULL ELSE {number} END AS {name}" for name, number in _TOLD_AS.items())
    con.execute(f"""
    CREATE OR REPLACE TEMP TABLE disclosure_told AS SELECT i.* REPLACE ({numbers}, c.hidden AS suppressed)
    FROM {source} i JOIN {CELL} c ON {_SAME}""")
    con.execute(_GROUPS)


_SAME = f"""c.indicator_code = i.indicator_code AND c.periode = coalesce(i.periode, '')
        AND c.level = {_LEVEL} AND c.region = {_REGION} AND c.k = {_WHOLE.format("kategori")}
        AND c.s = {_WHOLE.format("jenis_kelamin")} AND c.a = {_WHOLE.format("kelompok_umur")}"""


def _rounded(count: str, smallest: str) -> str:
    """SQL: a count of people to the nearest five, any other as it is."""
    return f"CASE WHEN c.{smallest} > 0 THEN CAST(5 * round({count} / 5.0) AS BIGINT) ELSE {count} END"


_N, _D = _rounded("i.numerator", "min_n"), _rounded("i.denominator", "min_d")
_CHANGED = "c.min_n > 0 AND c.is_ratio"
_VALUE = f"CASE WHEN {_CHANGED} THEN ({_N}) / nullif({_D}, 0) ELSE i.value END"
_TOLD_AS = {
    "numerator": _N,
    "denominator": _D,
    "value": _VALUE,
    "lower": f"CASE WHEN {_CHANGED} THEN least({_VALUE}, floor(i.lower * 100) / 100) ELSE i.lower END",
    "upper": f"CASE WHEN {_CHANGED} THEN greatest({_VALUE}, ceil(i.upper * 100) / 100) ELSE i.upper END",
}

# What is left of a published province without its published regencies: anyone could subtract it, so it gives nothing away.
_GROUPS = f"""
INSERT INTO {TOLD} BY NAME
WITH closed AS (
    SELECT s.parent AS id, sum(c.n) AS numerator, sum(c.d) AS denominator
    FROM {SUM} s JOIN {CELL} c ON c.id = s.child WHERE s.axis = 'province' AND c.hidden GROUP BY s.parent
), grouped AS (
    SELECT c.*, i.numerator, i.denominator, NULL::DOUBLE AS value FROM closed i JOIN {CELL} c USING (id) WHERE NOT c.hidden AND c.is_ratio
)
SELECT t.* REPLACE ('kelompok' AS tingkat, t.kode_kemendagri || '.*' AS kode_kemendagri, g.n_told AS numerator, g.d_told AS denominator,
    g.n_told / nullif(g.d_told, 0) AS value, NULL AS lower, NULL AS upper, NULL AS baseline, NULL AS target)
FROM (SELECT id, {_rounded("c.numerator", "min_n")} AS n_told, {_rounded("c.denominator", "min_d")} AS d_told FROM grouped c) g
JOIN {CELL} c USING (id) JOIN {TOLD} i ON {_SAME} JOIN {TOLD} t ON t.rowid = i.rowid
"""


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the work tables."""
    for table in (CELL, OPEN, SUM, POLICY, TOLD):
        con.execute(f"DROP TABLE IF EXISTS {table}")


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute(f"SELECT count(*) FROM {CELL} WHERE hidden").fetchone()
    assert row is not None
    return int(row[0])
