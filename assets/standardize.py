"""Raw text to one shape against DTSEN: code lists, staging and intermediate models of dbt."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from assets.dbt import dbt_stage


def standardize(manifest: Path) -> dg.AssetsDefinition:
    """Seeds, staging and intermediate."""
    return dbt_stage("standardize", manifest, "resource_type:seed fqn:padan.staging.* fqn:padan.intermediate.*", "standarisasi")
