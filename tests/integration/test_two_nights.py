"""The night after: what nobody touched stands, what changed is answered, every person keeps its id, and the change has its cause."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, RanNight, run_night

from padan.linkage import diff

NEXT_DAY = AS_OF + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def next_night(contoh_night: RanNight, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """The sample's home, copied, on the day after: PPKS is delivered again, one row corrected and one left out."""
    folder = tmp_path_factory.mktemp("next")
    home, landing = folder / "home", folder / "landing"
    shutil.copytree(contoh_night.home, home, symlinks=True)
    shutil.copytree(contoh_night.landing, landing)
    before = next((landing / "kemensos" / "ppks").iterdir())
    lines = (before / "ppks.csv").read_bytes().splitlines(keepends=True)
    first = lines[1].split(b"|")
    first[4] = b"NAMA YANG DIPERBAIKI"
    again = before.with_name(NEXT_DAY.isoformat())
    again.mkdir()
    (again / "ppks.csv").write_bytes(b"".join([lines[0], b"|".join(first), *lines[2:-1]]))
    return run_night(landing, home, NEXT_DAY)


def _decisions(night: RanNight) -> dict[str, tuple]:
    with night.warehouse() as con:
        rows = con.execute("SELECT record_id, decision, register_id, person_id, reason FROM link.decision").fetchall()
    return {record_id: tuple(rest) for record_id, *rest in rows}


def test_only_what_was_delivered_otherwise_is_answered_again(next_night: RanNight) -> None:
    assert next_night.exit_code in (0, 2), next_night.stderr[-2000:]
    with next_night.warehouse() as con:
        runs = con.execute("SELECT records, scored FROM link.run ORDER BY run_no").fetchall()
    assert len(runs) == 2
    assert runs[0][0] == runs[0][1]
    assert 1 <= runs[1][1] <= 2


def test_what_nobody_touched_is_decided_alike(contoh_night: RanNight, next_night: RanNight) -> None:
    one, two = _decisions(contoh_night), _decisions(next_night)
    differing = {r for r in one if one[r] != two.get(r)}
    assert len(one.keys() - two.keys()) <= 2
    with next_night.warehouse() as con:
        changed = {r for (r,) in con.execute("SELECT record_id FROM link.change").fetchall()}
    assert differing - changed == {r for r in differing - changed if one[r][:3] == two[r][:3]}  # at most the reason differs
    assert len(differing) <= 10


def test_every_change_is_one_of_data_and_two_runs_are_compared(next_night: RanNight, tmp_path: Path) -> None:
    copy = tmp_path / "padan.duckdb"
    shutil.copy(next_night.home / "warehouse" / "padan.duckdb", copy)
    with duckdb.connect(str(copy), read_only=True) as con:
        first, second = (run for (run,) in con.execute("SELECT run_id FROM link.run ORDER BY run_no").fetchall())
        causes = con.execute("SELECT DISTINCT cause FROM link.change").fetchall()
        found = diff(con, first, second)
        listed = con.execute("SELECT count(*) FROM run_difference").fetchall()[0][0]
    assert causes in ([], [("data",)])
    assert found.records == listed
    assert {feed for _, feed, _ in found.counts} <= {"ppks", "atensi", "pkh", "yapi", "pengaduan", "lksa_anak", "abh", "peksos"}
