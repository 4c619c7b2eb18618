"""A gate result, once: as a Dagster asset check for the UI and as a row of quality.check for everyone else."""

from __future__ import annotations

import dagster as dg

from padan.night import Night
from padan.quality import record_check

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


def spec(name: str, asset: dg.AssetKey, description: str, *, blocking: bool = True) -> dg.AssetCheckSpec:
    """A check that stops everything downstream when it fails (or, not blocking, one that is only shown)."""
    return dg.AssetCheckSpec(name=name, asset=asset, description=description, blocking=blocking)


def check(
    night: Night, asset: dg.AssetKey, name: str, dimension: str, failing: int, total: int | None, *, blocking: bool
) -> dg.AssetCheckResult:
    """Green when nothing fails; `failing` of `total` as numbers that the UI plots over nights."""
    passed = failing == 0
    with night.warehouse() as con:
        record_check(
            con,
            run_id=night.run_id,
            rule_id=name,
            table_name=".".join(asset.path),
            dimension=dimension,
            severity="error" if blocking else "warn",
            numerator=failing,
            denominator=total,
            value=failing / total if total else None,
            passed=passed,
        )
    metadata: dict[str, int | float] = {"gagal": failing}
    if total is not None:
        metadata["dari"] = total
    return dg.AssetCheckResult(asset_key=asset, check_name=name, passed=passed, severity=ERROR if blocking else WARN, metadata=metadata)
