"""dbt's test results as rows of quality.check: names and counts from its artefacts, never a message (dbt quotes cells)."""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb

from padan.quality.checks import ensure_check_table, one_commit, record_check
from padan.quality.dbt_rules import dbt_rule
from padan.quality.rules import Rule, write_rules

# dbt lists an exposure as done without doing anything.
PASSED = {"pass", "success", "no-op"}
UNSETTLED = {"error", "skipped", "runtime error"}

#: The class of an error in dbt's message: all of the message that may be told.
_KIND = re.compile(r"\b[A-Z]\w*(?:Exception|Error)\b")


def record_dbt_results(con: duckdb.DuckDBPyConnection, run_id: str, run_results: Path) -> list[str]:
    """Write each test of a dbt run to quality.check; returns why the stage may not go on: nothing when it may.

    What failed itself is named, with its kind of error; of what did not run for it only the number is told. Every test of the project
    is written to quality.rule, instead of those it had. A skipped test is a gate that did not run: failed.

    Args:
        con: the warehouse, open for writing (dbt has closed it).
        run_id: the night's run.
        run_results: dbt's run_results.json; its manifest.json lies beside it.
    """
    if not run_results.exists():
        return ["dbt tidak meninggalkan hasil"]
    results = json.loads(run_results.read_text())["results"]
    manifest = json.loads((run_results.parent / "manifest.json").read_text())
    failed: list[str] = []
    skipped = 0
    rows = cache(partial(_rows, con))  # many tests ask of one table
    rules = {name: dbt_rule(node, manifest) for name, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    ensure_check_table(con)
    with one_commit(con):
        for result in sorted(results, key=lambda r: str(r["unique_id"])):
            node = manifest["nodes"].get(result["unique_id"], {"resource_type": "other", "name": result["unique_id"]})
            if node["resource_type"] == "test":
                rule = rules[result["unique_id"]]
                name, stops = rule.rule_id, _record_test(con, run_id, rule, result, rows(rule.table_name))
            else:
                name, stops = str(node["name"]), result["status"] not in PASSED
            if stops and result["status"] == "skipped":
                skipped += 1
            elif stops:
                failed.append(_cause(name, result))
        write_rules(con, rules.values(), instead_of="dbt")
    return failed + [f"{skipped} lain tidak dijalankan"] * bool(skipped)


def _cause(name: str, result: dict[str, Any]) -> str:
    kind = _KIND.search(str(result["message"])) if result["status"] in UNSETTLED else None
    return f"{name} ({kind[0]})" if kind else name


def test_results(run_results: Path) -> list[tuple[str, bool, int]]:
    """Name, whether it passed, and how many broke it, of each test of a dbt run; an unsettled one has failed."""
    results = json.loads(run_results.read_text())["results"] if run_results.exists() else []
    manifest = json.loads((run_results.parent / "manifest.json").read_text()) if results else {"nodes": {}}
    nodes = {r["unique_id"]: manifest["nodes"].get(r["unique_id"], {}) for r in results}
    return [
        (str(nodes[r["unique_id"]]["name"]), r["status"] in PASSED, int(r.get("failures") or 0))
        for r in results
        if nodes[r["unique_id"]].get("resource_type") == "test"
    ]


def _record_test(con: duckdb.DuckDBPyConnection, run_id: str, rule: Rule, result: dict[str, Any], total: int | None) -> bool:
    """Whether it blocks and did not pass."""
    passed = result["status"] in PASSED
    failures = None if result["status"] in UNSETTLED else int(result.get("failures") or 0)
    record_check(
        con,
        run_id,
        rule_id=rule.rule_id,
        table_name=rule.table_name,
        dimension=rule.dimension,
        severity=rule.severity,
        numerator=failures,
        denominator=total,
        value=failures / total if failures is not None and total else None,
        passed=passed,
    )
    return rule.blocking and not passed


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> int | None:
    if table.endswith(".*"):
        schema = table.removesuffix(".*")
        row = con.execute("SELECT sum(estimated_size)::BIGINT FROM duckdb_tables() WHERE schema_name = ?", [schema]).fetchone()
        return int(row[0]) if row and row[0] is not None else None
    try:
        row = con.execute(f"SELECT count(*) FROM {table}").fetchone() if "." in table else None
    except duckdb.CatalogException:
        return None
    return int(row[0]) if row else None
