"""The nightly job: every asset, in one process, since each step process would load everything again."""

from __future__ import annotations

import dagster as dg

NIGHTLY = "nightly"
MAX_RUNTIME_SECONDS = 6 * 60 * 60

nightly = dg.define_asset_job(
    name=NIGHTLY,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Satu malam: dari kiriman lembaga sampai berkas terbitan.",
    tags={"dagster/max_runtime": str(MAX_RUNTIME_SECONDS)},
)
