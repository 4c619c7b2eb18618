"""The command that shows what linkage is worth on a population, at its smallest: it runs as the night's code of today does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from nights import REPO


def test_a_population_with_a_scanners_errors_is_linked_and_graded(tmp_path: Path) -> None:
    out = tmp_path / "accuracy.json"
    size = ("--persons", "1000", "--seed", "5")
    command = (sys.executable, "-m", "bench.accuracy", "--root", str(tmp_path / "samples"), "--out", str(out), *size, "pindaian")
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    (found,) = json.loads(out.read_text()).values()
    assert found["presisi"]["rate"] >= 0.999
    assert found["recall"]["rate"] >= 0.97
    assert found["recall NIK tak ada atau salah"]["rate"] >= 0.95
    assert "pindaian-1000-5" in done.stdout
