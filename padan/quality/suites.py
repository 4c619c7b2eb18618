"""Does tonight look like the nights before? DuckDB counts, history bounds, Great Expectations judges.

Belongs here: running a suite and recording what came of it. Does not belong here: what is counted (metrics), how far
it may move (history), which expectations a suite has (schemas.expectations).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from padan.config import Quality
from padan.quality import history, metrics
from padan.quality.code_shares import remember_codes, shifts
from schemas.expectations import columns, decision, indicator, person_standardized, raw
from schemas.expectations.bounds import Bounds


@dataclass(frozen=True)
class Tonight:
    """Which night is measured, and how many past ones it is compared with."""

    run_id: str
    as_of: dt.date
    nights: int


@dataclass(frozen=True)
class Suite:
    """One suite: what it counts, on which table, and whether it holds the publication back."""

    name: str
    table_name: str
    dimension: str
    severity: str
    about: str
    measure: Callable[[duckdb.DuckDBPyConnection, Tonight], metrics.Metrics]
    expectations: Callable[[Mapping[str, Bounds]], Any]


@dataclass(frozen=True)
class SuiteResult:
    """What came of a suite tonight, in numbers; `failing` names metrics, `path` is Great Expectations' own result."""

    suite: str
    table_name: str
    severity: str
    success: bool
    evaluated: int
    unsuccessful: int
    failing: tuple[str, ...]
    metrics: Mapping[str, float] = field(default_factory=dict)
    learnt: int = 0
    path: Path | None = None


SUITES = (
    Suite(
        raw.SUITE,
        "raw",
        "completeness",
        "error",
        "Jumlah baris tiap sumber seperti malam-malam sebelumnya.",
        lambda con, _: metrics.raw_metrics(con),
        raw.suite,
    ),
    Suite(
        person_standardized.SUITE,
        "intermediate.int_person__standardized",
        "completeness",
        "error",
        "Bagian isian kosong dan NIK sah tiap sumber seperti malam-malam sebelumnya.",
        lambda con, _: metrics.person_metrics(con),
        person_standardized.suite,
    ),
    Suite(
        columns.FILLED,
        "intermediate.int_conformity",
        "completeness",
        "error",
        "Bagian terisi yang sesuai pada tiap kolom baku seperti malam-malam sebelumnya.",
        lambda con, _: metrics.column_metrics(con),
        columns.filled,
    ),
    Suite(
        columns.SHIFTED,
        "quality.code_share",
        "validity",
        "error",
        "Sebaran kode tiap kolom, dan desil DTSEN, seperti malam-malam sebelumnya: kode tidak tertukar, bergeser atau seragam.",
        lambda con, night: shifts(con, night.run_id, night.as_of, night.nights),
        columns.shifted,
    ),
    Suite(
        decision.RATES,
        "link.decision",
        "accuracy",
        "error",
        "Bagian catatan yang padan dan yang perlu tinjauan seperti malam-malam sebelumnya.",
        lambda con, _: metrics.rate_metrics(con),
        decision.rates,
    ),
    Suite(
        decision.WEIGHTS,
        "link.decision",
        "accuracy",
        "warn",
        "Sebaran bobot padanan seperti malam-malam sebelumnya.",
        lambda con, _: metrics.weight_metrics(con),
        decision.weights,
    ),
    Suite(
        indicator.SUITE,
        "marts.indicator",
        "consistency",
        "warn",
        "Indikator nasional tidak melonjak; lonjakan ditampilkan, karena dapat saja benar.",
        lambda con, _: metrics.indicator_metrics(con),
        indicator.suite,
    ),
)


def run_suites(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    as_of: dt.date,
    settings: Quality,
    folder: Path | None = None,
    suites: Sequence[Suite] = SUITES,
) -> list[SuiteResult]:
    """Judge tonight's tables by suites, and keep tonight's values in quality.metric; who calls records the results.

    Args:
        con: the warehouse, open for writing.
        run_id: the night's run; running it again replaces its own results.
        as_of: the as-of date: history is what earlier as-of dates left.
        settings: [quality] of config/padan.toml.
        folder: where each suite's result JSON goes, None for nowhere.
        suites: which ones; all of them, each night.
    """
    remember_codes(con, run_id, as_of)
    night = Tonight(run_id, as_of, settings.history_nights)
    measured = [(suite, suite.measure(con, night)) for suite in suites]
    past, expected = history.past_values(con, as_of, settings.history_nights), history.last_night(con, as_of)
    accepted = metrics.accepted_feeds(con)
    results = []
    for suite, values in measured:
        bounds = _bounds(suite, values, past, expected, accepted, settings)
        result = _judge(suite, values, bounds, folder)
        results.append(result)
    history.remember(con, run_id, as_of, {metric: value for _, values in measured for metric, value in values.items()})
    return results


def _bounds(
    suite: Suite, values: metrics.Metrics, past: history.History, expected: set[str], accepted: set[str], settings: Quality
) -> dict[str, Bounds]:
    """Bounds of tonight's metrics, and of those that the night before had and tonight lacks."""
    families = {metric.split("|")[0] for metric in values} | set(FAMILIES[suite.name])
    missing = {metric for metric in expected - set(values) if metric.split("|")[0] in families}
    bounds = {}
    for metric in sorted(set(values) | missing):
        family, what = metric.split("|", 1)
        bound = history.learnt_bounds(past.get(metric, []), history.tolerance(family, settings), settings)
        if family == "baris" and what in accepted:
            bound = Bounds(max(bound.lower, 1), bound.upper, bound.basis)
        bounds[metric] = bound
    return bounds


FAMILIES: dict[str, tuple[str, ...]] = {
    raw.SUITE: raw.FAMILIES,
    person_standardized.SUITE: person_standardized.FAMILIES,
    columns.FILLED: columns.FILLED_FAMILIES,
    columns.SHIFTED: columns.SHIFTED_FAMILIES,
    decision.RATES: decision.RATE_FAMILIES,
    decision.WEIGHTS: decision.WEIGHT_FAMILIES,
    indicator.SUITE: indicator.FAMILIES,
}


def _judge(suite: Suite, values: metrics.Metrics, bounds: dict[str, Bounds], folder: Path | None) -> SuiteResult:
    if not bounds:
        return SuiteResult(suite.name, suite.table_name, suite.severity, True, 0, 0, ())
    outcome = validate(suite.expectations(bounds), values)
    failing = sorted({r["metric"] for r in outcome["results"] if not r["success"] and r["metric"]})
    path = folder / f"{suite.name}.json" if folder else None
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(outcome, indent=1, sort_keys=True))
    learnt = sum(bound.basis == "history" for bound in bounds.values())
    return SuiteResult(
        suite.name, suite.table_name, suite.severity, outcome["success"], len(bounds), len(failing), tuple(failing), values, learnt, path
    )


def validate(expectations: Any, values: Mapping[str, float]) -> dict[str, Any]:
    """Great Expectations' result for one row of metrics: booleans only, so that no value but our own bounds is in it.

    The context lives in memory and sends nothing anywhere. Of an expectation that could not be judged only that is
    kept: its exception may quote what it saw. Metric values are added here, each beside its bounds.
    """
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    quiet = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(), analytics_enabled=False, progress_bars=ProgressBarsConfig(globally=False)
    )
    context = gx.get_context(mode="ephemeral", project_config=quiet)
    frame = pd.DataFrame({metric: [float(value)] for metric, value in sorted(values.items())})
    source = context.data_sources.add_pandas("malam")
    batch = source.add_dataframe_asset("metrik").add_batch_definition_whole_dataframe("semua").get_batch({"dataframe": frame})
    result = batch.validate(expectations, result_format={"result_format": "BOOLEAN_ONLY"}).to_json_dict()
    return {
        "suite": expectations.name,
        "success": bool(result["success"]),
        "statistics": result["statistics"],
        "results": [_plain(one, values) for one in result["results"]],
    }


def _plain(result: dict[str, Any], values: Mapping[str, float]) -> dict[str, Any]:
    config = result["expectation_config"]
    metric = config["kwargs"].get("column")
    return {
        "type": config["type"],
        "metric": metric,
        "success": bool(result["success"]),
        "value": values.get(metric) if metric else None,
        "kwargs": {name: value for name, value in config["kwargs"].items() if name != "batch_id"},
        "meta": config["meta"],
    }
