"""Populations with known truth, standardised once and kept: what linkage reads, and nothing else.

A sample is a folder with a `home`: its register as delivered, and a warehouse of the tables that linkage reads, `truth.person` and
`truth.visit`. Intake and dbt take minutes, linkage seconds: so that many models are tried on one sample.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.home import Home

AS_OF = dt.date(2026, 11, 24)

#: What linkage reads of a warehouse.
KEPT = (
    "intermediate.int_person__standardized",
    "intermediate.int_institution__named",
    "staging.stg_kemensos__lks",
    "staging.stg_kpai__pengawasan",
)


@dataclass(frozen=True)
class Sample:
    """A population ready to be linked: who its records are is in its truth."""

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's name, `<error model>-<persons>-<seed>`."""
        return self.folder.name

    @property
    def cases(self) -> Path:
        """The DuckDB file with records and truth."""
        return self.home.warehouse

    @property
    def home(self) -> Home:
        """The installation whose register the records are linked to."""
        return Home(self.folder / "home")


def synthetic(root: Path, profile: str, persons: int, seed: int) -> Sample:
    """The sample of `padan synth` with these arguments under `root`, made if it is not there: synth, intake, dbt."""
    sample = Sample(root / f"{profile}-{persons}-{seed}")
    if not sample.cases.exists():
        out, home = sample.folder / "delivered", Home(sample.folder / "night").prepare()
        _deliver(out, persons, seed, profile)
        _standardise(out / "landing", home)
        _keep(sample, home, out / "truth" / AS_OF.isoformat())
        for scaffold in (out, home.root):
            shutil.rmtree(scaffold)
    return sample


def _deliver(out: Path, persons: int, seed: int, profile: str) -> None:
    """Write the deliveries, unless they are there whole."""
    from padan.synth import generate

    if not out.exists():
        making = out.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        generate(making, persons, seed, 1, as_of=AS_OF, profile=profile)
        making.rename(out)


def _standardise(landing: Path, home: Home) -> None:
    """The night up to the standard persons, in this process."""
    import dagster as dg

    from assets import intake, register, standardize
    from pipelines.progress import progress_logger
    from pipelines.resources import dbt_resource, enter, manifest_path, night_resource

    enter(home, landing)
    definitions = dg.Definitions(
        assets=[*intake.raw_assets(), intake.landing, register.release, standardize.standardize(manifest_path())],
        resources={"night": night_resource, "dbt": dbt_resource()},
        executor=dg.in_process_executor,
        loggers={"progress": progress_logger},
        jobs=[dg.define_asset_job("standardise", selection="*")],
    )
    settings = {"landing": str(landing), "as_of": AS_OF.isoformat(), "only_settled": False}
    run = definitions.resolve_job_def("standardise").execute_in_process(
        run_config={"resources": {"night": {"config": settings}}, "loggers": {"progress": {}}}, instance=dg.DagsterInstance.get()
    )
    assert run.success


def _keep(sample: Sample, home: Home, truth: Path) -> None:
    """Copy what linkage reads, and the truth, out of the night's home."""
    sample.home.prepare()
    shutil.rmtree(sample.home.register)
    shutil.copytree(home.register, sample.home.register)
    for built in sample.home.register.glob("*/register.duckdb"):
        built.unlink()  # built again by whichever code links
    made = sample.cases.with_suffix(".making")
    made.unlink(missing_ok=True)
    with duckdb.connect(str(made)) as con:
        con.execute(f"ATTACH '{home.warehouse}' AS night (READ_ONLY)")
        for table in KEPT:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
            con.execute(f"CREATE TABLE {table} AS FROM night.{table}")
        read_truth(con, truth)
    made.rename(sample.cases)


def read_truth(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """`truth.person(feed, source_file, source_row, person, nik, id_keluarga, in_dtsen, register_nik)` and `truth.visit(no_was, no_td)`.

    `source_file` is null where a feed came as one file.
    """
    con.execute("CREATE SCHEMA truth")
    con.execute(
        """CREATE TABLE truth.person (feed VARCHAR, source_file VARCHAR, source_row BIGINT, person VARCHAR, nik VARCHAR, id_keluarga
            VARCHAR,
        in_dtsen BOOLEAN, register_nik VARCHAR)"""
    )
    for path in sorted(folder.glob("*.csv")):
        feed, kind = ".".join(path.stem.split(".")[:2]), path.stem.split(".")[2:]
        if not kind and feed != "kpai.pengawasan":
            con.execute(
                """INSERT INTO truth.person BY NAME SELECT ? AS feed, * EXCLUDE (row_key, in_dtsen), in_dtsen = '1' AS in_dtsen
                FROM read_csv(?, all_varchar = true)""",
                [feed, str(path)],
            )
    con.execute(
        "CREATE TABLE truth.visit AS SELECT no_was, no_td FROM read_csv(?, all_varchar = true)", [str(folder / "kpai.pengawasan.csv")]
    )


if __name__ == "__main__":
    import sys

    where, error_model, size, number = sys.argv[1:]
    print(json.dumps({"sample": synthetic(Path(where), error_model, int(size), int(number)).name}))
