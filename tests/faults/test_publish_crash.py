from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from figures import Figures
from served_marts import RUN, make_home

from padan.config import PadanConfig, Publication
from padan.home import Home
from padan.serving import pointed, publish
from schemas.sharing import AUDIENCES

TESTS = Path(__file__).parents[1]
STEPS = 13  # progress is told this often in one publication; asserted below

PUBLISHER = """
import os, signal, sys, datetime as dt, duckdb
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from pathlib import Path
from padan.config import PadanConfig
from padan.home import Home
from padan.serving import publish
home, run_id, fatal = Home(Path(sys.argv[3])), sys.argv[4], int(sys.argv[5])
told = 0
def progress(step):
    global told
    told += 1
    if told == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
with duckdb.connect(str(home.warehouse)) as con:
    publish(con, home, PadanConfig(), run_id=run_id, as_of=dt.date(2026, 11, 25), versions={}, progress=progress)
"""

READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(con.execute("SELECT run_id, (SELECT count(*) FROM marts.indicator) FROM quality.terbitan").fetchone(), flush=True)
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one publication; copied by each test."""
    home = make_home(tmp_path_factory.mktemp("crash") / "home")
    put_out(home, RUN)
    return home


def put_out(home: Home, run_id: str, keep: int = 14) -> list[str]:
    steps: list[str] = []
    config = PadanConfig(publication=Publication(keep_runs=keep))
    with duckdb.connect(str(home.warehouse)) as con:
        publish(con, home, config, run_id=run_id, as_of=dt.date(2026, 11, 24), versions={}, progress=steps.append)
    return steps


def copy_of(home: Home, root: Path) -> Home:
    shutil.copytree(home.root, root, symlinks=True)
    return Home(root)


def publish_and_die(home: Home, run_id: str, at_step: int) -> int:
    command = [sys.executable, "-c", PUBLISHER, str(TESTS.parent), str(TESTS), str(home.root), run_id, str(at_step)]
    return subprocess.run(command, check=False, timeout=120).returncode


def run_in_force(home: Home) -> str:
    """The one run that every audience's file is of, whole and as its manifest says."""
    current = home.serving / "current"
    runs = set()
    for audience in AUDIENCES:
        with duckdb.connect(str(current / audience / "padan.duckdb"), read_only=True) as con:
            runs |= set(con.execute("SELECT run_id FROM quality.terbitan").fetchall())
    manifest = json.loads((current / "manifest.json").read_text())
    assert runs == {(manifest["run_id"],)}, "audiences of different runs"
    assert all((current / name).is_file() for name in manifest["files"])
    return str(manifest["run_id"])


@pytest.mark.parametrize("step", [1, 5, 11, *(pytest.param(step, marks=pytest.mark.long) for step in (2, 3, 4, 6, 7, 8, 9, 10, 12, 13))])
def test_killed_before_any_step_the_old_run_or_the_new_one_is_in_force_whole(published: Home, tmp_path: Path, step: int) -> None:
    home = copy_of(published, tmp_path / "home")
    assert publish_and_die(home, "night-2", step) == -signal.SIGKILL
    assert run_in_force(home) == (RUN if step < STEPS else "night-2"), "only the last step comes after the swap"
    put_out(home, "night-2")
    assert run_in_force(home) == "night-2", "the next attempt of the same run completes"
    assert not list(home.serving.glob(".*")), "nothing half made is left"


def test_these_are_all_the_steps(published: Home, tmp_path: Path) -> None:
    assert len(put_out(copy_of(published, tmp_path / "home"), "night-2")) == STEPS


def test_a_reader_that_has_the_old_file_open_is_not_disturbed(published: Home, tmp_path: Path) -> None:
    home = copy_of(published, tmp_path / "home")
    path = home.serving / "current" / "publik" / "padan.duckdb"
    with subprocess.Popen([sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def ask() -> str:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return reader.stdout.readline()

        before = ask()
        assert RUN in before
        put_out(home, "night-2")
        assert run_in_force(home) == "night-2"
        assert ask() == before, "an open file stays what it was"
        put_out(home, "night-3", keep=2)
        assert not (home.serving / RUN).exists(), "the reader's run is pruned by now"
        assert ask() == before, "even when its run is gone from the folder"
        reader.stdin.close()
        assert reader.wait(timeout=30) == 0


def test_a_reader_that_opens_during_publications_always_gets_one_whole_run(published: Home, tmp_path: Path) -> None:
    home = copy_of(published, tmp_path / "home")
    opener = (
        "import sys, time, duckdb\n"
        "seen, path = [], sys.argv[1]\n"
        "while True:\n"
        "    con = duckdb.connect(path, read_only=True)\n"
        "    seen += con.execute('SELECT run_id FROM quality.terbitan').fetchone()\n"
        "    con.close(); time.sleep(0.05)\n"
        "    if seen[-1] == 'last': break\n"
        "print(len(seen), seen == sorted(seen, key=lambda r: (r == 'last', r)))\n"
    )
    path = home.serving / "current" / "publik" / "padan.duckdb"
    with subprocess.Popen([sys.executable, "-c", opener, str(path)], stdout=subprocess.PIPE, text=True) as reader:
        for night in ("s-1", "s-2", "last"):
            put_out(home, night)
        out, _ = reader.communicate(timeout=60)
    opened, in_order = out.split()
    assert int(opened) >= 1
    assert in_order == "True"


OPENER = """
import json, sys, time, duckdb
path, seen, mixed, failed, slow = sys.argv[1], 0, 0, 0, []
while True:
    began = time.perf_counter()
    try:
        with duckdb.connect(path, read_only=True) as con:
            slow.append(time.perf_counter() - began)
            runs = con.execute("SELECT count(DISTINCT run_id), min(run_id) FROM (SELECT run_id FROM quality.terbitan "
                "UNION ALL SELECT run_id FROM marts.indicator)").fetchone()
            mixed += runs[0] != 1
            seen += 1
            if runs[1] == "last":
                break
    except duckdb.Error:
        failed += 1
    time.sleep(0.01)
print(json.dumps({"opens": seen, "mixed": mixed, "failed": failed, "p99": sorted(slow)[int(len(slow) * 0.99) - 1]}))
"""


@pytest.mark.long
def test_a_hundred_publications_under_readers(published: Home, tmp_path: Path, figures: Figures) -> None:
    home = copy_of(published, tmp_path / "home")
    paths = [home.serving / "current" / audience / "padan.duckdb" for audience in ("publik", "kemensos", "kpai")]
    readers = [subprocess.Popen([sys.executable, "-c", OPENER, str(path)], stdout=subprocess.PIPE, text=True) for path in paths]
    for at in range(99):
        put_out(home, f"malam-{at:03d}", keep=3)
    put_out(home, "last", keep=3)
    told = [json.loads(reader.communicate(timeout=120)[0]) for reader in readers]
    figures.add("opens during 100 publications", ">= 10,000 or all", sum(one["opens"] for one in told))
    figures.add("opens that failed or were mixed", "0", sum(one["failed"] + one["mixed"] for one in told))
    figures.most("p99 of opening during publications, seconds", "0.5", max(one["p99"] for one in told))
    assert sum(one["opens"] for one in told) > 300
    assert sum(one["failed"] + one["mixed"] for one in told) == 0


FILLED = """
import os, subprocess, sys, pathlib
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import datetime as dt, duckdb
from padan.config import PadanConfig
from padan.home import Home
from padan.serving import publish, pointed
disk, size = pathlib.Path(sys.argv[3]), int(sys.argv[4])
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", str(disk / "serving")], check=True)
subprocess.run(["cp", "-a", str(disk / "kept") + "/.", str(disk / "serving")], check=True)
home = Home(disk)
def night(run):
    with duckdb.connect(str(home.warehouse)) as con:
        publish(con, home, PadanConfig(), run_id=run, as_of=dt.date(2026, 11, 25), versions={})
def whole():
    run = pointed(home.serving)
    for audience in ("publik", "kemensos", "kpai", "ditjenpas"):
        with duckdb.connect(str(home.serving / "current" / audience / "padan.duckdb"), read_only=True) as con:
            assert con.execute("SELECT DISTINCT run_id FROM quality.terbitan").fetchall() == [(run,)]
    return run
before = whole()
try:
    night("night-2")
    print("fits")
except Exception as error:
    assert whole() == before, "the publication in force was touched"
    subprocess.run(["mount", "-o", "remount,size=400m", str(disk / "serving")], check=True)
    night("night-2")
    print("filled", type(error).__name__)
assert whole() == "night-2"
"""


@pytest.mark.parametrize("share", [0.2, 0.6, *(pytest.param(at / 30, marks=pytest.mark.long) for at in range(30))])
def test_a_disk_that_fills_during_a_publication_leaves_the_run_in_force(
    published: Home, tmp_path: Path, share: float, figures: Figures
) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk (unshare -rm)")
    home = copy_of(published, tmp_path / "home")
    (home.root / "kept").mkdir()
    for path in home.serving.iterdir():
        path.rename(home.root / "kept" / path.name)
    used = sum(path.stat().st_size for path in (home.root / "kept").rglob("*") if path.is_file()) // 1024
    command = [unshare, "-rm", sys.executable, "-c", FILLED, str(TESTS.parent), str(TESTS), str(home.root), str(int(used * (1.1 + share)))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    figures.add("disks that filled while publishing, 0 damage", "30 sizes", done.stdout.startswith("filled"))


def test_a_publisher_that_fails_leaves_the_run_in_force(published: Home, tmp_path: Path) -> None:
    home = copy_of(published, tmp_path / "home")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("DROP TABLE intermediate.int_bantuan__own")
    with pytest.raises(Exception, match="bantuan"):
        put_out(home, "night-2")
    assert run_in_force(home) == RUN
    assert pointed(home.serving) == RUN
