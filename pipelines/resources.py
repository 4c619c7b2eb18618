"""The one place that reads the environment: where this installation lies, and what one night carries through its steps.

Belongs here: paths, the lock, dbt's command. Does not belong here: what any step does.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from padan.access import require_closed
from padan.config import Machine, load_padan
from padan.home import Home
from padan.journal import open_journal
from padan.ledger import forget_attempt
from padan.lock import single_writer
from padan.night import Night
from padan.operations.at_rest import require_encrypted
from padan.processes import NIGHT_PID
from pipelines.clock import today
from pipelines.dbt_manifest import dbt_executable, prepared_manifest
from pipelines.execution import fail_dead_runs
from pipelines.finish import begin, finish
from pipelines.jobs import NIGHTLY

PROJECT = Path(__file__).resolve().parents[1]


def home_from_environment() -> Home:
    """The installation that `PADAN_HOME` names, else `.padan` in the project."""
    return Home(Path(os.environ.get("PADAN_HOME", str(PROJECT / ".padan"))).resolve())


def landing_from_environment(home: Home) -> Path:
    """The folder that `PADAN_LANDING` names, else `landing/` of the home."""
    return Path(os.environ.get("PADAN_LANDING", str(home.root / "landing"))).resolve()


def child_environment(home: Home, landing: Path, machine: Machine) -> dict[str, str]:
    """What dbt and Dagster's own processes need to know, for this process and its children.

    Telemetry is off for all of them: a night opens no connection.
    """
    return {
        "PADAN_HOME": str(home.root),
        "PADAN_LANDING": str(landing),
        "PADAN_WAREHOUSE": str(home.warehouse),
        "PADAN_TMP": str(home.tmp),
        "PADAN_MEMORY_LIMIT": machine.memory_limit,
        "PADAN_THREADS": str(machine.threads),
        "DAGSTER_HOME": str(home.dagster),
        NIGHT_PID: str(os.getpid()),
        "DO_NOT_TRACK": "1",
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # What dbt says of each step it takes is megabytes a night; what it made and what failed is enough.
        "DBT_LOG_LEVEL_FILE": "info",
    }


def enter(home: Home, landing: Path) -> None:
    """Make the home and let this process and its children know it."""
    home.prepare()
    open_journal(home.logs)
    os.environ.update(child_environment(home, landing, load_padan(PROJECT / "config").machine))
    config = home.dagster / "dagster.yaml"
    wanted = DAGSTER_YAML.format(storage=json.dumps(str(home.dagster)))
    if not config.exists() or config.read_text() != wanted:
        config.write_text(wanted)


# One run at a time; correctness is the flock's, since a pool slot survives a killed run. What Dagster keeps passes
# pipelines.redaction; what steps print is kept by nobody, and a step that hangs ends with its night (padan.processes).
DAGSTER_YAML = """\
telemetry: {{enabled: false}}
nux: {{enabled: false}}
storage: {{custom: {{module: pipelines.redaction, class: CleanStorage, config: {{base_dir: {storage}}}}}}}
compute_logs: {{module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}}
run_monitoring: {{enabled: true, start_timeout_seconds: 180, poll_interval_seconds: 60}}
concurrency:
  runs: {{max_concurrent_runs: 1}}
"""


@dg.resource(
    description="Satu malam: rumah data, tanggal acuan, dan kunci penulis tunggal.",
    config_schema={
        "landing": dg.Field(str, is_required=False, description="folder kiriman; bawaan: PADAN_LANDING"),
        "as_of": dg.Field(str, is_required=False, description="tanggal acuan YYYY-MM-DD; bawaan: hari ini di Jakarta"),
        "only_settled": dg.Field(bool, default_value=True, description="kiriman tanpa MANIFEST diambil hanya bila berkasnya sudah diam"),
    },
)
def night_resource(context: dg.InitResourceContext) -> Iterator[Night]:
    """The night of this run, under the lock; when the run ends, its verdict is written and its report rendered."""
    home = home_from_environment()
    settings = context.resource_config
    landing = Path(settings["landing"]) if settings.get("landing") else landing_from_environment(home)
    enter(home, landing)
    night = Night(
        home=home,
        project=PROJECT,
        landing=landing,
        as_of=dt.date.fromisoformat(settings["as_of"]) if settings.get("as_of") else today(),
        run_id=_night_id(context),
        only_settled=settings["only_settled"],
    )
    whole = context.run is not None and context.run.job_name == NIGHTLY
    require_closed(home, night.config.access)
    require_encrypted(home, night.config.encryption)
    with single_writer(home.lock):
        if context.instance and context.run:
            fail_dead_runs(context.instance, context.run.run_id)
        if whole and context.run:
            begin(night, context.run.run_id)
        else:
            _leave_no_attempt(night)
        try:
            yield night
        finally:
            if whole:
                verdict = finish(night, _failed_steps(context))
                if context.instance and context.run:
                    context.instance.add_run_tags(context.run.run_id, verdict.tags)


def _leave_no_attempt(night: Night) -> None:
    """A few assets made by hand are no night: one that stopped before them begins anew."""
    with night.warehouse() as con:
        forget_attempt(con)


def _failed_steps(context: dg.InitResourceContext) -> tuple[str, ...]:
    """Steps of this run that ended in failure, by name."""
    if not context.instance or not context.run:
        return ()
    failures = context.instance.all_logs(context.run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    return tuple(sorted({str(entry.step_key) for entry in failures}))


def _night_id(context: dg.InitResourceContext) -> str:
    """The run, or the run that it repeats: what is run again from the UI belongs to the same night."""
    run = context.run
    return (run.root_run_id or run.run_id) if run else ""


def manifest_path() -> Path:
    """A dbt manifest that is true of the project on disk; parsed now if it is not."""
    home = home_from_environment()
    enter(home, landing_from_environment(home))
    return prepared_manifest(PROJECT, home)


class InstalledDbt(DbtCliResource):
    """dbt as this project installs it, without what dagster-dbt starts it for: twice 3 s a stage, to ask its version and for an adapter.

    Belongs to one version of dagster-dbt: both are private there. An adapter serves counts of rows and columns, which padan reads itself.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


def dbt_resource() -> DbtCliResource:
    """The dbt command on this project, from the same virtual environment."""
    folder = str(PROJECT / "dbt_project")
    return InstalledDbt(project_dir=folder, profiles_dir=folder, dbt_executable=dbt_executable())
