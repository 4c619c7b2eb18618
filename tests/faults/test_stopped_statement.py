"""A signal that meets DuckDB at work: the night still writes how it ended, in the warehouse that the statement had open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nights import REPO

#: A stop in the middle of a statement, as Ctrl-C and SIGTERM raise it; then the warehouse is opened as a night's end does.
STOPPED = """
import signal, sys
from pathlib import Path
from padan.config import Machine
from padan.home import Home
from padan.warehouse import connect

def stop(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, stop)
home = Home(Path(sys.argv[1])).prepare()
stops = 0
for _ in range(3):
    try:
        with connect(home, Machine()) as con:
            con.execute("CREATE TABLE IF NOT EXISTS quality.kept AS SELECT 1 AS i")
            signal.setitimer(signal.ITIMER_REAL, 0.3, 0.5)  # again until one is heard: DuckDB may swallow what a handler raises
            con.execute("CREATE TABLE quality.large AS SELECT i, hash(i) AS h FROM range(1000000000) t(i) ORDER BY h")
    except (KeyboardInterrupt, RuntimeError):
        signal.setitimer(signal.ITIMER_REAL, 0)
        stops += 1
    with connect(home, Machine()) as con:
        assert con.execute("SELECT i FROM quality.kept").fetchall() == [(1,)]
print(stops)
"""


def test_the_warehouse_opens_again_after_a_stop_in_the_middle_of_a_statement(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(tmp_path / "home")], cwd=REPO, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout.strip()) == (0, "3"), done.stderr[-1000:]
