"""`python -m bench.accuracy`: links populations of several error models and prints what linkage is worth on each."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from bench.accuracy.grades import grades
from bench.accuracy.heldout import HELD_OUT, spoilt
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
    parser.add_argument("--table", type=Path, help="also write the table as Markdown, to lie beside a model's card")
    parser.add_argument("models", nargs="*", default=["biasa", "bersih", "berat", "ketik", "lisan", *HELD_OUT])
    options = parser.parse_args()
    found = {}
    for model in options.models:
        sample = sample_of(options.root, model, options.persons, options.seed)
        found[sample.name] = measured(sample)
        print(line(sample.name, found[sample.name]), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1, default=str) + "\n")
    if options.table:
        options.table.write_text(table(found))


def sample_of(root: Path, model: str, persons: int, seed: int) -> Sample:
    """The population of an error model of `padan synth`, or of one that is held out."""
    if model in HELD_OUT:
        return spoilt(synthetic(root, "tanpa", persons, seed), model, root)
    return synthetic(root, model, persons, seed)


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown, in Indonesian; a model of padan synth may be one that was trained on."""
    rows = [
        "# Hasil uji",
        "",
        "Ditulis oleh `python -m bench.accuracy --table`. Model kesalahan, besar populasi dan benih ada pada namanya; "
        f"{', '.join(f'`{name}`' for name in HELD_OUT)} tidak pernah dilatih. Dalam persen, kecuali F1.",
        "",
        "| populasi | catatan | presisi | recall | tanpa PKH | feed terburuk | NIK tak ada atau salah | tautan salah yang tak terdaftar "
        "| F1 person_id | lembaga: presisi / recall |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, g in found.items():
        shares = ("presisi", "recall", "recall tanpa PKH", "recall NIK tak ada atau salah", "tautan salah yang tak terdaftar")
        p, r, other, without, absent = (f"{100 * g[share]['rate']:.2f}" for share in shares)
        lks = " / ".join(f"{100 * g['lembaga'][part]:.1f}" for part in ("presisi", "recall"))
        worst = f"{100 * g['recall feed terburuk']:.1f}"
        rows.append(
            f"| {name} | {g['catatan']:,} | {p} | {r} | {other} | {worst} | {without} | {absent} | {g['F1 person_id']['F1']:.4f} | {lks} |"
        )
    return "\n".join(rows) + "\n"


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
