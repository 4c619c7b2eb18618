"""Writes that never reached the disk: the log of a killed intake is cut anywhere, and the next one ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from figures import Figures
from landed import csv_text, desk, pkh, row

PKH = "kemensos/pkh"
DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")
TAKE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from landed import desk
with desk(Path(sys.argv[1])) as office:
    office.take("kemensos/pkh")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def deliver(root: Path) -> None:
    with desk(root) as office:
        for at, day in enumerate(DAYS):
            rows = [*pkh(60 + at), row(PKH, id_pkh="x", komponen="?"), row(PKH, id_pkh="0001")]
            office.deliver(PKH, csv_text(PKH, rows), day=day)


def outcome(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """What stands after the deliveries are taken: rows in force, set aside, and what the ledger says."""
    with desk(root) as office:
        office.take(PKH)
        return {
            "force": office.in_force(PKH, "record_id, delivery_date, source_row"),
            "raw": office.all("SELECT delivery_date, count(*) FROM raw.kemensos__pkh GROUP BY 1 ORDER BY 1"),
            "aside": office.all(
                "SELECT delivery_date, source_row, rule, status FROM quality.quarantine WHERE status = 'open' ORDER BY ALL"
            ),
            "ledger": office.all(
                "SELECT delivery_date, rows_received, rows_accepted, rows_quarantined, rows_duplicate, status "
                "FROM ledger.delivery ORDER BY ALL"
            ),
        }


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[tuple[object, ...]]]]:
    """An installation whose intake was killed after its last delivery, its log not yet in the file; and what an undisturbed one gives."""
    root, whole = tmp_path_factory.mktemp("killed"), tmp_path_factory.mktemp("whole")
    deliver(root)
    shutil.copytree(root, whole, dirs_exist_ok=True)
    done = subprocess.run([sys.executable, "-c", TAKE, str(root), str(Path(__file__).parents[1])], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (root / "home" / "warehouse" / "padan.duckdb.wal").stat().st_size > 10_000, "nothing is in the log"
    return root, outcome(whole)


@pytest.mark.parametrize("points", [3, pytest.param(100, marks=pytest.mark.long)])
def test_a_log_cut_anywhere_loses_and_doubles_nothing(
    points: int, killed: tuple[Path, dict[str, list[tuple[object, ...]]]], tmp_path: Path, figures: Figures
) -> None:
    root, wanted = killed
    size, dice = (root / "home" / "warehouse" / "padan.duckdb.wal").stat().st_size, random.Random(points)
    for at in range(points):
        copy = Path(shutil.copytree(root, tmp_path / str(at)))
        log = copy / "home" / "warehouse" / "padan.duckdb.wal"
        os.truncate(log, dice.randrange(size))
        assert outcome(copy) == wanted, f"cut {at}"
        shutil.rmtree(copy)
        figures.add("logs cut at a random place, 0 rows lost or doubled", "100", 1)


@pytest.mark.parametrize("points", [3, pytest.param(100, marks=pytest.mark.long)])
def test_a_log_with_a_flipped_bit_is_refused_or_is_a_whole_beginning(
    points: int, killed: tuple[Path, dict[str, list[tuple[object, ...]]]], tmp_path: Path, figures: Figures
) -> None:
    root, wanted = killed
    content, dice = (root / "home" / "warehouse" / "padan.duckdb.wal").read_bytes(), random.Random(points)
    for at in range(points):
        copy = Path(shutil.copytree(root, tmp_path / str(at)))
        spoilt = bytearray(content)
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        (copy / "home" / "warehouse" / "padan.duckdb.wal").write_bytes(spoilt)
        try:
            duckdb.connect(str(copy / "home" / "warehouse" / "padan.duckdb")).close()
        except duckdb.Error:
            refused = True
        else:
            refused = False
            assert outcome(copy) == wanted, f"flip {at} was taken in silence"
        shutil.rmtree(copy)
        figures.add("bits flipped in a log: refused, or nothing wrong", "100", 1)
        figures.add("of them refused at once", "-", refused)
