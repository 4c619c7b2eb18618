"""An intake that is killed leaves nothing half-loaded, and the next one takes the delivery as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from landed import NIGHT, csv_text, desk, pkh, row

from padan.ledger.tables import create_tables

PKH = "kemensos/pkh"
TAKE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from landed import desk
with desk(Path(sys.argv[1])) as office:
    print("ready", flush=True)
    office.take("kemensos/pkh", progress=lambda file, rows: print(rows, flush=True))
    print("done", flush=True)
"""
ROWS = 120_000


@pytest.mark.parametrize("batches", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_killed_intake_leaves_nothing_and_the_next_takes_it_whole(tmp_path: Path, batches: int) -> None:
    with desk(tmp_path) as office:
        office.deliver(PKH, csv_text(PKH, [*pkh(ROWS), row(PKH, id_pkh="x", komponen="?"), row(PKH, id_pkh="0001")]))
    command = [sys.executable, "-c", TAKE, str(tmp_path), str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        for _ in range(batches):
            assert int(child.stdout.readline()) > 0
        time.sleep(0.05)
        os.kill(child.pid, signal.SIGKILL)
    with desk(tmp_path) as office:
        create_tables(office.con)
        assert office.all("SELECT count(*) FROM ledger.taken") == [(0,)]
        assert office.all("SELECT count(*) FROM raw.kemensos__pkh") == [(0,)]
        assert office.all("SELECT count(*) FROM quality.quarantine") == [(0,)]
        intake = office.take(PKH)
        assert (intake.received, intake.accepted, intake.quarantined, intake.duplicates) == (ROWS + 2, ROWS, 1, 1)
        assert office.take(PKH, NIGHT).deliveries[0].status == "unchanged"
