"""Ours against Splink used the plain way and an exact NIK, same records and register: `--register 1000000 --records 10000`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import duckdb

from bench.cases import write_cases
from bench.errors import MODELS
from bench.measure import OUT, apart, table, write
from bench.population import ensure_register
from bench.systems import STANDARD, SYSTEMS
from padan.home import Home

#: Records without a NIK are those that an agency cannot look up by itself.
_GRADED = """
SELECT count(*) FILTER (correct AND p >= {at}) AS right_at, count(*) FILTER (p >= {at}) AS answered, count(t.nik_register) AS held
FROM (SELECT t.*, s.nik, coalesce(a.probability, 0) AS p, coalesce(a.nik = t.nik_register, false) AS correct
    FROM cases.truth t JOIN cases.{standard} s USING (record_id) LEFT JOIN answers.answer a USING (record_id)) t WHERE {among}
"""

# Where a person that the register holds was lost: never compared, too little evidence, or another as likely.
_MISSES = """
SELECT count(*) FILTER (r.record_id IS NULL) AS blocking, count(*) FILTER (r.record_id IS NOT NULL AND a.nik = t.nik_register) AS threshold,
    count(*) FILTER (r.record_id IS NOT NULL AND a.nik <> t.nik_register) AS ambiguous
FROM cases.truth t LEFT JOIN answers.reached r USING (record_id) LEFT JOIN answers.answer a USING (record_id)
WHERE t.nik_register IS NOT NULL AND NOT coalesce(a.nik = t.nik_register AND a.probability >= 0.99, false)
"""


def grade(folder: Path, system: str) -> dict[str, Any]:
    """Precision and recall of `answers_<system>.duckdb` at P 0.9 and 0.99, all records and those without a NIK."""
    con = duckdb.connect()
    con.execute(f"ATTACH '{folder / 'cases.duckdb'}' AS cases (READ_ONLY)")
    con.execute(f"ATTACH '{folder / f'answers_{system}.duckdb'}' AS answers (READ_ONLY)")
    graded: dict[str, Any] = {}
    for among, where in (("", "true"), ("no_nik_", "t.nik IS NULL")):
        for at in (0.9, 0.99):
            right, answered, held = con.execute(_GRADED.format(at=at, standard=STANDARD, among=where)).fetchall()[0]
            graded[f"{among}precision_{at}"] = round(right / answered, 5) if answered else None
            graded[f"{among}recall_{at}"] = round(right / held, 4) if held else None
    if system == "padan":
        links = "(SELECT * REPLACE (CASE decision WHEN 'link' THEN 1 ELSE 0 END AS probability) FROM answers.answer)"
        right, answered, held = con.execute(
            _GRADED.replace("answers.answer", links).format(at=1, standard=STANDARD, among="true")
        ).fetchall()[0]
        graded |= {"link_precision": round(right / answered, 5), "link_recall": round(right / held, 4)}
        graded["misses"] = dict(zip(("blocking", "threshold", "ambiguous"), con.execute(_MISSES).fetchall()[0], strict=True))
    return graded


def prepare(register: int, records: int, errors: str) -> tuple[Path, Path]:
    """The home of a built register of that size, and a folder with the records; both kept for the next run."""
    root = OUT / "data"
    home, folder = root / f"register-{register}", root / f"cases-{register}-{records}-{errors}"
    ensure_register(Home(home), register)
    if not (folder / "cases.duckdb").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(folder / "writing.duckdb")) as con:
            write_cases(con, register, records, errors=MODELS[errors])
        (folder / "writing.duckdb").rename(folder / "cases.duckdb")
    return home, folder


def compare(register: int, records: int, errors: str = "mixed", systems: tuple[str, ...] = tuple(SYSTEMS)) -> list[dict[str, Any]]:
    """Every system in a process of its own, on the same records and register."""
    home, folder = prepare(register, records, errors)
    runs = []
    for system in systems:
        run = apart("systems", system, str(home), str(folder))
        runs.append({**run, "register": register, "records": records, "errors": errors, **grade(folder, system)})
    return runs


def _show(runs: list[dict[str, Any]]) -> None:
    ours = next(run for run in runs if run["system"] == "padan")
    figures = ("precision_0.9", "recall_0.9", "precision_0.99", "recall_0.99", "no_nik_precision_0.99", "no_nik_recall_0.99")
    table(
        [
            {
                "system": run["system"],
                "wall s": run["work_wall_s"],
                "cpu s": run["work_cpu_s"],
                "peak GB": run["peak_gb"],
                "pairs": run["pairs"],
            }
            | {f"x {unit}": round(run[f"work_{unit}_s"] / max(ours[f"work_{unit}_s"], 0.01), 1) for unit in ("wall", "cpu")}
            | {figure.replace("precision", "prec").replace("recall", "rec"): run[figure] for figure in figures}
            for run in runs
        ]
    )
    print(f"ours, links: precision {ours['link_precision']}, recall {ours['link_recall']}; misses at P 0.99: {ours['misses']}")


def main(arguments: list[str]) -> None:
    """One comparison; a register of that size is invented and built at first, apart from what is timed."""
    parser = argparse.ArgumentParser(prog="python -m bench peers")
    parser.add_argument("--register", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--errors", choices=sorted(MODELS), default="mixed")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--fresh", action="store_true", help="invent the register again")
    options = parser.parse_args(arguments)
    if options.fresh:
        shutil.rmtree(OUT / "data" / f"register-{options.register}", ignore_errors=True)
    runs = compare(options.register, options.records, options.errors, tuple(options.systems))
    _show(runs)
    print(write(f"peers-{options.register}-{options.records}-{options.errors}", runs))


def short() -> None:
    """A hundred thousand persons, two thousand records."""
    _show(compare(100_000, 2_000))
