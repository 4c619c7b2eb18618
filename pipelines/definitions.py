"""The one Definitions of PADAN: assets, job, schedule, sensor, resources. Assembly only."""

from __future__ import annotations

import dagster as dg

from assets import accuracy, intake, link, marts, publish, quality, register, review, standardize
from pipelines.jobs import nightly
from pipelines.progress import progress_logger
from pipelines.resources import dbt_resource, manifest_path, night_resource
from pipelines.schedules import nightly_schedule
from pipelines.sensors import landing_sensor


def build_defs() -> dg.Definitions:
    """Everything that exists, and when it runs."""
    manifest = manifest_path()
    return dg.Definitions(
        assets=[
            *intake.raw_assets(),
            *dg.load_assets_from_modules([intake, register, link, review, accuracy, quality, publish]),
            standardize.standardize(manifest),
            marts.marts(manifest),
        ],
        asset_checks=[link.linkage_input],
        jobs=[nightly],
        schedules=[nightly_schedule],
        sensors=[landing_sensor],
        resources={"night": night_resource, "dbt": dbt_resource()},
        executor=dg.in_process_executor,
        loggers={"progress": progress_logger},
    )


defs = build_defs()
