"""The card of a trained model: what it was trained on, what it does there, with which thresholds and limits. Counts only, no person.

Belongs here: what is looked at in a training population, and how it is written down. Does not belong here: any estimate (training), the
grades against known truth (bench/accuracy, which adds its table to the card).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from padan.config import LinkageConfig
from padan.linkage.drift import BASELINE, CARD, measure, pool
from padan.linkage.model import Model, Probabilities
from padan.linkage.person_v1.definition import PERSON_V1

#: Size of register that weights are shown for, where they depend on it.
SHOWN_SIZE = 289_000_000

GROUPS: dict[str, str] = {
    "sumber": "agency || '/' || feed",
    "NIK": "CASE WHEN r.nik IS NULL THEN 'tidak ada' ELSE 'ada' END",
    "jenis kelamin": "coalesce(r.jenis_kelamin, 'kosong')",
    "usia": """CASE WHEN r.tanggal_lahir IS NULL THEN 'kosong' WHEN date_diff('year', r.tanggal_lahir, r.tanggal_acuan) < 6 THEN '0-5'
        WHEN date_diff('year', r.tanggal_lahir, r.tanggal_acuan) < 12 THEN '6-11'
        WHEN date_diff('year', r.tanggal_lahir, r.tanggal_acuan) < 18 THEN '12-17' ELSE '18+' END""",
    "nama": "CASE WHEN n.strict IS NULL THEN 'kosong' WHEN len(n.strict) = 1 THEN 'satu kata' ELSE 'lebih' END",
    "provinsi": "coalesce(left(r.kode_kabupaten, 2), 'kosong')",
}

# Expected wrong links: a link of probability p is wrong in 1 - p of the cases, if the model is right about itself.
_GROUP = """
SELECT {by} AS grup, count(*) AS catatan, count(*) FILTER (d.decision = 'link') AS link, count(*) FILTER (d.decision = 'review') AS review,
    coalesce(round(sum(1 - d.match_probability) FILTER (d.decision = 'link'), 4), 0.0) AS salah_terduga
FROM decided d JOIN record r USING (rec_no) LEFT JOIN record_nama n ON n.id = r.rec_no GROUP BY 1 ORDER BY 1
"""

_AS_NIGHT = (
    "CREATE SCHEMA IF NOT EXISTS link",
    """CREATE OR REPLACE VIEW link.decision AS SELECT r.record_id, r.agency, r.feed, d.decision, d.match_weight,
        CASE WHEN d.decision = 'link' THEN d.best_register_id END AS register_id FROM decided d JOIN record r USING (rec_no)""",
    """CREATE OR REPLACE VIEW link.candidate AS SELECT r.record_id, w.* FROM weighed w JOIN record r USING (rec_no)
        WHERE w.rank <= 5""",
)


def look(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the model did to the population in a workspace: counts by group, and what drift is measured against."""
    for statement in _AS_NIGHT:
        con.execute(statement)
    groups = {}
    for name, by in GROUPS.items():
        rows = con.execute(_GROUP.format(by=by)).fetchall()
        groups[name] = {grup: dict(zip(("catatan", "link", "review", "salah_terduga"), counts, strict=True)) for grup, *counts in rows}
    return {"kelompok": groups, BASELINE: measure(con)}


def pooled(seen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Looks at several populations, added up."""
    groups: dict[str, Any] = {name: {} for name in GROUPS}
    for one in seen:
        for name, rows in one["kelompok"].items():
            for grup, counts in rows.items():
                total = groups[name].setdefault(grup, dict.fromkeys(counts, 0))
                for key, value in counts.items():
                    total[key] = round(total[key] + value, 4)
    return {"kelompok": groups, BASELINE: pool(one[BASELINE] for one in seen)}


def write_card(folder: Path, model: Model, trained: Probabilities, facts: dict[str, Any], config: LinkageConfig) -> None:
    """Write card.json, card.md and Splink's charts (one HTML file each, nothing loaded from elsewhere) into `folder`."""
    (folder / CARD).write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")
    (folder / "card.md").write_text(_text(model, trained, facts, config))
    _charts(folder, model, trained)


def _text(model: Model, trained: Probabilities, facts: dict[str, Any], config: LinkageConfig) -> str:
    policy = config.person if model is PERSON_V1 else config.institution
    thresholds = "\n".join(f"| `{key}` | {value} |" for key, value in policy.model_dump().items())
    lines = [
        f"# Kartu model {model.version}",
        "",
        "Ditulis oleh `padan train`; tidak memuat data orang. *Model card, written by `padan train`: counts only.*",
        "",
        "## Data latih",
        "",
        "| populasi | rilis DTSEN | orang di register | catatan | putaran EM | gerak terakhir (bit) |",
        "|---|---|---|---|---|---|",
        *(
            f"| {p['nama']} | {p['rilis']} | {p['register']:,} | {p['catatan']:,} | {p['putaran']} | {p['gerak']} |"
            for p in facts["populasi"]
        ),
        "",
        f"Versi: {', '.join(f'{name} {version}' for name, version in sorted(facts['versi'].items()))}.",
        "",
        _WHY,
        "",
        "## Ambang (config/linkage.toml)",
        "",
        "| kunci | nilai |",
        "|---|---|",
        thresholds,
        "",
        *_weights(model, trained),
        *_groups(facts.get("kelompok", {})),
        _LIMITS,
    ]
    return "\n".join(lines)


_WHY = """## Cara belajar

Tanpa kebenaran: u dihitung dari frekuensi register untuk nilai yang sama dan dari pasangan acak untuk tingkat lain; m dari EM
atas calon, mulai dari pasangan yang NIK, nama dan tanggal lahirnya saling menguatkan. Langkah E adalah keputusan malam itu
sendiri: satu orang atau tidak seorang pun. Kemiripan saudara dan anak kembar diukur pada register, bukan dikira. Hitungan semua
populasi dijumlahkan."""

_LIMITS = """## Batas

- "Salah terduga" adalah jumlah 1 - p atas semua tautan: benar sejauh model benar tentang dirinya. Kebenaran diukur oleh
  `python -m bench.accuracy` atas populasi dengan model kesalahan yang tidak dilatih, dan tiap malam oleh catatan umpan dan
  kembaran tanpa NIK.
- Ditetapkan, tidak dipelajari: bagian orang yang ada di register (`register_coverage`), bagian yang keluarganya terdaftar bila
  orangnya tidak (0,8), NIK saudara disalin seperduapuluh kali NIK orang tua, dan u dari NIK dan KK (mengecil menurut besar
  register).
- Nama satu kata tanpa NIK dan tanggal lahir tidak dapat dibedakan di register sebesar negara: jawabannya tinjau, bukan tautan.
"""


def _weights(model: Model, trained: Probabilities) -> list[str]:
    rows = []
    for comparison, bits in zip(model.comparisons, model.weights(trained, SHOWN_SIZE).values(), strict=True):
        for level in comparison.levels:
            m, u = trained[comparison.name][level.code]
            rows.append(f"| {comparison.title} | {level.name} | {m:.4g} | {u:.4g} | {bits[level.code]:+.1f} |")
    note = f"Bobot dalam bit untuk register {SHOWN_SIZE:,} orang, sebelum kelangkaan nilainya."
    return ["## Bobot", "", note, "", "| pembanding | tingkat | m | u | bit |", "|---|---|---|---|---|", *rows, ""]


def _groups(groups: dict[str, Any]) -> list[str]:
    if not groups:
        return []
    head = "| kelompok | | catatan | link | review | salah terduga per 1.000 tautan |"
    lines = ["## Keputusan atas data latih", "", head, "|---|---|---|---|---|---|"]
    for name, rows in groups.items():
        for grup, n in sorted(rows.items()):
            wrong = f"{1000 * n['salah_terduga'] / n['link']:.2f}" if n["link"] else "-"
            lines.append(f"| {name} | {grup} | {n['catatan']:,} | {_share(n, 'link')} | {_share(n, 'review')} | {wrong} |")
    return [*lines, ""]


def _share(counts: dict[str, Any], decision: str) -> str:
    return f"{100 * counts[decision] / counts['catatan']:.1f} %"


def _charts(folder: Path, model: Model, trained: Probabilities) -> None:
    """Match weights and m, u as Splink draws them: level names and probabilities, no data."""
    import logging

    from splink import DuckDBAPI, Linker

    with duckdb.connect(":memory:") as con:
        for side in ("a", "b"):
            con.execute(f"CREATE TABLE {side} AS SELECT 1 AS unique_id")
        api = DuckDBAPI(con)
        tables = [api.register(side, dataset_display_name=side) for side in ("a", "b")]
        settings = model.settings(trained, SHOWN_SIZE, 1 / SHOWN_SIZE)
        linker: Any = Linker(tables, settings, log_level=logging.ERROR, validate_settings=False)
        linker.visualisations.match_weights_chart().save(str(folder / "bobot.html"), inline=True)
        linker.visualisations.m_u_parameters_chart().save(str(folder / "m_u.html"), inline=True)
