"""National indicators as they are told, and their change since the publication before: both sides are public already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from padan.night import Night
from padan.report.tables import Row, percent, there
from padan.serving import current_run
from padan.serving.disclosure import TOLD, forget, hide_small_cells
from padan.serving.policy import policies
from padan.serving.released import keep_released, public_file
from padan.serving.swap import MANIFEST, published_runs
from padan.warehouse import literal
from schemas.sharing.aggregate import CASE_AGENCIES

_NEWEST = """
    tingkat = 'nasional' AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua'
    WINDOW code AS (PARTITION BY indicator_code)
    QUALIFY i.periode = coalesce(max(i.periode) FILTER (length(i.periode) = 4) OVER code, max(i.periode) OVER code)"""
_INDICATORS = f"""
    SELECT indicator_code, nama, i.kategori, i.periode, numerator, denominator, value, lower, upper, i.suppressed, cakupan_sumber
    FROM {{told}} i JOIN marts.indicator_definition d USING (indicator_code) WHERE {_NEWEST} ORDER BY indicator_code, i.kategori"""
_BEFORE = """
    SELECT indicator_code, kategori, periode, value FROM before.marts.indicator
    WHERE tingkat = 'nasional' AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua' AND NOT suppressed"""


def indicators(con: duckdb.DuckDBPyConnection, night: Night) -> list[Row]:
    """Rows of national figures of the newest period, small cells hidden, each with its change since the publication before (or None)."""
    if not there(con, "marts.indicator") or not there(con, "marts.indicator_definition"):
        return []
    with _told(con, night) as told:
        found = con.execute(_INDICATORS.format(told=told)).fetchall()
    before = _published_before(con, night)
    return [(*row, _change(row, before)) for row in found]


@contextmanager
def _told(con: duckdb.DuckDBPyConnection, night: Night) -> Iterator[str]:
    """The figures that tonight's publication tells, or that it would have told."""
    public, settings = public_file(night.home.serving), night.config.disclosure
    if current_run(night.home) == night.run_id:
        con.execute(f"ATTACH {literal(public)} AS tonight (READ_ONLY)")
        try:
            yield "tonight.marts.indicator"
        finally:
            con.execute("DETACH tonight")
        return
    try:
        hide_small_cells(con, "marts.indicator", policies(con, settings), CASE_AGENCIES, settings.threshold_sensitive)
        if not night.config.publication.revise_cases:
            keep_released(con, public, night.as_of, CASE_AGENCIES)
        yield TOLD
    finally:
        forget(con)


def _change(row: Row, before: dict[tuple[str, str, str], float]) -> float | None:
    code, _, kind, period, _, _, value, _, _, hidden, _ = row
    earlier = before.get((code, kind, period))
    return None if hidden or value is None or earlier is None else value - earlier


def _published_before(con: duckdb.DuckDBPyConnection, night: Night) -> dict[tuple[str, str, str], float]:
    """What the publication before this night told the public."""
    path = _file_before(night)
    if path is None:
        return {}
    con.execute(f"ATTACH {literal(path)} AS before (READ_ONLY)")
    try:
        return {(code, kind, period): value for code, kind, period, value in con.execute(_BEFORE).fetchall() if value is not None}
    finally:
        con.execute("DETACH before")


def _file_before(night: Night) -> Path | None:
    for run in published_runs(night.home.serving):
        folder = night.home.serving / run
        if run != night.run_id and json.loads((folder / MANIFEST).read_text())["as_of"] < str(night.as_of):
            path = folder / "publik" / "padan.duckdb"
            return path if path.is_file() else None
    return None


PLACES = {
    "kabupaten": "kabupatennya / own regency",
    "provinsi": "kabupaten atau provinsinya / regency or province",
    "nasional": "di tingkat mana pun / at any level",
}


def disclosure(night: Night, run_id: str | None) -> list[tuple[str, str]]:
    """The rules by which small cells were hidden in the publication in force, and how many that were."""
    settings = night.config.disclosure
    told = [
        ("batas anak per sel / threshold", str(settings.threshold)),
        ("batas kasus anak per sel / threshold of child cases", str(settings.threshold_sensitive)),
        ("indikator kasus / case indicators", "bulan yang sudah tutup, dibulatkan ke lima / closed months, rounded to five"),
        ("penutupan pelengkap / complementary suppression", "ya / yes: sel lain yang akan membuka yang ditutup ikut ditutup"),
    ]
    manifest = night.home.serving / (run_id or "") / MANIFEST
    if run_id and manifest.is_file():
        served = json.loads(manifest.read_text())
        told.append(("sel ditutup / cells hidden", f"{served['hidden_cells']:,} / {served['cells']:,}".replace(",", ".")))
        covered = served.get("coverage", {})
        told += [(f"anak yang selnya terbit: {PLACES[level]}", percent(share)) for level, share in covered.items()]
    return told
