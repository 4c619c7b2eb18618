"""Every rule with its denominator and its past, waivers and incidents, deliveries against their due dates, and the suites' bounds."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from padan.quality.deliveries import standing
from padan.quality.incidents import open_incidents
from padan.quality.waivers import COVERS
from padan.report.plots import sparkline
from padan.report.tables import Row, rows, there
from schemas.extracts import contracts

#: Nights that a rule's past shows.
NIGHTS = 30

_CHECKS = f"""
SELECT c.rule_id, c.table_name, c.dimension, c.severity, c.numerator, c.denominator, c.value, c.passed, coalesce(r.question, ''),
    coalesce(r.counts, ''), coalesce(r.owner, ''), coalesce(r.tool, ''), coalesce(r.iso25012, ''), coalesce(r.sdi, ''),
    EXISTS (SELECT 1 FROM quality.waiver w WHERE {COVERS})
FROM quality."check" c LEFT JOIN quality.rule r USING (rule_id, table_name)
WHERE c.run_id = ? ORDER BY c.passed, c.severity, c.table_name, c.rule_id"""

# Of several runs as of one day the last counts.
_PAST = f"""
WITH night AS (
    SELECT as_of, arg_max(run_id, started_at) AS run_id FROM ledger.night WHERE as_of <= ?
    GROUP BY as_of ORDER BY as_of DESC LIMIT {NIGHTS})
SELECT rule_id, table_name, list(coalesce(value, numerator) ORDER BY as_of), count(*) FILTER (NOT passed)
FROM quality."check" SEMI JOIN night USING (run_id) JOIN night n USING (run_id) GROUP BY ALL"""

_WAIVERS = """
SELECT rule_id, table_name, reason, approver, granted, expires, active FROM quality.waiver WHERE run_id = ? ORDER BY active DESC, expires"""

_NAMES = (
    "rule", "table", "dimension", "severity", "n", "d", "value", "passed", "question", "counts", "owner", "tool", "iso", "sdi", "waived",
)  # fmt: skip


def checks(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date) -> list[dict[str, Any]]:
    """Each result of the night with what its rule says and a small plot of its past; failing ones first."""
    if not there(con, "quality.check") or not there(con, "quality.rule") or not there(con, "quality.waiver"):
        return []
    past = {(rule, table): (values, failed) for rule, table, values, failed in rows(con, "ledger.night", _PAST, as_of)}
    found = [dict(zip(_NAMES, row, strict=True)) for row in con.execute(_CHECKS, [run_id]).fetchall()]
    for one in found:
        values, failed = past.get((one["rule"], one["table"]), ([], 0))
        one["trend"], one["nights"], one["failed"] = sparkline(values), len(values), failed
    return found


def summary(found: list[dict[str, Any]]) -> list[tuple[str, int, int, int, int]]:
    """By dimension: rules, those that hold, and how many of each fail."""
    counted: dict[str, Counter[str]] = {}
    for one in found:
        own = counted.setdefault(one["dimension"], Counter())
        own["all"] += 1
        own["passed"] += one["passed"]
        own["waived"] += one["waived"]
        own["held"] += not one["passed"] and one["severity"] == "error" and not one["waived"]
    return [(name, own["all"], own["passed"], own["waived"], own["held"]) for name, own in sorted(counted.items())]


def waivers(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Row]:
    """The waivers of the night, those that hold first."""
    return rows(con, "quality.waiver", _WAIVERS, run_id)


def incidents(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> list[Row]:
    """Open incidents with their age in days, nights and owner."""
    return [(one.severity, one.rule_id, one.table_name, one.opened, one.age(as_of), one.nights, one.owner) for one in open_incidents(con)]


def due(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> list[Row]:
    """Each feed: what it is called, newest delivery, its age, how often it is owed, when the next is due, and whether it is late."""
    if not there(con, "ledger.delivery"):
        return []
    found = []
    for contract in contracts().values():
        feed, now = contract.feed, standing(con, contract)
        last = now.delivered + dt.timedelta(days=feed.due.every_days) if now.delivered else None
        late = last is None or last + dt.timedelta(days=feed.due.grace_days) < as_of
        found.append((feed.path, feed.title, now.delivered, now.age(as_of), feed.due.every_days, feed.due.grace_days, last, late))
    return found


def suites(folder: Path) -> list[dict[str, Any]]:
    """Great Expectations' results as they are kept beside the report: how many metrics, on what basis, and those out of bounds."""
    found = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text())
        judged = [r for r in told["results"] if r["metric"]]
        outside = [
            (r["metric"], r["value"], r["kwargs"].get("min_value"), r["kwargs"].get("max_value"), r["meta"].get("basis"))
            for r in judged
            if not r["success"]
        ]
        learnt = sum(r["meta"].get("basis") == "history" for r in judged)
        found.append({"name": told["suite"], "passed": told["success"], "metrics": len(judged), "learnt": learnt, "outside": outside})
    return found
