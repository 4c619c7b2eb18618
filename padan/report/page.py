"""The page itself: what the other modules found, laid into one file that opens without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from padan.night import Night
from padan.quality.checks import FailingGate, gate_status
from padan.report import checks, figures, flow, linkage, matching, review
from padan.report.plots import stages
from padan.report.tables import number, percent, rows
from padan.serving import current_run
from padan.serving.swap import MANIFEST

_DELIVERIES = """
    SELECT agency || '/' || feed, delivery_date, status, count(file), sum(rows_received)::BIGINT, sum(rows_accepted)::BIGINT,
        sum(rows_quarantined)::BIGINT, sum(rows_duplicate)::BIGINT, reason
    FROM ledger.delivery WHERE run_id = ? GROUP BY agency, feed, delivery_date, status, reason
    ORDER BY agency, feed, delivery_date, status, reason"""
_QUARANTINE = """
    SELECT agency || '/' || feed, rule, count(*) FROM quality.quarantine GROUP BY ALL ORDER BY ALL"""
STATUS = {"accepted": "diterima", "superseded": "digantikan", "history": "riwayat", "refused": "DITOLAK"}


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
    folder = night.home.reports / str(night.as_of)
    folder.mkdir(parents=True, exist_ok=True)
    steps = flow.flow(con)
    found = checks.checks(con, night.run_id, night.as_of)
    page = _page(
        verdict=Verdict(in_force == night.run_id, in_force, gate_status(con, night.run_id)),
        run_id=night.run_id,
        as_of=night.as_of,
        flow=flow.as_rows(steps),
        flow_plot=_flow_plot(steps),
        unlinked=flow.unlinked(con),
        changed=flow.changed(con, night.run_id),
        due=checks.due(con, night.as_of),
        deliveries=rows(con, "ledger.delivery", _DELIVERIES, night.run_id),
        quarantine=rows(con, "quality.quarantine", _QUARANTINE),
        decisions=linkage.decisions(con),
        pairs=matching.pairs(con, night.config.disclosure),
        unlike=matching.unlike(con, night.config.disclosure),
        rates=linkage.rates(con, night.config.disclosure.threshold_sensitive),
        weights=linkage.weights(con, night.linkage),
        accuracy=linkage.accuracy(con, night.run_id),
        review=review.measures(con, night.run_id),
        drift=linkage.drift(found),
        thresholds=linkage.thresholds(night.linkage),
        checks=found,
        dimensions=checks.summary(found),
        suites=checks.suites(folder / "gx"),
        waivers=checks.waivers(con, night.run_id),
        incidents=checks.incidents(con, night.as_of),
        indicators=figures.indicators(con, night),
        disclosure=figures.disclosure(night, in_force),
        versions=_versions(night, in_force),
    )
    fresh = folder / ".index.html"
    fresh.write_text(page)
    return fresh.replace(folder / "index.html")


def _page(**content: object) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["keadaan"] = STATUS
    environment.filters |= {"angka": number, "persen": percent, "permil": lambda share: percent(share, 2)}
    page = environment.from_string((files("padan.report") / "page.html.j2").read_text()).render(**content)
    # What a night did not reach has no section: the contents name what is there.
    links = [f'<a href="#{name}">{title.strip()}</a>' for name, title in re.findall(r'<h2 id="(\w+)">([^<]+)', page)]
    return page.replace("</nav>", "\n".join(links) + "</nav>", 1)


def _flow_plot(steps: list[flow.Step]) -> str:
    if not steps:
        return ""
    total = steps[-1]
    linked = total.nik + total.probabilistik + total.putusan
    return stages(
        "Alur baris malam ini",
        [
            ("diterima", total.diterima),
            ("sah", total.berlaku + total.digantikan),
            ("berlaku", total.berlaku),
            ("catatan orang", total.orang),
            ("bercalon", total.bercalon),
            ("padan", linked),
            ("… dengan NIK", total.nik),
            ("perlu tinjauan", total.tinjau),
            ("belum ditemukan", total.belum),
        ],
    )


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
