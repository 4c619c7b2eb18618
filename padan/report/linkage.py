"""Linkage as RECORD and GUILD ask it: how many are found and in which group, how right, by which thresholds, and whether that drifts."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from padan.config import LinkageConfig
from padan.linkage.drift import BAND_BITS, HIGHEST_BITS, LOWEST_BITS
from padan.quality.accuracy import DRIFT, KINDS_SHOWN, NAMES, SHOWN
from padan.quality.accuracy import TABLE as ACCURACY
from padan.report.dot_plot import dot_plot
from padan.report.plots import bars
from padan.report.tables import Row, rows, there

_DECISIONS = """
    SELECT agency || '/' || feed, count(*), count(*) FILTER (decision = 'link'), count(*) FILTER (decision = 'review'),
        count(*) FILTER (decision = 'no_link'), count(*) FILTER (decision = 'link') / count(*)
    FROM {table} GROUP BY ALL ORDER BY ALL"""
_ACCURACY = f"""
    SELECT measure, group_kind, group_value, denominator, value, lower, upper, method FROM {ACCURACY}
    WHERE run_id = ? AND denominator >= {SHOWN} ORDER BY ALL"""
_WEIGHTS = f"""
    SELECT CAST(least(greatest(floor(match_weight / {BAND_BITS}) * {BAND_BITS}, {LOWEST_BITS}), {HIGHEST_BITS}) AS INTEGER), count(*)
    FROM link.decision WHERE isfinite(match_weight) GROUP BY ALL ORDER BY ALL"""
_BY_GROUP = {
    "Menurut NIK": "CASE WHEN nik_status = 'valid' THEN 'NIK sah' WHEN nik_status = 'missing' THEN 'tanpa NIK' ELSE 'NIK tak sah' END",
    "Menurut jenis kelamin": "coalesce(s.jenis_kelamin, 'tidak diketahui')",
    "Menurut umur": """CASE WHEN s.tanggal_lahir IS NULL THEN 'tidak diketahui' WHEN date_diff('year', s.tanggal_lahir, tanggal_acuan) < 6
        THEN '0-5' WHEN date_diff('year', s.tanggal_lahir, tanggal_acuan) < 13 THEN '6-12'
        WHEN date_diff('year', s.tanggal_lahir, tanggal_acuan) < 18 THEN '13-17' ELSE '18+' END""",
    "Menurut provinsi (kode)": "coalesce(left(s.kode_kabupaten, 2), 'tidak diketahui')",
}
# Records and decisions are put side by side once, however many groups are told.
_CELLS = ", ".join(f'{group} AS "{title}"' for title, group in _BY_GROUP.items())
_RATES = f"""
    WITH cell AS (
        SELECT {_CELLS}, count(*) AS n, count(*) FILTER (decision = 'link') AS linked
        FROM intermediate.int_person__standardized s JOIN link.decision d USING (record_id) GROUP BY ALL)
    SELECT title, name, CAST(sum(n) AS BIGINT), CAST(sum(linked) AS BIGINT)
    FROM (UNPIVOT cell ON COLUMNS(* EXCLUDE (n, linked)) INTO NAME title VALUE name)
    GROUP BY ALL HAVING sum(n) >= ? ORDER BY ALL"""


def decisions(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[Row]]]:
    """Title, its English, and answers by feed, of persons and of institutions."""
    return [
        ("Keputusan padanan orang ke DTSEN", "Person decisions", rows(con, "link.decision", _DECISIONS.format(table="link.decision"))),
        (
            "Keputusan padanan lembaga ke daftar LKS",
            "Institution decisions",
            rows(con, "link.institution_decision", _DECISIONS.format(table="link.institution_decision")),
        ),
    ]


def rates(con: duckdb.DuckDBPyConnection, least: int) -> list[tuple[str, str]]:
    """Share of records linked by group, with its interval, as plots; groups under `least` records are left out."""
    from padan.linkage.intervals import wilson

    if not there(con, "link.decision") or not there(con, "intermediate.int_person__standardized"):
        return []
    dots: dict[str, list[tuple[str, float, float, float, str]]] = {title: [] for title in _BY_GROUP}
    for title, name, n, linked in con.execute(_RATES, [least]).fetchall():
        bounds = wilson(linked / n, n)
        dots[title].append((str(name), bounds.value, bounds.lower, bounds.upper, f"{n}"))
    return [(title, dot_plot(f"Bagian padan. {title}", found)) for title, found in dots.items() if found]


def accuracy(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    """Figures of all records as rows, those of groups as plots; nothing where the night estimated nothing."""
    found = rows(con, ACCURACY, _ACCURACY, run_id)
    whole = [
        (NAMES[measure], *rest) for measure, kind, _, *rest, method in found if kind == "semua" and (measure, method) != ("recall", "twin")
    ]
    plots = [(title, _plot(title, kind, found)) for kind, title in KINDS_SHOWN.items()]
    return {"whole": whole, "plots": [(title, plot) for title, plot in plots if plot]}


def _plot(title: str, kind: str, found: list[Row]) -> str:
    dots = [
        (group, value, lower, upper, f"{n} uji")
        for measure, of, group, n, value, lower, upper, method in found
        if (measure, of, method) == ("recall", kind, "twin")
    ]
    return dot_plot(title, dots) if dots else ""


def weights(con: duckdb.DuckDBPyConnection, policy: LinkageConfig) -> str:
    """Records by the weight of their best candidate, with the two thresholds as weights."""
    found: dict[int, int] = dict(rows(con, "link.decision", _WEIGHTS))
    if not found:
        return ""
    bands = list(range(LOWEST_BITS, HIGHEST_BITS + 1, BAND_BITS))
    places = [
        ((math.log2(p / (1 - p)) - LOWEST_BITS) / BAND_BITS, word)
        for p, word in ((policy.person.review_probability, "tinjau"), (policy.person.link_probability, "padan"))
        if 0 < p < 1
    ]
    return bars("Catatan menurut bobot calon terbaik (bit)", [(str(band), found.get(band, 0)) for band in bands], marks=places)


def drift(checks: list[dict[str, Any]]) -> list[tuple[str, int | None, int | None, bool]]:
    """The rules on drift against the model's card, as they were judged tonight."""
    known = {rule.rule_id: rule.about for rule in DRIFT.values()}
    return [(known[one["rule"]], one["n"], one["d"], one["passed"]) for one in checks if one["rule"] in known]


def thresholds(policy: LinkageConfig) -> list[tuple[str, str]]:
    """What decides, as set in config/linkage.toml."""
    person, institution = policy.person, policy.institution
    return [
        ("padan bila peluang paling sedikit / link at", f"{person.link_probability}"),
        ("tinjau bila peluang paling sedikit / review at", f"{person.review_probability}"),
        ("satu orang bila peluang lebih dari / one person above", f"{person.same_person_probability}"),
        ("lembaga padan / institution link at", f"{institution.link_probability}"),
        ("presisi sasaran / target precision", f"{policy.evaluation.precision_target}"),
    ]
