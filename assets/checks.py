"""A gate result, once: as a Dagster asset check for the UI and as a row of quality.check for everyone else."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg
import duckdb

from padan.quality import catalogue, record_check
from padan.quality.rules import Rule
from padan.quality.waivers import waived

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


def spec(rule: Rule, asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """A check as an auditor reads it; one that blocks stops everything downstream when it fails."""
    return dg.AssetCheckSpec(name=rule.rule_id, asset=asset, description=described(rule), blocking=rule.blocking, metadata=about(rule))


def described(rule: Rule) -> str:
    """The rule's sentence, then what the UI shows of a check nowhere else: what is counted, whose it is, of which dimension."""
    level = "Menahan terbitan" if rule.blocking else "Ditampilkan, tidak menahan"
    return (
        f"{rule.question}\n\n{level}. Dihitung: {rule.counts}. Pemilik: {rule.owner}. "
        f"Dimensi: {rule.dimension} (ISO/IEC 25012 {rule.iso25012}); Satu Data: {rule.sdi}. Alat: {rule.tool}."
    )


def about(rule: Rule) -> dict[str, str]:
    """What a rule is, beside its sentence."""
    return {
        "menghitung": rule.counts,
        "tingkat": "menahan terbitan" if rule.blocking else "ditampilkan",
        "dimensi": rule.dimension,
        "iso_25012": rule.iso25012,
        "satu_data": rule.sdi,
        "pemilik": rule.owner,
        "alat": rule.tool,
    }


def rules_of(table_name: str) -> list[Rule]:
    """The catalogue's rules on a table."""
    return [rule for rule in catalogue().values() if rule.table_name == table_name]


def check(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    rule_id: str,
    table_name: str,
    failing: int,
    total: int | None,
    *,
    asset: dg.AssetKey,
    passed: bool | None = None,
    value: float | None = None,
    shown: Mapping[str, float | str] | None = None,
) -> dg.AssetCheckResult:
    """Green when nothing fails, or when `passed` says so; `failing` of `total` as numbers that the UI plots over nights.

    A failure under a waiver is shown as failed and does not block.
    """
    rule = catalogue()[rule_id, table_name]
    holds = failing == 0 if passed is None else passed
    share = value if value is not None else failing / total if total else None
    record_check(con, run_id, rule_id, table_name, rule.dimension, rule.severity, failing, total, share, holds)
    pardon = None if holds else waived(con, run_id, rule_id, table_name)
    figures: dict[str, float | str | int] = {"gagal": failing, **({} if total is None else {"dari": total})}
    if value is not None:
        figures["nilai"] = value
    if pardon:
        figures |= {"pengecualian": pardon.reason, "pengecualian_sampai": pardon.expires.isoformat(), "disetujui": pardon.approver}
    blocks = rule.blocking and not pardon
    return dg.AssetCheckResult(
        asset_key=asset, check_name=rule_id, passed=holds, severity=ERROR if blocks else WARN, metadata={**figures, **(shown or {})}
    )
