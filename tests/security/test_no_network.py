"""A night needs no network: it runs in a namespace that has none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nights import AS_OF, REPO


@pytest.mark.long
def test_a_night_without_any_network_publishes(small_landing: Path, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode != 0:
        pytest.skip("this machine lets nobody make a network namespace (unshare -rn)")
    assert (
        subprocess.run(
            [unshare, "-rn", sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
            capture_output=True,
            check=False,
        ).returncode
        != 0
    )
    command = [unshare, "-rn", sys.executable, "-m", "pipelines.cli", "run", "--landing", str(small_landing / "landing")]
    command += ["--home", str(tmp_path / "home"), "--date", AS_OF.isoformat()]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "home" / "serving" / "current").exists()
