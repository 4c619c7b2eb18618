"""`python -m bench.accuracy`: links populations of several error models and prints what linkage.md's figures are on each."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from bench.accuracy.grades import grades
from bench.accuracy.linking import linked, opened
from bench.accuracy.samples import Sample, synthetic

OUT = Path(__file__).resolve().parents[1] / "out"


def main() -> None:
    """Link each sample and print its line."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--root", type=Path, default=OUT / "samples", help="where samples are kept")
    parser.add_argument("--persons", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--out", type=Path, default=OUT / "accuracy.json")
    parser.add_argument("models", nargs="*", default=["biasa", "bersih", "berat", "ketik", "lisan"])
    options = parser.parse_args()
    found = {}
    for model in options.models:
        sample = synthetic(options.root, model, options.persons, options.seed)
        found[sample.name] = measured(sample)
        print(line(sample.name, found[sample.name]), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1, default=str) + "\n")


def measured(sample: Sample) -> dict[str, Any]:
    """The grades of a sample, and the seconds that linking took."""
    with opened(sample) as (con, release):
        start = time.monotonic()
        linked(con, sample, release)
        seconds = time.monotonic() - start
        return grades(con) | {"detik": round(seconds, 1)}


def line(name: str, g: dict[str, Any]) -> str:
    """One sample in one line; shares in per cent."""
    wrong = g["tautan salah yang tak terdaftar"]
    gaps = " ".join(f"{k} {100 * v['selisih']:.1f}" for k, v in g["selisih recall"].items() if v["selisih"] is not None)
    return (
        f"{name:<20} P {100 * g['presisi']['rate']:.3f} R {100 * g['recall']['rate']:.2f} "
        f"tanpa PKH {100 * g['recall tanpa PKH']['rate']:.2f} feed {100 * g['recall feed terburuk']:.1f} "
        f"tanpa NIK {100 * g['recall NIK tak ada atau salah']['rate']:.2f} absen {wrong['n']}/{wrong['of']} = {100 * wrong['rate']:.2f} "
        f"F1 {g['F1 person_id']['F1']:.4f} LKS {100 * g['lembaga']['presisi']:.1f}/{100 * g['lembaga']['recall']:.1f} | {gaps} "
        f"| {g['detik']} s"
    )


if __name__ == "__main__":
    main()
