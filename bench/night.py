"""A first real night, landing to published, and the night after: `python -m bench night --share 0.1`.

Share 1 is the nation: 289 million register persons, 20 million PKH rows, 1 million PPKS and 200,000 case rows. Nights are
`padan run` in a process of their own, as an operator runs them; figures are its seconds by stage, its largest process, and disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from bench.landing import write_landing, write_next_pkh
from bench.measure import largest_below, write
from bench.population import write_delivered
from padan.home import Home
from padan.register.release import DELIVERED, release_folder

NATION = {"register": 289_000_000, "pkh": 20_000_000, "ppks": 1_000_000, "cases": 200_000}
RELEASE, FIRST, FOLLOWING = dt.date(2026, 10, 1), dt.date(2026, 11, 24), dt.date(2026, 11, 25)

#: What the nation may take: seconds of the first night and of the night after, bytes of memory.
BOUNDS = {"first": 6 * 3600, "after": 20 * 60, "memory": 8 * 2**30}

_STAGE = re.compile(r"✓ (?P<stage>\S+)\s+(?P<seconds>[\d.,]+) s")


def main(arguments: list[str]) -> None:
    """Make the deliveries under `--folder`, run both nights, print the figures and keep them in bench/out/night.json."""
    parser = argparse.ArgumentParser(prog="python -m bench night", description=__doc__)
    parser.add_argument("--share", type=float, default=0.01, help="share of the nation, 0 to 1")
    parser.add_argument("--folder", type=Path, default=Path("bench/out/night"))
    parser.add_argument("--keep", action="store_true", help="leave deliveries and home in the folder")
    options = parser.parse_args(arguments)
    sizes = {name: max(1000, round(rows * options.share)) for name, rows in NATION.items()}
    shutil.rmtree(options.folder, ignore_errors=True)
    landing, home = options.folder / "landing", options.folder / "home"
    _deliver(options.folder, landing, sizes)
    nights = {"first": _run(landing, home, FIRST)}
    write_next_pkh(landing, FIRST, FOLLOWING, options.folder / "tmp")
    nights["after"] = _run(landing, home, FOLLOWING)
    if not options.keep:
        shutil.rmtree(options.folder)
    _show(options.share, sizes, nights)
    write("night", {"share": options.share, "sizes": sizes, "nights": nights, "bounds": BOUNDS})


def _deliver(folder: Path, landing: Path, sizes: dict[str, int]) -> None:
    started = time.monotonic()
    made = Home(folder / "population")
    write_delivered(made, sizes["register"], version=RELEASE)
    delivered = release_folder(made, RELEASE) / DELIVERED
    write_landing(landing, delivered, RELEASE, FIRST, pkh=sizes["pkh"], ppks=sizes["ppks"], cases=sizes["cases"], tmp=folder / "tmp")
    shutil.rmtree(made.root)
    print(f"deliveries made in {time.monotonic() - started:.0f} s")


def _run(landing: Path, home: Path, night: dt.date) -> dict[str, Any]:
    """One night: exit code, wall and CPU seconds, largest process, disk that it took at most, seconds by stage."""
    command = [sys.executable, "-m", "pipelines.cli", "run", "--landing", str(landing), "--home", str(home), "--date", night.isoformat()]
    before, free = resource.getrusage(resource.RUSAGE_CHILDREN), shutil.disk_usage(landing).free
    least, ended = [free], threading.Event()

    def watch() -> None:
        while not ended.wait(2):
            least[0] = min(least[0], shutil.disk_usage(landing).free)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started = time.monotonic()
    with largest_below() as largest:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.monotonic() - started
    ended.set()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stdout[-3000:] if done.returncode else f"{night}: exit 0", done.stderr[-1500:] if done.returncode else "", sep="\n")
    return {
        "exit": done.returncode,
        "seconds": round(wall, 1),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "largest_process_bytes": largest.bytes,
        "disk_bytes": free - least[0],
        "stages": {m["stage"]: float(m["seconds"].replace(",", "")) for m in _STAGE.finditer(done.stderr)},
    }


def _show(share: float, sizes: dict[str, int], nights: dict[str, dict[str, Any]]) -> None:
    print(f"share {share:g} of the nation: " + ", ".join(f"{name} {rows:,}" for name, rows in sizes.items()))
    for name, night in nights.items():
        print(
            f"{name:<6} exit {night['exit']}  {night['seconds']:,.0f} s (bound in proportion {BOUNDS[name] * share:,.0f} s), "
            f"CPU {night['cpu_seconds']:,.0f} s, "
            f"largest process {night['largest_process_bytes'] / 2**30:.2f} GB, disk {night['disk_bytes'] / 2**30:.1f} GB"
        )
        for stage, seconds in sorted(night["stages"].items(), key=lambda item: -item[1])[:12]:
            print(f"       {stage:<36}{seconds:>9.1f} s")
