"""What the operator is told of a step that was stopped from outside."""

from __future__ import annotations

import os
import signal
import time

import dagster as dg
import pytest

from pipelines.progress import progress_logger


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
