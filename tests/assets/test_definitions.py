"""The code location loads without secrets, and every gate hangs on a real asset."""

from __future__ import annotations

import dagster as dg
import pytest

from schemas.extracts import contracts

GROUPS = {"intake", "register", "standardize", "link", "marts", "quality", "publish"}


@pytest.fixture(scope="module")
def defs(tmp_path_factory, module_monkeypatch) -> dg.Definitions:
    module_monkeypatch.setenv("PADAN_HOME", str(tmp_path_factory.mktemp("home")))
    from pipelines.definitions import build_defs

    return build_defs()


@pytest.fixture(scope="module")
def module_monkeypatch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions):
    return defs.resolve_asset_graph()


def test_every_check_hangs_on_an_asset_that_is_made(graph) -> None:
    # A check on a key that nobody makes is accepted in silence and never runs.
    orphans = {key for key in graph.asset_check_keys if key.asset_key not in graph.materializable_asset_keys}
    assert graph.asset_check_keys
    assert not orphans


def test_nothing_waits_for_an_asset_that_nobody_makes(graph) -> None:
    assert not graph.external_asset_keys


def test_every_asset_has_a_group_an_owner_kinds_and_a_description(graph) -> None:
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name in GROUPS, key
        assert node.owners, key
        assert node.kinds, key
        assert node.description, key


def test_every_contract_has_its_raw_asset(graph) -> None:
    wanted = {dg.AssetKey(["raw", contract.feed.table]) for contract in contracts().values()}
    assert wanted <= set(graph.materializable_asset_keys)


def test_the_nightly_job_holds_every_asset_and_every_check(defs: dg.Definitions, graph) -> None:
    job = defs.resolve_job_def("nightly")
    assert set(job.asset_layer.selected_asset_keys) == set(graph.materializable_asset_keys)
    assert set(job.asset_layer.asset_graph.asset_check_keys) == set(graph.asset_check_keys)


def test_publication_waits_for_every_other_stage(graph) -> None:
    serving = dg.AssetKey(["serving", "current"])
    upstream = graph.get(serving).parent_keys
    seen, queue = set(), set(upstream)
    while queue:
        key = queue.pop()
        seen.add(key)
        queue |= set(graph.get(key).parent_keys) - seen
    after = dg.AssetKey(["returns", "list"])
    beside = dg.AssetKey(["review", "case"])
    assert seen >= set(graph.materializable_asset_keys) - {serving, after, beside}, "a queue that fails holds no publication back"
    assert serving in graph.get(after).parent_keys


def test_the_schedule_runs_at_one_in_jakarta_and_the_sensor_is_off(defs: dg.Definitions) -> None:
    repository = defs.get_repository_def()
    schedule = repository.get_schedule_def("nightly_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 1 * * *", "Asia/Jakarta")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert repository.get_sensor_def("landing_sensor").default_status == dg.DefaultSensorStatus.STOPPED
