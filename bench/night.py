"""A first real night, landing to published, and the night after: `python -m bench night --share 0.1`.

Share 1 is the nation: 289 million register persons, 20 million PKH rows, 1 million PPKS and 200,000 case rows. Nights are
`padan run` in a process of their own, as an operator runs them; figures are its seconds by stage, its largest process, and disk.
What it says lies in `<folder>/first.log` and `after.log` as it goes. `--lean` is for a disk that does not hold the whole: the
register's file lies once (landing and archive share it), and what nobody reads any more goes as soon as that is so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
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
from padan.home import Home
from padan.intake.archive import digest_of
from padan.register.release import DELIVERED, INDEX, release_folder

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
    parser.add_argument("--lean", action="store_true", help="on a small disk: no second copy of the register's rows")
    parser.add_argument("--resume", action="store_true", help="with the deliveries and the home that lie in the folder")
    options = parser.parse_args(arguments)
    sizes = {name: max(1000, round(rows * options.share)) for name, rows in NATION.items()}
    landing, home = options.folder / "landing", Home(options.folder / "home")
    if not (options.resume and landing.exists()):
        shutil.rmtree(options.folder, ignore_errors=True)
        _deliver(options.folder, landing, sizes)
    if options.lean:
        _share_register(landing, home)
    first, after = options.folder / "first.json", options.folder / "after.log"
    if not (options.resume and first.exists()):
        night = _run(landing, home, FIRST, first.with_suffix(".log"), lean=options.lean)
        if night["exit"] not in (0, 2):
            raise SystemExit("The first night did not publish; --resume goes on with what lies in the folder.")
        first.write_text(json.dumps(night))
    write_next_pkh(landing, FIRST, FOLLOWING, options.folder / "tmp")
    nights = {"first": json.loads(first.read_text()), "after": _run(landing, home, FOLLOWING, after, lean=options.lean)}
    if not options.keep:
        shutil.rmtree(options.folder)
    _show(options.share, sizes, nights)
    write("night", {"share": options.share, "sizes": sizes, "nights": nights, "bounds": BOUNDS})


def short() -> None:
    """A tenth of the nation: some 25 minutes and 12 GB of disk beside what stands in bench/out."""
    main(["--share", "0.1"])


def _deliver(folder: Path, landing: Path, sizes: dict[str, int]) -> None:
    started = time.monotonic()
    write_landing(landing, RELEASE, FIRST, **sizes, tmp=folder / "tmp")
    print(f"deliveries made in {time.monotonic() - started:.0f} s", flush=True)


def _share_register(landing: Path, home: Home) -> None:
    """Lay the register's files into the archive under their hashes as links: PADAN finds them there and makes no copy."""
    home.prepare()
    for file in (landing / "dtsen").glob("*/*/*.parquet"):
        if file.stat().st_nlink == 1:
            (home.archive / digest_of(file)).hardlink_to(file)


def _remove_register_file(landing: Path, home: Home) -> None:
    """What nothing opens once the index stands: the register's files, delivered and archived."""
    for file in (landing / "dtsen").glob("*/*/*.parquet"):
        (home.archive / digest_of(file)).unlink(missing_ok=True)
    shutil.rmtree(landing / "dtsen", ignore_errors=True)


def _run(landing: Path, home: Home, night: dt.date, log: Path, *, lean: bool) -> dict[str, Any]:
    """One night: exit code, wall and CPU seconds, largest process, disk that it took at most, seconds by stage."""
    folders = ("--landing", str(landing), "--home", str(home.root))
    command = [sys.executable, "-m", "pipelines.cli", "run", *folders, "--date", night.isoformat()]
    before, free = resource.getrusage(resource.RUSAGE_CHILDREN), shutil.disk_usage(landing).free
    least, ended = [free], threading.Event()
    release = release_folder(home, RELEASE)
    print(f"padan run of {night}; what it says: {log}", flush=True)

    def watch() -> None:
        while not ended.wait(2):
            least[0] = min(least[0], shutil.disk_usage(landing).free)
            if lean and (release / INDEX).exists():
                (release / DELIVERED).unlink(missing_ok=True)
                _remove_register_file(landing, home)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started = time.monotonic()
    with largest_below() as largest, log.open("a") as said:
        done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, check=False)
    wall = time.monotonic() - started
    ended.set()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = log.read_text()
    print(text[-4500:] if done.returncode else f"{night}: exit 0")
    return {
        "exit": done.returncode,
        "seconds": round(wall, 1),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "largest_process_bytes": largest.bytes,
        "disk_bytes": free - least[0],
        "stages": {m["stage"]: float(m["seconds"].replace(",", "")) for m in _STAGE.finditer(text)},
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
