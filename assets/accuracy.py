"""How right the night's links are, and whether linkage still works as its model was trained: figures, checks, no clerks."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from assets.checks import check, rules_of, spec
from padan.linkage import drift
from padan.linkage.evaluation import evaluate
from padan.night import Night
from padan.quality.accuracy import TABLE, Verdict, judge_accuracy, judge_drift, record_accuracy
from padan.register import current_release

KEY = dg.AssetKey(TABLE.split("."))


def _result(con: duckdb.DuckDBPyConnection, run_id: str, verdict: Verdict) -> dg.AssetCheckResult:
    """Green when nothing fails; every figure a number that the UI plots over nights."""
    note = {"catatan": verdict.note} if verdict.note else {}
    shown = {**note, **verdict.shown}
    return check(con, run_id, verdict.rule.rule_id, TABLE, verdict.failing, verdict.total, asset=KEY, shown=shown)


@dg.asset(
    key=KEY,
    deps=[dg.AssetKey(["link", "decision"]), dg.AssetKey(["link", "register_person"])],
    group_name="quality",
    owners=["team:padan"],
    kinds={"duckdb", "splink"},
    description="Presisi, bagian yang ditemukan, dan tautan salah malam ini menurut kelompok, dengan selang 95 %, tanpa petugas.",
    check_specs=[spec(rule, KEY) for rule in rules_of(TABLE)],
)
def linkage_accuracy(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Records of known answer are asked again without what gives it away; what comes of it stands for the records that have no NIK."""
    release = current_release(night.home, night.as_of)
    with night.warehouse() as con:
        figures = evaluate(con, release, night.linkage)
        rows = record_accuracy(con, night.run_id, figures)
        verdicts = [
            *judge_accuracy(figures, night.linkage.evaluation),
            *judge_drift(drift.measure(con), drift.read_baseline(), night.linkage.drift),
        ]
    yield dg.MaterializeResult(metadata={"dagster/row_count": rows, "dagster/table_name": TABLE})
    with night.warehouse() as con:
        for verdict in verdicts:
            yield _result(con, night.run_id, verdict)
