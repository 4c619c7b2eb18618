"""The night's publication: every audience's file built beside the old ones, checked, and put in force in one step."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from padan.config import PadanConfig
from padan.errors import Defect
from padan.home import Home
from padan.serving import swap
from padan.serving.build import build_audience, own_rows
from padan.serving.coverage import coverage
from padan.serving.dashboard import write_dashboard
from padan.serving.dictionary import write_dictionary
from padan.serving.disclosure import forget, hide_small_cells
from padan.serving.policy import policies
from padan.serving.pseudonym import forget_pseudonyms, make_pseudonyms
from padan.serving.released import PUBLIC, keep_released, public_file
from padan.serving.verify import verify
from schemas.sharing import AUDIENCES, Audience, breaches
from schemas.sharing.aggregate import CASE_AGENCIES


@dataclass(frozen=True)
class Publication:
    """What was put in force. `rows`: by audience and `schema.table`; `hidden_cells` of `cells` indicator rows are hidden.

    `coverage`: share of counted children with a published cell at the regency, there or at the province, there or at the nation.
    """

    run_id: str
    folder: Path
    rows: dict[str, dict[str, int]]
    cells: int
    hidden_cells: int
    removed: tuple[str, ...] = ()
    coverage: dict[str, float] = field(default_factory=dict)

    def file(self, audience: str) -> Path:
        """The file that this audience opens."""
        return self.folder / audience / "padan.duckdb"


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    config: PadanConfig,
    *,
    run_id: str,
    as_of: dt.date,
    versions: Mapping[str, str | None],
    progress: Callable[[str], None] = lambda step: None,
) -> Publication:
    """Build, verify and put in force the files of all audiences; the run before stays on disk, and open for its readers.

    A run that is in force already is returned as it is. Killed anywhere, the old run or the new one is in force, whole.

    Args:
        con: the warehouse. Only temporary tables are made in it.
        home: where serving/ and keys/ lie. Hold the lock.
        config: thresholds, and how many runs to keep.
        run_id: the night's run; name of its folder.
        as_of: the as-of date.
        versions: dtsen_versi, code_version, model_version, policy_version.
        progress: told each step before it begins.

    Raises:
        GateFailed: a file is not what schemas.sharing promises; nothing is put in force.
        Defect: the list itself breaks its rules, or a promised mart is missing.
    """
    broken = [fault for audience in AUDIENCES.values() for fault in breaches(audience)]
    if broken:
        raise Defect(f"schemas/sharing melanggar aturannya: {'; '.join(broken)}.", holds="Terbitan terakhir tetap berlaku.")
    swap.sweep(home.serving)
    if swap.pointed(home.serving) == run_id:
        return _read_back(home.serving / run_id)
    unfinished = home.serving / f"{swap.UNFINISHED}build-{run_id}"
    about = {"run_id": run_id, "as_of": str(as_of), **versions}
    publication = _build(con, home, config, unfinished, about, progress)
    progress("segel")
    _write_manifest(unfinished, about, publication)
    swap.seal(unfinished, {name: group for name, group in config.access.serving_groups.items() if name in AUDIENCES})
    progress("tempatkan")
    swap.discard(home.serving / run_id)
    swap.place(unfinished, home.serving / run_id)
    progress("berlakukan")
    swap.point(home.serving, run_id)
    progress("rapikan")
    removed = swap.prune(home.serving, config.publication.keep_runs)
    return replace(publication, folder=home.serving / run_id, removed=tuple(removed))


def current_run(home: Home) -> str | None:
    """The run in force, or None before the first publication."""
    return swap.pointed(home.serving)


def _build(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    config: PadanConfig,
    folder: Path,
    about: Mapping[str, str | None],
    progress: Callable[[str], None],
) -> Publication:
    run_id = str(about["run_id"])
    progress("tutup sel kecil")
    rules = policies(con, config.disclosure)
    hidden = hide_small_cells(con, "marts.indicator", rules, CASE_AGENCIES, config.disclosure.threshold_sensitive)
    covered, rows = coverage(con), {}
    try:
        if not config.publication.revise_cases:
            keep_released(con, public_file(home.serving), dt.date.fromisoformat(str(about["as_of"])), CASE_AGENCIES)
        for audience in AUDIENCES.values():
            progress(f"bangun {audience.name}")
            make_pseudonyms(con, home.keys, audience.name, _person_sources(audience))
            rows[audience.name] = build_audience(con, audience, folder / audience.name, run_id, {**about, "audience": audience.name})
            write_dictionary(folder / audience.name, audience, dict(about))
            if audience.name == PUBLIC:
                write_dashboard(folder / audience.name, dict(about))
            progress(f"periksa {audience.name}")
            verify(folder / audience.name, audience, rows[audience.name])
    finally:
        forget(con)
        forget_pseudonyms(con)
    return Publication(run_id, folder, rows, rows["publik"]["marts.indicator"], hidden, coverage=covered)


def _person_sources(audience: Audience) -> list[str]:
    return [own_rows(table) for table in audience.tables if table.has_persons]


def _write_manifest(folder: Path, about: Mapping[str, str | None], publication: Publication) -> None:
    """Hash every file of the run; the manifest is written last and is what makes a run complete."""
    files = {str(path.relative_to(folder)): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {
        **about,
        "published_at": dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
        "rows": publication.rows,
        "cells": publication.cells,
        "hidden_cells": publication.hidden_cells,
        "coverage": publication.coverage,
        "files": files,
    }
    (folder / swap.MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))


def _read_back(folder: Path) -> Publication:
    manifest = json.loads((folder / swap.MANIFEST).read_text())
    counts = manifest["rows"], manifest["cells"], manifest["hidden_cells"]
    return Publication(manifest["run_id"], folder, *counts, coverage=manifest.get("coverage", {}))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
