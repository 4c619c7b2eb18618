"""dbt's test results as rows of quality.check: names and counts from its artefacts, never a message (dbt quotes cells)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from padan.quality.checks import ensure_check_table, one_commit, record_check

#: DAMA dimension of dbt's own tests; any other test states what a value may be.
DIMENSION = {
    "not_null": "completeness",
    "unique": "uniqueness",
    "unique_combination": "uniqueness",
    "relationships": "consistency",
    "accepted_values": "validity",
}
PASSED = {"pass", "success"}
UNSETTLED = {"error", "skipped", "runtime error"}


def record_dbt_results(con: duckdb.DuckDBPyConnection, run_id: str, run_results: Path) -> list[str]:
    """Write each test of a dbt run to quality.check; returns names of models and blocking tests that failed or did not run.

    A test may state its dimension as `meta: {dimension: ...}`. A skipped test is a gate that did not run: failed.

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
    ensure_check_table(con)
    with one_commit(con):
        for result in sorted(results, key=lambda r: str(r["unique_id"])):
            node = manifest["nodes"].get(result["unique_id"], {"resource_type": "other", "name": result["unique_id"]})
            if node["resource_type"] == "test":
                failed += _record_test(con, run_id, node, result, manifest)
            elif result["status"] not in PASSED:
                failed.append(str(node["name"]))
    return failed


def _record_test(
    con: duckdb.DuckDBPyConnection, run_id: str, node: dict[str, Any], result: dict[str, Any], manifest: dict[str, Any]
) -> list[str]:
    table = _tested_table(node, manifest)
    blocking = str(node["config"].get("severity", "ERROR")).upper() == "ERROR"
    passed = result["status"] in PASSED
    failures = None if result["status"] in UNSETTLED else int(result.get("failures") or 0)
    total = _rows(con, table)
    record_check(
        con,
        run_id,
        rule_id=str(node["name"]),
        table_name=table,
        dimension=_dimension(node),
        severity="error" if blocking else "warn",
        numerator=failures,
        denominator=total,
        value=failures / total if failures is not None and total else None,
        passed=passed,
    )
    return [str(node["name"])] if blocking and not passed else []


def _dimension(node: dict[str, Any]) -> str:
    meta = {**node.get("meta", {}), **node["config"].get("meta", {})}
    kind = (node.get("test_metadata") or {}).get("name", "")
    return str(meta.get("dimension") or DIMENSION.get(kind, "validity"))


def _tested_table(node: dict[str, Any], manifest: dict[str, Any]) -> str:
    """`schema.table` of the model that the test is attached to, else of the last one that it reads."""
    reads = node["depends_on"]["nodes"]
    tested = node.get("attached_node") or (reads[-1] if reads else None)
    found = manifest["nodes"].get(tested) or manifest["sources"].get(tested)
    if found is None:
        return "dbt"
    return f"{found['schema']}.{found.get('alias') or found.get('identifier') or found['name']}"


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> int | None:
    try:
        row = con.execute(f"SELECT count(*) FROM {table}").fetchone() if "." in table else None
    except duckdb.CatalogException:
        return None
    return int(row[0]) if row else None
