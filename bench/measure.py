"""Time, processor time and peak memory of one piece of work in a process of its own, and the machine that it ran on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "out"


def machine() -> dict[str, Any]:
    """Processor, cores, memory, load and the versions that a figure depends on."""
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1_000_000
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": memory,
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "splink")},
        "taken": time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime()),
    }


class Largest:
    """The most bytes that one process held."""

    bytes = 0


@contextmanager
def largest_below() -> Iterator[Largest]:
    """The largest process below this one while the block runs, looked at five times a second.

    As the kernel tells it of each: `ru_maxrss` would count what this process held when it started the other.
    """
    largest, over = Largest(), threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            largest.bytes = max(largest.bytes, *(_held(pid) for pid in _below(os.getpid())), 0)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield largest
    finally:
        over.set()
        watcher.join()


def _below(pid: int) -> list[int]:
    children: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += [int(child) for child in path.read_text().split()]
    return children + [below for child in children for below in _below(child)]


def _held(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def apart(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m bench.<module> <arguments>` and take the JSON that it prints last; adds its wall_s, cpu_s and peak_gb.

    Raises:
        SystemExit: it failed.
    """
    start = time.monotonic()
    with largest_below() as largest:
        process = subprocess.Popen([sys.executable, "-m", f"bench.{module}", *arguments], stdout=subprocess.PIPE, text=True)
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench.{module} {' '.join(arguments)}: exit {process.returncode}")
    return {
        **json.loads(output.strip().splitlines()[-1]),
        "wall_s": round(time.monotonic() - start, 2),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_gb": round(largest.bytes / 1e9, 2),
    }


class Stages:
    """Wall and processor seconds of the stages of one process, in order."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, float]] = {}
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def done(self, name: str) -> None:
        """The stage that ends here."""
        wall, cpu = time.monotonic(), time.process_time()
        self.taken[name] = {"wall_s": round(wall - self._wall, 2), "cpu_s": round(cpu - self._cpu, 2)}
        self._wall, self._cpu = wall, cpu


def write(name: str, result: Any) -> Path:
    """Keep a result in bench/out/<name>.json, with the machine."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), "result": result}, indent=1) + "\n")
    return path


def table(rows: list[dict[str, Any]]) -> None:
    """Print rows of equal keys as one table."""
    if not rows:
        return
    cells = [list(rows[0])] + [["" if row[key] is None else str(row[key]) for key in rows[0]] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
