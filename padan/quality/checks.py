"""quality.check: every gate's result of every night, whatever tool judged it; and which gates hold a publication back.

Belongs here: writing and reading results. Does not belong here: the rules themselves (padan.quality.rules, dbt, Pandera).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from padan.errors import Defect
from padan.quality.waivers import COVERS, ensure_waiver_table
from schemas.quality_check import DIMENSIONS, SEVERITIES

_TABLE = """
CREATE TABLE IF NOT EXISTS quality."check" (
    run_id VARCHAR NOT NULL, rule_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, dimension VARCHAR NOT NULL,
    severity VARCHAR NOT NULL, numerator BIGINT, denominator BIGINT, value DOUBLE, passed BOOLEAN NOT NULL,
    checked_at TIMESTAMP NOT NULL, PRIMARY KEY (run_id, rule_id, table_name)
)
"""


@dataclass(frozen=True)
class FailingGate:
    """A rule that holds the publication back. `ran` is False when it left no result, which counts as failed."""

    rule_id: str
    table_name: str
    numerator: int | None
    denominator: int | None
    ran: bool

    def __str__(self) -> str:
        """Rule, table and counts, for the summary and the report."""
        if not self.ran:
            return f"{self.rule_id}: tidak dijalankan"
        counted = "" if self.numerator is None else f" ({self.numerator} dari {self.denominator if self.denominator is not None else '?'})"
        return f"{self.rule_id} pada {self.table_name}{counted}"


def ensure_check_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make quality.check where it is not yet there."""
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute(_TABLE)


def record_check(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    rule_id: str,
    table_name: str,
    dimension: str,
    severity: str,
    numerator: int | None,
    denominator: int | None,
    value: float | None,
    passed: bool,
) -> None:
    """One result of one rule on one table in one run; a repeated step replaces its own result.

    Args:
        con: the warehouse, open for writing.
        run_id: the night's run.
        rule_id: short name of the rule, true when green.
        table_name: `schema.table`.
        dimension: one of DAMA's six.
        severity: `error` holds the publication back, `warn` is shown.
        numerator: units that break the rule.
        denominator: units examined, None where the tool does not say.
        value: what to plot over nights; usually the share that breaks the rule.
        passed: whether the rule holds.

    Raises:
        Defect: unknown dimension or severity.
    """
    if dimension not in DIMENSIONS or severity not in SEVERITIES:
        raise Defect(f"aturan {rule_id}: dimensi atau tingkat tidak dikenal ({dimension}, {severity}).")
    ensure_check_table(con)
    row = [run_id, rule_id, table_name, dimension, severity, numerator, denominator, value, passed]
    con.execute("""INSERT OR REPLACE INTO quality."check" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, now()::TIMESTAMP)""", row)


@contextmanager
def one_commit(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Many results in one transaction: each commit waits for the disk."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def gate_status(con: duckdb.DuckDBPyConnection, run_id: str, expected: Sequence[str | tuple[str, str]] = ()) -> list[FailingGate]:
    """Gates of this run that hold the publication back, by rule and table; a failure under a waiver does not, one that did not run does.

    Args:
        con: the warehouse.
        run_id: the night's run.
        expected: gates that must have left a result: a rule_id, or (rule_id, table_name). One without is failed.
    """
    ensure_check_table(con)
    ensure_waiver_table(con)
    rows = con.execute(
        f"""
        SELECT rule_id, table_name, numerator, denominator, severity = 'error' AND NOT passed
            AND NOT (numerator IS NOT NULL AND EXISTS (SELECT 1 FROM quality.waiver w WHERE {COVERS}))
        FROM quality."check" c WHERE run_id = ? ORDER BY rule_id, table_name
        """,
        [run_id],
    ).fetchall()
    failing = [FailingGate(rule, table, n, d, ran=True) for rule, table, n, d, failed in rows if failed]
    seen = {rule for rule, *_ in rows} | {(rule, table) for rule, table, *_ in rows}
    return failing + [_absent(gate) for gate in expected if gate not in seen]


def _absent(gate: str | tuple[str, str]) -> FailingGate:
    rule, table = (gate, "") if isinstance(gate, str) else gate
    return FailingGate(rule, table, None, None, ran=False)
