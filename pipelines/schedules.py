"""When the night runs: 01:00 in Jakarta, as of that day."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import nightly


@dg.schedule(
    job=nightly,
    cron_schedule="0 1 * * *",
    execution_timezone="Asia/Jakarta",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Setiap malam pukul 01.00 WIB.",
)
def nightly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run a day, keyed by its date."""
    as_of = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=as_of, run_config={"resources": {"night": {"config": {"as_of": as_of}}}}, tags={"padan/as_of": as_of})
