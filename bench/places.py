"""Where an invented population lives: every kecamatan of the current edition, peopled unevenly as the provinces are."""

from __future__ import annotations

import hashlib
from itertools import accumulate

import duckdb

from bench.vocabulary import peoples
from schemas import code_lists

#: Cells in which a kecamatan is drawn; the smallest has one.
SLOTS = 65_536

#: Millions of people by province, rounded.
_MILLIONS = {
    "11": 5.4, "12": 15.4, "13": 5.7, "14": 6.7, "15": 3.7, "16": 8.7, "17": 2.1, "18": 9.3, "19": 1.5, "21": 2.2, "31": 10.7,
    "32": 49.9, "33": 37.5, "34": 3.7, "35": 41.5, "36": 12.3, "51": 4.4, "52": 5.5, "53": 5.6, "61": 5.6, "62": 2.8, "63": 4.2,
    "64": 3.9, "65": 0.7, "71": 2.7, "72": 3.1, "73": 9.3, "74": 2.8, "75": 1.2, "76": 1.5, "81": 1.9, "82": 1.3,
}  # fmt: skip
_ELSEWHERE = 0.8


def _uneven(code: str, spread: float) -> float:
    """A size factor of a place, from its code alone: the largest exp(2 × spread) times the smallest."""
    digest = int.from_bytes(hashlib.md5(code.encode()).digest()[:4], "big") / 2**32
    return float(2.718281828 ** (spread * (2 * digest - 1)))


def _sizes() -> dict[str, float]:
    """Kecamatan → relative size: the province's people, over its kecamatan, uneven by regency and by kecamatan."""
    codes = sorted(row["kode"] for row in code_lists.rows("wilayah") if row["tingkat"] == "kecamatan")
    raw = {code: _uneven(code[:5], 0.7) * _uneven(code, 0.9) for code in codes}
    provinces: dict[str, float] = {}
    for code, size in raw.items():
        provinces[code[:2]] = provinces.get(code[:2], 0.0) + size
    return {code: size * _MILLIONS.get(code[:2], _ELSEWHERE) / provinces[code[:2]] for code, size in raw.items()}


def load_places(con: duckdb.DuckDBPyConnection) -> None:
    """Make `tempat(slot, kode_kecamatan, angka, kabupaten, marga, bali)`: SLOTS rows, a kecamatan having as many as it has people."""
    sizes = _sizes()
    total = sum(sizes.values())
    share = (SLOTS - len(sizes)) / total
    ends = [round(end) for end in accumulate(1 + size * share for size in sizes.values())]
    clans = peoples()
    rows = [(code, end, clans.get(code[:2]), code.startswith("51")) for code, end in zip(sizes, ends, strict=True)]
    con.execute("CREATE OR REPLACE TEMP TABLE ujung AS SELECT unnest(?) AS kode_kecamatan, unnest(?) AS ujung, unnest(?) AS marga,"
                " unnest(?) AS bali", [list(column) for column in zip(*rows, strict=True)])  # fmt: skip
    names = {row["kode"]: row["nama"] for row in code_lists.rows("wilayah") if row["tingkat"] in ("kabupaten", "kota")}
    con.execute(
        "CREATE OR REPLACE TEMP TABLE kabupaten AS SELECT unnest(?) AS kode, unnest(?) AS nama", [list(names), list(names.values())]
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE tempat AS SELECT CAST(s.i AS INTEGER) AS slot, u.kode_kecamatan,
        CAST(replace(u.kode_kecamatan, '.', '') AS BIGINT) AS angka, upper(k.nama) AS kabupaten,
        u.marga, u.bali FROM range(?) s(i) ASOF JOIN ujung u ON s.i < u.ujung
        LEFT JOIN kabupaten k ON k.kode = substr(u.kode_kecamatan, 1, 5) ORDER BY 1""",
        [SLOTS],
    )
