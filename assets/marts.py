"""Links and events to the tables that answer: dbt's marts."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from assets.dbt import dbt_stage


def marts(manifest: Path) -> dg.AssetsDefinition:
    """Row-level marts and indicators."""
    return dbt_stage("marts", manifest, "fqn:padan.marts.*", "mart dan indikator")
