"""Runs the nightly job in this process, whole or from where it stopped, and settles runs whose process died."""

from __future__ import annotations

import logging
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from padan.ledger import Attempt
from padan.night import Night
from pipelines.jobs import NIGHTLY
from pipelines.nothing_new import settled_at_first

ALIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
#: How a run ends that Dagster repeats from where it stopped; the second by Ctrl-C.
STOPPED = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def fail_dead_runs(instance: dg.DagsterInstance, own_run_id: str) -> int:
    """Mark as failed every run that claims to be alive; the caller holds the lock, so none is. Returns how many.

    A killed run keeps its concurrency slots for ever, which would hold up the next one.
    """
    dead = [run for run in instance.get_runs(dg.RunsFilter(statuses=ALIVE)) if run.run_id != own_run_id]
    for run in dead:
        instance.report_run_failed(run, "proses malam ini berhenti sebelum selesai; ditandai gagal oleh malam berikutnya")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(dead)


@dataclass(frozen=True)
class Stopped:
    """What a run that ended before its last step leaves: how many of the night's steps stand, and how Dagster repeats the others.

    `tags`: by these the UI shows runs of one night together.
    """

    done: int
    steps: int
    options: dg.ReexecutionOptions
    tags: dict[str, str]


def find_stopped(night: Night, attempt: Attempt) -> Stopped | None:
    """What is left of `attempt`, if it is the last night in Dagster's history; None: the night is run whole. The caller holds the lock."""
    instance = dg.DagsterInstance.get()
    fail_dead_runs(instance, "")
    newest = instance.get_runs(dg.RunsFilter(job_name=NIGHTLY), limit=1)
    if not newest or newest[0].run_id != attempt.run_id or newest[0].status not in STOPPED:
        return None
    run = newest[0]
    # a scheduled run leaves what has not settled to a later one
    if run.run_config["resources"]["night"]["config"].get("only_settled", True) and not settled_at_first(night, attempt):
        return None
    root = instance.get_run_by_id(run.root_run_id or run.run_id) or run
    done = [str(entry.step_key) for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)]
    left = _asked(instance, run) - set(done)
    steps = len(_asked(instance, root))
    if len(left) == steps:
        return None
    # where report or evidence failed after the last step, that step is repeated for the night to end anew
    options = (
        dg.ReexecutionOptions.from_failure(run.run_id, instance) if left else dg.ReexecutionOptions(run.run_id, step_selection=done[-1:])
    )
    return Stopped(steps - len(left), steps, options, {"dagster/root_run_id": root.run_id, "dagster/parent_run_id": run.run_id})


def _asked(instance: dg.DagsterInstance, run: dg.DagsterRun) -> set[str]:
    """The steps that a run was to do."""
    return set(instance.get_execution_plan_snapshot(str(run.execution_plan_snapshot_id)).step_keys_to_execute)


def nightly_job() -> dg.JobDefinition:
    """The job `nightly`; loading the definitions parses dbt's project and takes seconds: only once there is something to do."""
    from pipelines.definitions import defs

    return defs.resolve_job_def(NIGHTLY)


def execute(night: Night, stopped: Stopped | None = None, *, debug: bool = False) -> bool:
    """Run the job `nightly` under the night's run id, or what `stopped` left of it; True when every step and every gate passed.

    `debug`: the first failure is raised as it is, with its values, for a terminal within the vault; nothing else keeps it.
    """
    settings = {"landing": str(night.landing), "as_of": night.as_of.isoformat(), "only_settled": night.only_settled}
    asked: dict[str, Any] = {
        "run_config": {"resources": {"night": {"config": settings}}, "loggers": {"progress": {}}},
        "instance": dg.DagsterInstance.get(),
        "tags": {"padan/as_of": night.as_of.isoformat(), "padan/trigger": "padan run"} | (stopped.tags if stopped else {}),
        "raise_on_error": debug,
    }
    # dbt and libraries print line by line, and what they print may quote a cell: dbt keeps a log of its own, the rest is nobody's.
    logging.getLogger("splink").setLevel(logging.WARNING)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        if stopped:
            return bool(dg.execute_job(dg.reconstructable(nightly_job), reexecution_options=stopped.options, **asked).success)
        return bool(nightly_job().execute_in_process(run_id=night.run_id, **asked).success)
