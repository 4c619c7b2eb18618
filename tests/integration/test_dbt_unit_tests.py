"""The unit tests of dbt's models: a night leaves them out, since they ask nothing of its data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from nights import AS_OF, REPO, RanNight

from padan.dbt_vars import contract_vars


def test_every_unit_test_of_a_model_passes(small_night: RanNight, tmp_path: Path) -> None:
    shutil.copy(small_night.home / "warehouse" / "padan.duckdb", tmp_path / "padan.duckdb")
    command = [str(Path(sys.executable).parent / "dbt"), "test", "--select", "test_type:unit", "--vars", json.dumps(contract_vars())]
    command += ["--project-dir", str(REPO / "dbt_project"), "--profiles-dir", str(REPO / "dbt_project")]
    command += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    here = {"PADAN_WAREHOUSE": str(tmp_path / "padan.duckdb"), "PADAN_TMP": str(tmp_path / "tmp"), "PADAN_AS_OF": str(AS_OF)}
    done = subprocess.run(command, env={**os.environ, **here, "DO_NOT_TRACK": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    assert len(results) > 20
    assert {result["status"] for result in results} == {"pass"}
