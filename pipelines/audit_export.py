"""The event log as an auditor may carry it away: what ran, what was checked, with which figures; no message, no error text, no path.

Shape of the folder: `dagster/` (Dagster's own storage, read by `padan ui --from`), `reports/` (reports, evidence, chain, public key).
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster._core.events import DagsterEvent, StepFailureData
from dagster._core.events.log import EventLogEntry

from padan.errors import InputRefused
from padan.home import Home
from pipelines.jobs import NIGHTLY

#: Events that say what happened in names, times and figures alone. Log lines, engine events and outputs of steps stay in the vault.
CARRIED = frozenset(
    {
        "ASSET_MATERIALIZATION",
        "ASSET_MATERIALIZATION_PLANNED",
        "ASSET_CHECK_EVALUATION",
        "ASSET_CHECK_EVALUATION_PLANNED",
        "STEP_START",
        "STEP_SUCCESS",
        "STEP_SKIPPED",
        "STEP_FAILURE",
        "PIPELINE_START",
        "PIPELINE_SUCCESS",
        "PIPELINE_FAILURE",
        "PIPELINE_CANCELED",
    }
)
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dataclass(frozen=True)
class Exported:
    """What was carried: nights, events of theirs, and folders of reports."""

    runs: int
    events: int
    reports: int


def export_audit(
    home: Home, instance: dg.DagsterInstance, target: Path, nights: int, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Exported:
    """Write the newest `nights` ended nights and all reports to `target`, a folder that must not exist.

    Raises:
        InputRefused: there is no night, or the folder exists.
    """
    runs = instance.get_runs(dg.RunsFilter(job_name=NIGHTLY, statuses=ENDED), limit=nights)
    if not runs:
        raise InputRefused("belum_ada_malam", "belum ada malam yang selesai untuk dibawa.", todo="Jalankan padan run.")
    if target.exists():
        raise InputRefused("folder_ada", f"{target.name}: sudah ada.", todo="Beri folder yang belum ada.")
    storage = target / "dagster"
    storage.mkdir(parents=True)
    (storage / "dagster.yaml").write_text("telemetry: {enabled: false}\nnux: {enabled: false}\n")
    with dg.DagsterInstance.local_temp(str(storage)) as copy:
        events = 0
        for done, run in enumerate(reversed(runs), 1):
            events += _carry(instance, copy, run)
            progress(done, len(runs))
    _when_checked(storage)
    shutil.copytree(home.reports, target / "reports")
    return Exported(len(runs), events, sum(1 for path in (target / "reports").iterdir() if path.is_dir()))


def _carry(source: dg.DagsterInstance, copy: dg.DagsterInstance, run: dg.DagsterRun) -> int:
    """One run with its snapshots and its events; its tags are ours, its settings (which name paths) stay behind."""
    if run.job_snapshot_id:
        copy.run_storage.add_job_snapshot(source.get_job_snapshot(run.job_snapshot_id))
    if run.execution_plan_snapshot_id:
        copy.run_storage.add_execution_plan_snapshot(source.get_execution_plan_snapshot(run.execution_plan_snapshot_id))
    tags = {name: value for name, value in run.tags.items() if name.startswith("padan/")}
    record = source.get_run_record_by_id(run.run_id)
    began = record.create_timestamp if record else dt.datetime.now(dt.UTC)
    copy.run_storage.add_historical_run(run._replace(tags=tags, run_config={}), began)
    entries = list(_carried(source, run.run_id))
    for entry in entries:
        copy.event_log_storage.store_event(entry)
        if entry.dagster_event is not None:
            when = dt.datetime.fromtimestamp(entry.timestamp, dt.UTC)
            copy.run_storage.handle_run_event(run.run_id, entry.dagster_event, when)
    return len(entries)


def _when_checked(storage: Path) -> None:
    """Give each check the time at which it was evaluated: Dagster stamps what it stores with the time of storing."""
    with closing(sqlite3.connect(storage / "history" / "runs" / "index.db")) as con, con:
        con.execute("UPDATE asset_check_executions SET create_timestamp = coalesce(evaluation_event_timestamp, create_timestamp)")


def _carried(source: dg.DagsterInstance, run_id: str) -> Iterator[EventLogEntry]:
    for entry in source.all_logs(run_id):
        event = entry.dagster_event
        if event is not None and event.event_type_value in CARRIED:
            yield entry._replace(user_message="", error_info=None, dagster_event=_bare(event))


def _bare(event: DagsterEvent) -> DagsterEvent:
    """The event without what it says in words: an error's text may quote a cell."""
    if event.event_type_value == "STEP_FAILURE":
        return event._replace(message="langkah gagal; pesannya tinggal di vault", event_specific_data=StepFailureData(None, None))
    if event.event_type_value == "PIPELINE_FAILURE":
        return event._replace(message="malam gagal; pesannya tinggal di vault", event_specific_data=None)
    return event._replace(message=None)
