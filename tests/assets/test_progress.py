"""What the operator is told of a step that takes long, or was stopped from outside."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator

import dagster as dg
import pytest

from assets.dbt import _stopped
from padan.journal import OWN
from padan.progress import telling
from padan.warehouse import MORE_ROOM
from pipelines.progress import progress_logger


@pytest.fixture
def own_logger() -> Iterator[logging.Logger]:
    """The journal's logger as a night opens it."""
    own = logging.getLogger(OWN)
    level = own.level
    own.setLevel(logging.INFO)
    yield own
    own.setLevel(level)


@pytest.mark.parametrize(("silence", "lines"), [(0.0, 2), (60.0, 0)])
def test_a_long_step_tells_how_far_it_is_and_a_short_one_only_that_it_is_done(
    own_logger: logging.Logger, capsys: pytest.CaptureFixture[str], silence: float, lines: int
) -> None:
    @dg.op
    def long() -> None:
        tell = telling("long", silence)
        tell("baris", 1_000_000)
        tell("segel", 0)

    @dg.job(logger_defs={"progress": progress_logger})
    def night() -> None:
        long()

    for _ in range(2):  # a process may run several: each line still comes once
        assert night.execute_in_process(run_config={"loggers": {"progress": {}}}).success
        told = [line.split("·")[1].split() for line in capsys.readouterr().err.splitlines() if "·" in line]
        assert [[step, *rest[2:]] for step, *rest in told] == [["long", "baris", "1,000,000"], ["long", "segel"]][:lines]


def test_a_night_that_someone_stops_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    @dg.op
    def long() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)

    @dg.job(logger_defs={"progress": progress_logger})
    def night() -> None:
        long()

    result = night.execute_in_process(run_config={"loggers": {"progress": {}}}, raise_on_error=False)
    assert not result.success
    told = capsys.readouterr().err
    assert "dihentikan dari luar" in told and "jalankan lagi" in told
    assert "Dagster" not in told and "--debug" not in told


def test_a_stage_of_dbt_that_found_no_room_says_what_to_do() -> None:
    assert _stopped(["anak (OutOfMemoryException)", "44 lain tidak dijalankan"]).endswith(MORE_ROOM)
    assert MORE_ROOM not in _stopped(["unique_anak_person_id", "44 lain tidak dijalankan"])
    assert "lihat log dbt di vault" in _stopped([])
