"""Does tonight look like the nights before? One check a Great Expectations suite, with the figures that the UI plots."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from assets import shown
from assets.checks import WARN, about, check, spec
from padan.night import Night
from padan.quality import SUITES, SuiteResult, catalogue, record_conformity, run_suites
from padan.quality.catalogue import CONFORMS

KEY = dg.AssetKey(["quality", "check"])


def _specs() -> list[dg.AssetCheckSpec]:
    """One check a suite, and one for all columns' conformity: an auditor reads a line of figures, not eighty lines."""
    suites = [spec(catalogue()[suite.name, suite.table_name], KEY) for suite in SUITES]
    one = next(rule for (rule_id, _), rule in catalogue().items() if rule_id == CONFORMS)
    told = about(one) | {
        "menghitung": "kolom yang lebih dari seperlima isiannya tidak sesuai, dari kolom yang dinilai",
        "pemilik": "team:padan",
    }
    question = "Isian tiap kolom baku sesuai kolom DTSEN dan daftar kodenya. Satu pemeriksaan atas semua kolom; tidak menahan."
    return [
        *suites,
        dg.AssetCheckSpec(name=CONFORMS, asset=KEY, description=question, blocking=False, metadata=told),
    ]


def _result(con: duckdb.DuckDBPyConnection, run_id: str, result: SuiteResult) -> dg.AssetCheckResult:
    figures = {name.replace("|", " · "): value for name, value in sorted(result.metrics.items())}
    return check(
        con,
        run_id,
        result.suite,
        result.table_name,
        result.unsuccessful,
        result.evaluated,
        asset=KEY,
        passed=result.success,
        shown={"batas_dari_riwayat": result.learnt, **figures},
    )


@dg.asset(
    key=KEY,
    deps=[
        dg.AssetKey(["marts", "indicator"]),
        dg.AssetKey(["link", "decision"]),
        dg.AssetKey(["register", "agregat"]),
        dg.AssetKey(["intermediate", "int_conformity"]),
        dg.AssetKey(["quality", "linkage_accuracy"]),
    ],
    group_name="quality",
    owners=["team:padan"],
    kinds={"duckdb", "greatexpectations"},
    description="Hasil setiap aturan malam ini, dari Pandera, dbt dan Great Expectations, dengan pembilang dan penyebut.",
    check_specs=_specs(),
)
def quality_check(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """DuckDB counts, Great Expectations judges; bounds are learnt from the nights before."""
    folder = night.home.reports / night.as_of.isoformat() / "gx"
    with night.warehouse() as con:
        columns, unfit = record_conformity(con, night.run_id)
        results = run_suites(con, night.run_id, night.as_of, night.config.quality, folder)
    with night.warehouse() as con:
        judged = [_result(con, night.run_id, result) for result in results]
        told = shown.checks(con, night.run_id)
    yield dg.MaterializeResult(metadata={"kolom_tidak_sesuai": unfit, "rangkaian": len(results), "laporan": shown.report_of(night), **told})
    yield from judged
    figures = {"gagal": unfit, "dari": columns}
    yield dg.AssetCheckResult(asset_key=KEY, check_name=CONFORMS, passed=unfit == 0, severity=WARN, metadata=figures)
