"""Fixtures for every kind of test: the sample deliveries, synthetic ones, and whole nights."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from figures import Figures
from hostile import run_hostile_night
from judged import Bench, make_bench
from nights import AS_OF, REPO, RanNight, padan, run_night
from xdist.scheduler import LoadScopeScheduling

#: Nights that several files read: whatever needs one runs in the process that ran it.
NIGHTS = {
    "contoh_night": re.compile(r"\bcontoh_night\b"),
    "small_night": re.compile(r"\b(small_night|bench)\b"),
    "hostile_night": re.compile(r"\bhostile_night\b"),
    "changed project": re.compile(r"\b(held|waived): RanNight\b"),
}
#: Folders of tests, those that run whole nights first: what is long must not begin last.
ORDER = ("integration", "accuracy", "security", "assets", "faults", "unit")
CONTOH = REPO.parent / "shared" / "data" / "contoh"


def _kind(item: pytest.Item) -> str:
    return item.path.relative_to(REPO / "tests").parts[0]


class ByNight(LoadScopeScheduling):
    """Two processes share the tests: files that read one night go to the process that runs it, every other file stays whole."""

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid.split("::")[0])


@cache
def _group_of(file: str) -> str:
    if "marts" in Path(file).parts:
        return "marts"
    return next((night for night, words in NIGHTS.items() if words.search((REPO / file).read_text())), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByNight:
    """Ours, whatever --dist says: xdist's own groups are read from node ids, which pytest no longer lets it change."""
    return ByNight(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole nights first: what is long must not begin last."""
    items.sort(key=lambda item: ORDER.index(_kind(item)))


def _figures(config: pytest.Config) -> Figures:
    return Figures(Path(config.rootpath) / ".pytest_cache" / "figures.json")


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    """Where a long test puts what it measured."""
    return _figures(pytestconfig)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Figures are of one session."""
    if not hasattr(session.config, "workerinput"):
        path = Path(session.config.rootpath) / ".pytest_cache" / "figures.json"
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table of figures, where any was measured."""
    lines = _figures(config).lines()
    if lines:
        terminalreporter.section("figures: bound, measured")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def contoh() -> Path:
    """The sample deliveries with their truth, where a checkout of them lies beside the project."""
    if not CONTOH.is_dir():
        pytest.skip("contoh deliveries are not beside the project (../shared/data/contoh)")
    return CONTOH


@pytest.fixture(scope="session")
def contoh_night(contoh: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """One night over the sample deliveries, run once a session; tests read it and change nothing."""
    return run_night(contoh / "landing", tmp_path_factory.mktemp("contoh") / "home")


@pytest.fixture(scope="session")
def small_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of synthetic deliveries of every feed: `landing/` and `truth/`; copy before you change it."""
    out = tmp_path_factory.mktemp("synth")
    done = padan("synth", out, "--persons", "3000", "--seed", "7", "--date", AS_OF.isoformat())
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def hostile_night(small_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """One night of bad deliveries with planted values, run once a session; tests read it and change nothing."""
    return run_hostile_night(small_landing / "landing", tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def small_night(small_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """One ordinary night over the synthetic deliveries, run once a session; tests read it and change nothing."""
    return run_night(small_landing / "landing", tmp_path_factory.mktemp("small") / "home")


@pytest.fixture(scope="session")
def bench(small_night: RanNight, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The small night with a short past, whose warehouse tests copy and damage."""
    assert small_night.exit_code == 0, small_night.stderr[-3000:]
    return make_bench(small_night, tmp_path_factory.mktemp("bench"))
