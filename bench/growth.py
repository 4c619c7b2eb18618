"""How our linkage grows with the register and with the records: `--registers 300000 1000000 --records 1000 10000`."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from bench.measure import OUT, apart, table, write
from bench.peers import grade, prepare

#: Size of the plot, and the room for its axes.
_WIDTH, _HEIGHT, _EDGE = 640, 400, 60


def measure(registers: list[int], records: list[int]) -> list[dict[str, Any]]:
    """One run of the night's linkage for each pair of sizes, in a process of its own."""
    runs = []
    for register in registers:
        for n in records:
            home, folder = prepare(register, n, "mixed")
            run = apart("systems", "padan", str(home), str(folder))
            runs.append({"register": register, "records": n, **run, **grade(folder, "padan")})
    return runs


def _show(runs: list[dict[str, Any]]) -> None:
    figures = ("register", "records", "work_wall_s", "work_cpu_s", "peak_gb", "pairs", "link_precision", "link_recall")
    table([{key: run[key] for key in figures} for run in runs])
    for name, of, at in (("register", "records", "register"), ("records", "register", "records")):
        for size in sorted({run[of] for run in runs}):
            points = sorted((run[at], run["work_cpu_s"]) for run in runs if run[of] == size)
            if len(points) > 1:
                (first, low), (last, high) = points[0], points[-1]
                print(f"{of} {size:,}: CPU seconds grow with {name} to the power {math.log(high / low) / math.log(last / first):.2f}")


def _svg(runs: list[dict[str, Any]]) -> str:
    """CPU seconds against the register's size, a line for each number of records, both axes logarithmic."""
    xs = [math.log10(run["register"]) for run in runs]
    ys = [math.log10(run["work_cpu_s"]) for run in runs]
    left, right, low, high = min(xs), max(max(xs), min(xs) + 0.1), min(ys), max(max(ys), min(ys) + 0.1)

    def at(run: dict[str, Any]) -> str:
        x = _EDGE + (math.log10(run["register"]) - left) / (right - left) * (_WIDTH - 2 * _EDGE)
        y = _HEIGHT - _EDGE - (math.log10(run["work_cpu_s"]) - low) / (high - low) * (_HEIGHT - 2 * _EDGE)
        return f"{x:.0f},{y:.0f}"

    parts = []
    for n in sorted({run["records"] for run in runs}):
        line = sorted((run for run in runs if run["records"] == n), key=lambda run: run["register"])
        parts.append(f'<polyline fill="none" stroke="black" points="{" ".join(at(run) for run in line)}"/>')
        for run in line:
            x, y = at(run).split(",")
            label = f"{run['register']:,} × {n:,}: {run['work_cpu_s']} s"
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="3"/><text x="{x}" y="{int(y) - 6}" font-size="10" text-anchor="middle">{label}</text>'
            )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}">{"".join(parts)}</svg>\n'


def main(arguments: list[str]) -> None:
    """The curves, with JSON and a plot kept."""
    parser = argparse.ArgumentParser(prog="python -m bench growth")
    parser.add_argument("--registers", type=int, nargs="+", default=[300_000, 1_000_000, 3_000_000])
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000])
    options = parser.parse_args(arguments)
    runs = measure(options.registers, options.records)
    _show(runs)
    plot = Path(OUT / "growth.svg")
    print(write("growth", runs))
    plot.write_text(_svg(runs))
    print(plot)


def short() -> None:
    """Two small registers, two numbers of records."""
    _show(measure([30_000, 100_000], [500, 2_000]))
