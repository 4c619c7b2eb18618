"""Does tonight look like the nights before? One check a Great Expectations suite, with the figures that the UI plots."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import ERROR, WARN, spec
from padan.night import Night
from padan.quality import SUITES, SuiteResult, record_conformity, run_suites, write_rules

KEY = dg.AssetKey(["quality", "check"])
CONFORMS = "sesuai_standar_dtsen"


def _specs() -> list[dg.AssetCheckSpec]:
    suites = [spec(suite.name, KEY, suite.about, blocking=suite.severity == "error") for suite in SUITES]
    return [*suites, spec(CONFORMS, KEY, "Isian tiap kolom baku sesuai kolom DTSEN dan daftar kodenya.", blocking=False)]


def _result(result: SuiteResult) -> dg.AssetCheckResult:
    figures = {name.replace("|", " · "): value for name, value in sorted(result.metrics.items())}
    return dg.AssetCheckResult(
        asset_key=KEY,
        check_name=result.suite,
        passed=result.success,
        severity=ERROR if result.severity == "error" else WARN,
        metadata={"diperiksa": result.evaluated, "gagal": result.unsuccessful, "batas_dari_riwayat": result.learnt, **figures},
    )


@dg.asset(
    key=KEY,
    deps=[
        dg.AssetKey(["marts", "indicator"]),
        dg.AssetKey(["link", "decision"]),
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
        unfit = record_conformity(con, night.run_id)
        results = run_suites(con, night.run_id, night.as_of, night.config.quality, folder)
        write_rules(con)
    yield dg.MaterializeResult(metadata={"kolom_tidak_sesuai": unfit, "rangkaian": len(results)})
    yield from map(_result, results)
    yield dg.AssetCheckResult(asset_key=KEY, check_name=CONFORMS, passed=unfit == 0, severity=WARN, metadata={"kolom_tidak_sesuai": unfit})
