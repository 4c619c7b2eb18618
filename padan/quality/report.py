"""The night's report: reports/<date>/index.html, one file that opens without a network. Counts and rule names only.

Belongs here: what the page says. Does not belong here: how it looks (report.html.j2), what a gate is (checks).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from padan.night import Night
from padan.quality.accuracy import KINDS_SHOWN, NAMES, SHOWN
from padan.quality.accuracy import TABLE as ACCURACY
from padan.quality.checks import FailingGate, gate_status
from padan.quality.dot_plot import dot_plot
from padan.serving import current_run
from padan.serving.disclosure import TOLD, forget, hide_small_cells
from padan.serving.policy import policies
from padan.serving.swap import MANIFEST
from schemas.sharing.aggregate import CASE_AGENCIES

Row = tuple[Any, ...]

_DELIVERIES = """
    SELECT agency || '/' || feed, delivery_date, status, rows_received, rows_accepted, rows_quarantined, rows_duplicate, reason
    FROM ledger.delivery WHERE run_id = ? ORDER BY agency, feed, delivery_date, file"""
_QUARANTINE = """
    SELECT agency || '/' || feed, rule, count(*) FROM quality.quarantine GROUP BY ALL ORDER BY ALL"""
_DECISIONS = """
    SELECT agency || '/' || feed, count(*), count(*) FILTER (decision = 'link'), count(*) FILTER (decision = 'review'),
        count(*) FILTER (decision = 'no_link'), count(*) FILTER (decision = 'link') / count(*)
    FROM {table} GROUP BY ALL ORDER BY ALL"""
_CHECKS = """
    SELECT rule_id, table_name, dimension, severity, numerator, denominator, value, passed
    FROM quality."check" WHERE run_id = ? ORDER BY passed, severity, rule_id, table_name"""
_ACCURACY = f"""
    SELECT measure, group_kind, group_value, denominator, value, lower, upper, method FROM {ACCURACY}
    WHERE run_id = ? AND denominator >= {SHOWN} ORDER BY ALL"""
_INDICATORS = f"""
    SELECT indicator_code, nama, i.kategori, i.periode, numerator, denominator, value, lower, upper, i.suppressed, cakupan_sumber
    FROM {TOLD} i JOIN marts.indicator_definition d USING (indicator_code)
    WHERE tingkat = 'nasional' AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua'
    WINDOW code AS (PARTITION BY indicator_code)
    QUALIFY i.periode = coalesce(max(i.periode) FILTER (length(i.periode) = 4) OVER code, max(i.periode) OVER code)
    ORDER BY indicator_code, i.kategori"""


@dataclass(frozen=True)
class Verdict:
    """Whether tonight is in force, and which gates say why not."""

    published: bool
    in_force: str | None
    failing: Sequence[FailingGate]


def render(con: duckdb.DuckDBPyConnection, night: Night) -> Path:
    """Write the report of `night` and return its path; a table that the night did not reach is left out, not guessed.

    Args:
        con: the warehouse.
        night: the run that ended, published or not.
    """
    in_force = current_run(night.home)
    page = _page(
        verdict=Verdict(in_force == night.run_id, in_force, gate_status(con, night.run_id)),
        run_id=night.run_id,
        as_of=night.as_of,
        deliveries=_rows(con, "ledger.delivery", _DELIVERIES, night.run_id),
        quarantine=_rows(con, "quality.quarantine", _QUARANTINE),
        decisions=_rows(con, "link.decision", _DECISIONS.format(table="link.decision")),
        institutions=_rows(con, "link.institution_decision", _DECISIONS.format(table="link.institution_decision")),
        accuracy=_accuracy(con, night.run_id),
        checks=_rows(con, "quality.check", _CHECKS, night.run_id),
        indicators=_indicators(con, night),
        threshold=night.config.disclosure,
        versions=_versions(night, in_force),
    )
    folder = night.home.reports / str(night.as_of)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / ".index.html"
    fresh.write_text(page)
    return fresh.replace(folder / "index.html")


def _page(**content: object) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["keadaan"] = {"accepted": "diterima", "superseded": "digantikan", "history": "riwayat", "refused": "DITOLAK"}
    environment.filters["angka"] = _number
    environment.filters["persen"] = _percent
    environment.filters["permil"] = lambda share: f"{share:.2%}".replace(".", ",")
    return environment.from_string((files("padan.quality") / "report.html.j2").read_text()).render(**content)


def _rows(con: duckdb.DuckDBPyConnection, table: str, query: str, *parameters: object) -> list[Row]:
    return con.execute(query, list(parameters)).fetchall() if _there(con, table) else []


def _there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute("SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", table.split(".")).fetchone()
    return found is not None


def _accuracy(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    """Figures of all records as rows, those of groups as plots; nothing where the night estimated nothing."""
    rows = _rows(con, ACCURACY, _ACCURACY, run_id)
    whole = [
        (NAMES[measure], *rest) for measure, kind, _, *rest, method in rows if kind == "semua" and (measure, method) != ("recall", "twin")
    ]
    plots = [(title, _plot(title, kind, rows)) for kind, title in KINDS_SHOWN.items()]
    return {"whole": whole, "plots": [(title, plot) for title, plot in plots if plot]}


def _plot(title: str, kind: str, rows: list[Row]) -> str:
    dots = [
        (group, value, lower, upper, f"{n} uji")
        for measure, of, group, n, value, lower, upper, method in rows
        if (measure, of, method) == ("recall", kind, "twin")
    ]
    return dot_plot(title, dots) if dots else ""


def _indicators(con: duckdb.DuckDBPyConnection, night: Night) -> list[Row]:
    """National figures of the newest period, as they may be told: the report leaves the vault too."""
    if not _there(con, "marts.indicator") or not _there(con, "marts.indicator_definition"):
        return []
    settings = night.config.disclosure
    try:
        hide_small_cells(con, "marts.indicator", policies(con, settings), CASE_AGENCIES, settings.threshold_sensitive)
        return con.execute(_INDICATORS).fetchall()
    finally:
        forget(con)


def _versions(night: Night, in_force: str | None) -> list[tuple[str, str]]:
    known = [
        ("kode / code", night.code_version),
        ("model / model", night.linkage.person.model_version),
        ("aturan padanan / linkage policy", night.linkage.policy_version),
        ("terbitan yang berlaku / run in force", in_force or "belum ada"),
    ]
    manifest = night.home.serving / (in_force or "") / MANIFEST
    if in_force and manifest.is_file():
        served = json.loads(manifest.read_text())
        known.append(("rilis DTSEN / DTSEN release", served.get("dtsen_versi") or "belum ada"))
        known += [(f"sha256 {name}", digest) for name, digest in served["files"].items() if name.endswith("padan.duckdb")]
    return known


def _number(value: object) -> str:
    """As Indonesians write it: 1.234 and 0,57; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return text.translate(str.maketrans(",.", ".,"))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}".replace(".", ",")
