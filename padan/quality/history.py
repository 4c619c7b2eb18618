"""What a metric was on the nights before, and what it may therefore be tonight.

Bounds are the median of past nights plus or minus a multiple of their median absolute deviation, never tighter than
a floor, since a feed delivered once a quarter does not move at all for ninety nights and then does. Before there are
enough nights the bounds are a wide default. All of it is set in config/padan.toml, [quality].
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from padan.config import Quality
from padan.warehouse import append_rows
from schemas.expectations.bounds import Bounds

#: Makes the median absolute deviation of a normal distribution its standard deviation.
MAD_TO_SIGMA = 1.4826
_TABLE = (
    "CREATE TABLE IF NOT EXISTS quality.metric (run_id VARCHAR, as_of DATE, metric VARCHAR, value DOUBLE, PRIMARY KEY (run_id, metric))"
)

History = dict[str, list[float]]


@dataclass(frozen=True)
class Tolerance:
    """How far a family of metrics may move: `floor` in its own units, `relative` as a share of the median."""

    floor: float
    relative: float
    default: tuple[float, float]
    limit: tuple[float, float]


def tolerance(family: str, settings: Quality) -> Tolerance:
    """Floors and defaults of a family (the part of a metric's name before `|`)."""
    share = (0.0, 1.0)
    unbounded = (0.0, float("1e18"))
    if family == "baris":
        return Tolerance(0.0, settings.rows_floor, unbounded, unbounded)
    if family == "indikator":
        return Tolerance(0.0, settings.indicator_floor, unbounded, unbounded)
    if family == "register":
        return Tolerance(0.0, settings.register_floor, unbounded, unbounded)
    if family == "sesuai":
        return Tolerance(settings.column_floor, 0.0, share, share)
    default = {
        "geser": (0.0, settings.default_shift_max),
        "magnet": (0.0, settings.default_crowd_max),
        "nik_ramai": (0.0, settings.default_crowd_max),
        "berubah": (0.0, settings.default_changed_max),
        "nama_teratas": (0.0, settings.default_crowd_max),
        "hari_teratas": (0.0, settings.default_crowd_max),
        "nik_sah": (settings.default_nik_valid_min, 1.0),
        "tertaut": (settings.default_link_rate_min, 1.0),
        "tinjau": (0.0, settings.default_review_share_max),
        "kosong.nama": (0.0, settings.default_null_name_max),
    }.get(family, share)
    return Tolerance(settings.share_floor, 0.0, default, share)


def past_values(con: duckdb.DuckDBPyConnection, as_of: dt.date, nights: int) -> History:
    """Values of the last nights before `as_of`, oldest first; of several runs of one night, their median."""
    con.execute(_TABLE)
    rows = con.execute(
        """
        WITH night AS (SELECT DISTINCT as_of FROM quality.metric WHERE as_of < $as_of ORDER BY as_of DESC LIMIT $nights)
        SELECT metric, as_of, median(value) FROM quality.metric SEMI JOIN night USING (as_of)
        GROUP BY metric, as_of ORDER BY metric, as_of
        """,
        {"as_of": as_of, "nights": nights},
    ).fetchall()
    history: History = {}
    for metric, _, value in rows:
        history.setdefault(metric, []).append(value)
    return history


def last_night(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> set[str]:
    """Metrics that the latest night before `as_of` had."""
    con.execute(_TABLE)
    query = "SELECT DISTINCT metric FROM quality.metric WHERE as_of = (SELECT max(as_of) FROM quality.metric WHERE as_of < ?)"
    return {row[0] for row in con.execute(query, [as_of]).fetchall()}


def remember(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date, metrics: Mapping[str, float]) -> None:
    """Write tonight's values; a repeated step replaces its own."""
    con.execute(_TABLE)
    rows = [[run_id, as_of, metric, value] for metric, value in sorted(metrics.items())]
    append_rows(con, "quality.metric", rows, replace=True)


def learnt_bounds(values: list[float], allowed: Tolerance, settings: Quality) -> Bounds:
    """Bounds of one metric from its past nights, or the default while they are fewer than the minimum."""
    if len(values) < settings.minimum_history:
        return Bounds(*allowed.default, basis="default")
    middle = statistics.median(values)
    spread = MAD_TO_SIGMA * statistics.median(abs(value - middle) for value in values)
    reach = max(settings.deviations * spread, allowed.floor, allowed.relative * abs(middle))
    return Bounds(max(middle - reach, allowed.limit[0]), min(middle + reach, allowed.limit[1]), basis="history")
