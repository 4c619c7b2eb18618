"""Runs the nightly job in this process, and settles runs whose process died."""

from __future__ import annotations

import logging
import os
from contextlib import redirect_stdout
from pathlib import Path

import dagster as dg

from padan.night import Night

ALIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]


def fail_dead_runs(instance: dg.DagsterInstance, own_run_id: str) -> int:
    """Mark as failed every run that claims to be alive; the caller holds the lock, so none is. Returns how many.

    A killed run keeps its concurrency slots for ever, which would hold up the next one.
    """
    dead = [run for run in instance.get_runs(dg.RunsFilter(statuses=ALIVE)) if run.run_id != own_run_id]
    for run in dead:
        instance.report_run_failed(run, "proses malam ini berhenti sebelum selesai; ditandai gagal oleh malam berikutnya")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(dead)


def execute(night: Night, *, debug: bool = False) -> bool:
    """Run the job `nightly` under the night's run id; True when every step and every gate passed.

    `debug`: the first failure is raised as it is, with its values, for a terminal within the vault; nothing else keeps it.
    """
    # Loading the definitions parses dbt's project and takes seconds: only once there is something to do.
    from pipelines.definitions import defs

    settings = {"landing": str(night.landing), "as_of": night.as_of.isoformat(), "only_settled": night.only_settled}
    # dbt and libraries print line by line, and what they print may quote a cell: dbt keeps a log of its own, the rest is nobody's.
    logging.getLogger("splink").setLevel(logging.WARNING)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        result = defs.resolve_job_def("nightly").execute_in_process(
            run_config={"resources": {"night": {"config": settings}}, "loggers": {"progress": {}}},
            instance=dg.DagsterInstance.get(),
            run_id=night.run_id,
            tags={"padan/as_of": night.as_of.isoformat(), "padan/trigger": "padan run"},
            raise_on_error=debug,
        )
    return bool(result.success)
