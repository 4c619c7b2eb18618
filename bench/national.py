"""A register of national size: generated, indexed, and a night of records against it: `--persons 289060787 --records 100000`.

Prints a line a stage (seconds, processor seconds, peak memory, peak disk), the index's steps and the night's accuracy. Needs
50 GB while the index is built (18 for the delivery, 20 for the index); a delivery that is whole and a build that was stopped go on.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from bench.cases import write_cases
from bench.measure import OUT, apart, table, write
from bench.peers import grade
from bench.population import VERSION, ensure_register, write_delivered
from padan.config import Machine
from padan.home import Home

NATIONAL = 289_060_787


class _Disk:
    """The most bytes that a folder held while the block ran, looked at each second."""

    peak = 0


@contextmanager
def _watched(folder: Path) -> Iterator[_Disk]:
    disk, over = _Disk(), threading.Event()

    def look() -> None:
        while True:
            disk.peak = max(disk.peak, sum(_size(path) for path in folder.rglob("*")))
            if over.wait(1):
                return

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield disk
    finally:
        over.set()
        watcher.join()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # a spill file that is gone
        return 0


def _forget(path: Path) -> None:
    """Drop a file from the page cache, so that the night starts cold."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _stage(stage: str, home: Home, arguments: list[str]) -> dict[str, Any]:
    """One stage in a process of its own."""
    with _watched(home.root) as disk:
        taken = apart(*arguments)
    return {**taken, "stage": stage, "peak_disk_gb": round(disk.peak / 1e9, 2)}


def _inside(stage: str, home: Home, persons: int, limit: str) -> None:
    """What a process of its own does: deliver or index; prints what it made as JSON."""
    machine = Machine(memory_limit=limit)
    if stage == "deliver":
        print(json.dumps({"rows_s": round(write_delivered(home, persons, machine=machine))}))
        return
    steps: dict[str, int] = {}
    release = ensure_register(home, persons, machine=machine, progress=lambda step, rows: steps.update({step: rows}))
    print(json.dumps({"persons": release.persons, "index_gb": round(release.path.stat().st_size / 1e9, 2), "steps": len(steps)}))


def measure(persons: int, records: int, home: Home, limit: str) -> dict[str, Any]:
    """Deliver and index unless it is there, then the night, cold."""
    folder = home.register / VERSION.isoformat()
    stages = []
    for stage, made in (("deliver", folder / "delivered.duckdb"), ("index", folder / "register.duckdb")):
        if not made.exists():
            stages.append(
                _stage(stage, home, ["national", "--inside", stage, "--persons", str(persons), "--home", str(home.root), "--limit", limit])
            )
    cases = home.root / f"cases-{records}"
    cases.mkdir(exist_ok=True)
    (cases / "cases.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(cases / "cases.duckdb")) as con:
        con.execute("CREATE SCHEMA intermediate")
        write_cases(con, persons, records)
    _forget(folder / "register.duckdb")
    stages.append(_stage("night", home, ["systems", "padan", str(home.root), str(cases)]))
    with duckdb.connect(str(folder / "register.duckdb"), read_only=True) as con:
        steps = [dict(zip(("step", "rows", "seconds"), row, strict=True)) for row in con.execute("FROM built").fetchall()]
    return {"persons": persons, "records": records, "stages": stages, "steps": steps, "accuracy": grade(cases, "padan")}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench national", description=__doc__)
    parser.add_argument("--persons", type=int, default=NATIONAL)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--home", type=Path, default=OUT / "national")
    parser.add_argument("--limit", default="4GB", help="DuckDB's memory limit while delivering and indexing")
    parser.add_argument("--inside", choices=("deliver", "index"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    home = Home(given.home).prepare()
    if given.inside:
        _inside(given.inside, home, given.persons, given.limit)
        return
    began = time.monotonic()
    result = measure(given.persons, given.records, home, given.limit)
    table([{key: stage.get(key) for key in ("stage", "wall_s", "cpu_s", "peak_gb", "peak_disk_gb")} for stage in result["stages"]])
    table(result["steps"])
    table([result["accuracy"]])
    print(f"{time.monotonic() - began:.0f} s, {write(f'national-{given.persons}-{given.records}', result)}")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
