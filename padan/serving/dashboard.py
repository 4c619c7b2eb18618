"""`dashboard.html` beside the public file: trends, gaps by place and the child's journey, from its published cells alone.

One page that opens without a network; what it draws is in it. Belongs here: what the page is told. Does not belong here: which cells
may be told (disclosure), how they look (dashboard.html.j2).
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from padan.serving.build import FILE

PAGE = "dashboard.html"
_EVERYONE = "jenis_kelamin = 'semua' AND kelompok_umur = 'semua'"
_DEFINITIONS = """
SELECT indicator_code AS kode, nama, rumus, satuan, sumber, baseline, target FROM marts.indicator_definition ORDER BY 1"""
# The newest period of each indicator: its year where it has one, as `marts.indikator_terbaru`.
_NEWEST = f"""
SELECT * FROM marts.indicator WHERE {_EVERYONE}
WINDOW same AS (PARTITION BY indicator_code)
QUALIFY periode = coalesce(max(periode) FILTER (length(periode) = 4) OVER same, max(periode) OVER same)"""
_NATION = f"""
SELECT indicator_code, periode, kategori, numerator, denominator, value, lower, upper, suppressed
FROM ({_NEWEST}) WHERE tingkat = 'nasional'
ORDER BY indicator_code, kategori <> 'semua', kategori"""
# A place is told for the whole ('semua'), or for the one category that stands for it.
_PLACES = f"""
SELECT indicator_code, kode_kemendagri, numerator, denominator, value, lower, upper FROM ({_NEWEST}) n
WHERE tingkat <> 'nasional' AND kode_kemendagri NOT LIKE '00%'
    AND (kategori = 'semua' OR NOT EXISTS (SELECT 1 FROM marts.indicator s
        WHERE s.indicator_code = n.indicator_code AND s.kategori = 'semua' AND s.kode_kemendagri = 'ID'))
QUALIFY kategori = min(kategori) OVER (PARTITION BY indicator_code)
ORDER BY indicator_code, kode_kemendagri"""
_TREND = f"""
SELECT indicator_code, kategori, periode, value, lower, upper FROM marts.indicator
WHERE tingkat = 'nasional' AND length(periode) = 7 AND {_EVERYONE} ORDER BY indicator_code, kategori <> 'semua', kategori, periode"""
_REGIONS = "SELECT kode, nama FROM marts.wilayah WHERE sampai IS NULL AND tingkat <> 'kecamatan' ORDER BY kode"
#: The journey, step by step: title, indicator, and which of its two counts.
JOURNEY = (
    ("Pengaduan tentang anak", "I27", "denominator"),
    ("Dirujuk ke layanan", "I11", "denominator"),
    ("Rujukan terlihat sampai", "I11", "numerator"),
    ("Dilayani dalam 3 hari", "I28", "numerator"),
    ("Pengaduan selesai", "I27", "numerator"),
)


def write_dashboard(folder: Path, about: dict[str, str | None]) -> Path:
    """Write the page from the finished public file in `folder`; returns it.

    Args:
        folder: where the file lies.
        about: run_id, as_of, dtsen_versi and versions, as in the file.
    """
    from jinja2 import Environment, StrictUndefined

    with duckdb.connect(str(folder / FILE), read_only=True) as con:
        told = _told(con)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files("padan.serving") / "dashboard.html.j2").read_text())
    # `<` cannot end the script element from inside a name.
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = folder / PAGE
    known = {name: about.get(name) for name in ("run_id", "as_of", "dtsen_versi")}
    page.write_text(template.render(data=data, nation=_headlines(told), journey=told["journey"], **known))
    return page


def _told(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    nation = _rows(con, _NATION)
    regions = dict(con.execute(_REGIONS).fetchall())
    places = con.execute(_PLACES).fetchall()
    return {
        "definitions": {row["kode"]: row for row in _rows(con, _DEFINITIONS)},
        "nation": nation,
        "places": places,
        "regions": {code: regions[code] for code in sorted({row[1].removesuffix(".*") for row in places}) if code in regions},
        "trend": con.execute(_TREND).fetchall(),
        "journey": _journey(nation),
    }


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _journey(nation: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps with their counts; one that is hidden or has no data stays, without a number."""
    whole = {row["indicator_code"]: row for row in nation if row["kategori"] == "semua"}
    counts = [(title, code, whole.get(code, {}).get(which)) for title, code, which in JOURNEY]
    most = max((n for _, _, n in counts if n is not None), default=0)
    return [{"title": title, "code": code, "n": n, "share": (n or 0) / most if most else 0.0} for title, code, n in counts]


def _headlines(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, **told["definitions"][row["indicator_code"]]} for row in told["nation"]]
