"""dbt's models as assets and its tests as checks; its results also go to quality.check, and no message of it to a log.

dbt quotes cells when a statement fails, so a failed run is reported by node and kind of failure only.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from assets.checks import WARN, about, described
from assets.lineage import model_metadata
from padan.dbt_vars import contract_vars
from padan.night import Night
from padan.progress import telling
from padan.quality import record_dbt_results
from padan.quality.dbt_results import test_results
from padan.quality.dbt_rules import dbt_rule
from padan.quality.waivers import active_rules
from padan.register import current_release
from padan.warehouse import MORE_ROOM

IN_FORCE = "__in_force"
BUILD = ("build", "--exclude-resource-type", "unit_test")


class PadanTranslator(DagsterDbtTranslator):
    """Asset keys are `schema/table`, as an analyst would write them; groups are the stages of the night."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`raw/kemensos__pkh` for a source of intake, `marts/indicator` for a model."""
        props = dbt_resource_props
        if props["resource_type"] == "source":
            return dg.AssetKey([props["schema"], props["name"].removesuffix(IN_FORCE)])
        return dg.AssetKey([props["config"].get("schema") or "staging", props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Marts stand apart; seeds, staging and intermediate are the standardize stage."""
        return "marts" if "marts" in dbt_resource_props["fqn"] else "standardize"

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """Dbt's test as an auditor reads it: question, count, owner, severity."""
        found = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if found is None:
            return None
        rule = dbt_rule(manifest["nodes"][unique_id], manifest)
        return found._replace(description=described(rule), metadata={**found.metadata, **about(rule)})

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The model's owner in its yml, else the data team."""
        return [dbt_resource_props.get("meta", {}).get("owner", "team:padan")]


@contextmanager
def told(night: Night) -> Iterator[None]:
    """What differs from night to night, in the environment for dbt (macro `tonight`): a changed var would parse the project again."""
    release = current_release(night.home, night.as_of)
    values = {"as_of": str(night.as_of), "run_id": night.run_id, "dtsen_versi": str(release.version) if release else ""}
    os.environ.update({f"PADAN_{name.upper()}": value for name, value in values.items()})
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(f"PADAN_{name.upper()}", None)


def dbt_stage(name: str, manifest: Path, select: str, description: str) -> dg.AssetsDefinition:
    """One dbt run a stage: each start of dbt costs seconds, and two at once would fight for the file."""

    @dbt_assets(manifest=manifest, name=name, select=select, dagster_dbt_translator=PadanTranslator(), op_tags={"padan/stage": description})
    def stage(context: dg.AssetExecutionContext, dbt: dg.ResourceParam[DbtCliResource], night: dg.ResourceParam[Night]) -> Iterator[Any]:
        target = _target(night, manifest, name)
        with night.warehouse() as con:
            pardoned = active_rules(con, night.run_id)
        left = [arg for rule in pardoned for arg in ("--exclude", rule)]
        failure, made, tell = None, [], telling(name)
        try:
            with told(night), _ended(dbt.cli([*BUILD, *left, "--vars", variables()], context=context, target_path=target)) as invocation:
                for event in invocation.stream():
                    if isinstance(event, dg.Output):
                        made.append(event)
                        tell("model", len(made))
                    else:
                        yield event
        except DagsterDbtCliRuntimeError:
            failure = "dbt"
        with night.warehouse() as con:
            failed = record_dbt_results(con, night.run_id, target / "run_results.json")
            about_models = model_metadata(con, target / "manifest.json")
        yield from (_described(output, about_models) for output in made)
        if failure or failed:
            raise dg.Failure(description=_stopped(failed), allow_retries=False)
        yield from _pardoned(context, dbt, night, manifest, name, pardoned)

    return stage


def _stopped(failed: list[str]) -> str:
    why = "dbt menghentikan tahap ini: " + ("; ".join(failed) or "lihat log dbt di vault")
    return f"{why}. {MORE_ROOM}" if duckdb.OutOfMemoryException.__name__ in why else why


@contextmanager
def _ended(invocation: DbtCliInvocation) -> Iterator[DbtCliInvocation]:
    """However the block ends, dbt has: one that went on would hold the warehouse against the report of this very night."""
    try:
        yield invocation
    finally:
        if invocation.process.poll() is None:
            invocation.process.kill()
            invocation.process.wait()


def _described(output: dg.Output[Any], about_models: Mapping[str, Mapping[str, Any]]) -> dg.Output[Any]:
    """What dbt says of a model, with its columns, lineage and rows: only known once dbt has let go of the warehouse."""
    unique_id = output.metadata.get("unique_id")
    return output.with_metadata({**output.metadata, **about_models.get(str(getattr(unique_id, "value", "")), {})})


def variables() -> str:
    """What follows from the contracts, as dbt's --vars."""
    return json.dumps(contract_vars())


def _pardoned(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, night: Night, manifest: Path, name: str, rules: list[str]
) -> Iterator[dg.AssetCheckResult]:
    """Tests under a waiver, run after the models that they would have stopped; what fails is recorded and shown, and blocks nothing."""
    own = {key.name: key for key in context.selected_asset_check_keys if key.name in rules}
    if not own:
        return
    target = _target(night, manifest, f"{name}_dikecualikan")
    arguments = ["test", "--select", *own, "--vars", variables()]
    with told(night):
        dbt.cli(arguments, manifest=manifest, target_path=target, raise_on_error=False).wait()
    with night.warehouse() as con:
        record_dbt_results(con, night.run_id, target / "run_results.json")
    for rule, passed, failing in test_results(target / "run_results.json"):
        yield dg.AssetCheckResult(
            asset_key=own[rule].asset_key, check_name=rule, passed=passed, severity=WARN, metadata={"gagal": failing, "pengecualian": True}
        )


def _target(night: Night, manifest: Path, name: str) -> Path:
    """A fresh artefact folder in the vault that starts from what was parsed last: in this night (as of this day), else before it."""
    run = night.home.dbt / "runs" / night.run_id
    parsed = [*run.glob("*/partial_parse.msgpack"), *manifest.parent.glob("partial_parse.msgpack")]
    target = run / name
    target.mkdir(parents=True, exist_ok=True)
    for last in parsed[:1]:
        if last.parent != target:
            shutil.copy(last, target / last.name)
    return target
