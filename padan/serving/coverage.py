"""How much of what is counted can be read somewhere: the share of children whose own regency, province or nation has a published cell."""

from __future__ import annotations

import duckdb

from padan.serving.disclosure import CELL

LEVELS = ("kabupaten", "provinsi", "nasional")

# Everyone's cells of each indicator's newest period (a year, where it has any), weighed by whom they count.
_COVERED = f"""
WITH newest AS (
    SELECT *, max(periode) OVER (PARTITION BY indicator_code) AS last_period,
        max(periode) FILTER (length(periode) = 4) OVER (PARTITION BY indicator_code) AS last_year
    FROM {CELL} WHERE k = '' AND s = '' AND a = '' AND min_d > 0
), cell AS (
    SELECT * FROM newest WHERE periode = coalesce(last_year, last_period)
), lowest AS (
    SELECT c.indicator_code, c.periode, c.region, c.d, c.level, c.hidden FROM cell c
    WHERE c.level = (SELECT max(level) FROM cell o WHERE o.indicator_code = c.indicator_code)
)
SELECT sum(l.d), sum(l.d) FILTER (NOT l.hidden AND l.level = 2),
    sum(l.d) FILTER ((NOT l.hidden AND l.level >= 1) OR NOT coalesce(p.hidden, true)),
    sum(l.d) FILTER (NOT l.hidden OR NOT coalesce(p.hidden, true) OR NOT coalesce(n.hidden, true))
FROM lowest l
LEFT JOIN cell p ON p.indicator_code = l.indicator_code AND p.level = 1 AND p.region = left(l.region, 2) AND l.level = 2
LEFT JOIN cell n ON n.indicator_code = l.indicator_code AND n.level = 0"""


def coverage(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Share of counted children with a published cell at the regency; there or at the province; there or at the nation.

    Run `hide_small_cells` first. Empty where nothing was counted.
    """
    total, *covered = con.execute(_COVERED).fetchall()[0]
    return {level: float(n or 0) / float(total) for level, n in zip(LEVELS, covered, strict=True)} if total else {}
