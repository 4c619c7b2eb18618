"""The same deliveries give the same decisions: again, on more threads, in other orders of rows, in less memory."""

from __future__ import annotations

import random
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from figures import Figures
from killed import digest_of
from nights import AS_OF, RanNight, copy_project, run_night, same_keys

DECISIONS = """
SELECT d.record_id, d.decision, d.register_id, d.method FROM link.decision d ORDER BY ALL"""


def decisions(home: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        return con.execute(DECISIONS).fetchall()


def with_machine(folder: Path, **settings: object) -> Path:
    """A copy of the project with other limits of the machine."""
    project = copy_project(folder)
    path = project / "config" / "padan.toml"
    text = path.read_text()
    for name, value in settings.items():
        text = re.sub(rf"^{name} = .*$", f"{name} = {value!r}".replace("'", '"'), text, flags=re.M)
    path.write_text(text)
    return project


def shuffled(landing: Path, folder: Path, dice: random.Random) -> Path:
    """The deliveries with the rows of every plain CSV in another order, and no manifest to contradict it."""
    copy = Path(shutil.copytree(landing, folder / "landing"))
    for path in copy.rglob("*.csv"):
        lines = path.read_bytes().split(b"\n")
        head, body, tail = lines[:1], [line for line in lines[1:] if line], []
        if b'"' in path.read_bytes() or len(body) < 3 or b"dtsen" in str(path).encode():
            continue
        while body and body[-1].lower().startswith((b"jumlah", b"total")):
            tail.insert(0, body.pop())
        dice.shuffle(body)
        path.write_bytes(b"\n".join([*head, *body, *tail, b""]))
        (path.parent / "MANIFEST.sha256").unlink(missing_ok=True)
    return copy


@pytest.mark.long
@pytest.mark.parametrize("run", range(20))
def test_twenty_reruns_on_other_threads_and_orders_decide_the_same(
    run: int, little_night: RanNight, tmp_path: Path, figures: Figures
) -> None:
    dice = random.Random(run)
    project = with_machine(tmp_path, threads=(1, 2, 4)[run % 3])
    home = tmp_path / "home"
    same_keys(little_night, home)
    landing = shuffled(little_night.landing, tmp_path, dice) if run >= 3 else little_night.landing
    night = run_night(landing, home, AS_OF, project)
    assert night.exit_code == 0, night.stderr[-3000:]
    assert decisions(home) == decisions(little_night.home)
    if run < 3:
        assert digest_of(home) == digest_of(little_night.home)
    figures.add("re-runs on 1, 2, 4 threads and in other orders, same decisions", "20", 1)


@pytest.mark.long
@pytest.mark.parametrize("limit", ["200MB", "500MB", "2GB"])
def test_a_night_short_of_memory_publishes_the_same_or_says_why_and_publishes_nothing(
    limit: str, little_night: RanNight, tmp_path: Path, figures: Figures
) -> None:
    project, home = with_machine(tmp_path, memory_limit=limit), tmp_path / "home"
    night = run_night(little_night.landing, home, AS_OF, project)
    if night.exit_code == 0:
        assert digest_of(home) == digest_of(little_night.home)
    else:
        assert night.exit_code in (1, 3) and not (home / "serving" / "current").exists()
        assert "Traceback" not in night.stderr and "berhenti" in night.stderr
    figures.add(f"small night under {limit}: published", "1, or says why", night.exit_code == 0)


@pytest.mark.long
def test_a_small_night_needs_little_memory(little_night: RanNight, tmp_path: Path, figures: Figures) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "run", "--landing", str(little_night.landing), "--home", str(tmp_path / "home")]
    done = subprocess.run([*command, "--date", AS_OF.isoformat()], capture_output=True, check=False)
    assert done.returncode == 0
    figures.most("largest process of a small night, GB resident", "4", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6)


FULL = """
import pathlib, subprocess, sys
disk, size, command = sys.argv[1], sys.argv[2], sys.argv[3:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", disk], check=True)
first = subprocess.run(command, capture_output=True, text=True)
print(first.returncode, "Traceback" in first.stderr)
served = pathlib.Path(disk, "home", "serving", "current").exists()
assert first.returncode == 0 or not served, "something was published by a night that failed"
subprocess.run(["mount", "-o", "remount,size=3g", disk], check=True)
second = subprocess.run(command, capture_output=True, text=True)
assert second.returncode == 0, second.stderr[-2000:]
import duckdb
from padan.linkage.digest import decision_digest
with duckdb.connect(disk + "/home/warehouse/padan.duckdb", read_only=True) as con:
    print(decision_digest(con))
"""


@pytest.mark.long
@pytest.mark.parametrize("megabytes", [1, 15, 30, 45, 60, 80, 100, 120])
def test_a_disk_that_fills_during_a_night_damages_nothing(megabytes: int, little_night: RanNight, tmp_path: Path, figures: Figures) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk (unshare -rm)")
    disk = tmp_path / "disk"
    disk.mkdir()
    night = [sys.executable, "-m", "pipelines.cli", "run", "--landing", str(little_night.landing), "--home", str(disk / "home")]
    command = [unshare, "-rm", sys.executable, "-c", FULL, str(disk), str(megabytes), *night, "--date", AS_OF.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stderr[-3000:]
    first, digest = done.stdout.splitlines()
    assert first.endswith("False"), "a full disk is told in a line, not in a traceback"
    assert digest == digest_of(little_night.home)
    figures.add("disks that filled during a whole night, 0 damage", "8 sizes", not first.startswith("0"))
