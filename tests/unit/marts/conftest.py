"""Three invented worlds, each laid into a warehouse and run through the real marts once a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from marts_answers import Answers
from marts_night import lay, run_marts
from marts_world import World, invented


@dataclass(frozen=True)
class Night:
    """A world, the warehouse that its marts lie in, and what the indicators should be."""

    world: World
    warehouse: Path
    answers: Answers


WORLDS = {
    "all feeds": lambda: invented(11, children=120),
    "no LKS, workers or YAPI": lambda: invented(12).without("kemensos/lks", "kemensos/peksos", "kemensos/yapi"),
    "no DTSEN release, no KPAI": lambda: invented(13).without("dtsen", "kpai/pengaduan"),
}


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What dbt has parsed, shared by the nights: parsing takes longer than running."""
    return tmp_path_factory.mktemp("dbt")


FULLEST, *LESS = WORLDS


@pytest.fixture(scope="session", params=[FULLEST, *(pytest.param(name, marks=pytest.mark.long) for name in LESS)])
def night(request: pytest.FixtureRequest, parsed: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Each world's night in turn; the data tests run on the fullest one."""
    world = WORLDS[request.param]()
    warehouse = tmp_path_factory.mktemp("marts") / "padan.duckdb"
    lay(world, warehouse)
    run_marts(world, warehouse, parsed, tested=request.param == "all feeds")
    return Night(world, warehouse, Answers(world))
