"""A mention of an institution against the LKS register, scored again as the night did."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from padan.errors import InputRefused
from padan.linkage.institution_v1.definition import INSTITUTION_V1
from padan.linkage.institutions import REGISTERED, SIDES, prepare_mentions, weigh_mentions
from padan.linkage.scoring import score_pairs
from padan.linkage.why.answer import Candidate, Pair
from padan.linkage.why.pairs import evidence, fetch

REASONS: dict[str, str] = {
    "no_td_cocok": "Nomor tanda daftar sama, dan nama mendukung.",
    "bukti_cukup": "Nama, jenis dan wilayah bersama-sama cukup.",
    "pelari_kedua_dekat": "Dua lembaga terdaftar sama-sama mungkin.",
    "bukti_abu_abu": "Bukti belum cukup untuk tautan, terlalu banyak untuk ditolak.",
    "bukti_lemah": "Calon terbaik terlalu lemah.",
    "tak_ada_calon": "Tidak ada lembaga terdaftar yang sekunci.",
    "tak_ada_pembanding": "Tidak ada nama lembaga yang dapat dibandingkan.",
    "tak_ada_register": "Daftar LKS belum dimuat.",
}

_ROWS = """
SELECT w.*, k.no_td, w.r IN (SELECT r FROM sought) AS found FROM mention_weighed w JOIN lks k ON k.no = w.r ORDER BY rank
"""


def against_lks(
    work: duckdb.DuckDBPyConnection, warehouse: str, no_td: str | None, kept: int, *, reveal: bool
) -> tuple[tuple[Candidate, ...], int, Pair | None, int]:
    """Candidates, how many there were, one pair in full, and how many LKS there are.

    Raises:
        InputRefused: no LKS has that number.
    """
    size = prepare_mentions(work, warehouse)
    asked = None if no_td is None else _number(work, no_td)
    if not size:
        return (), 0, None, 0
    work.execute("CREATE TABLE sought AS SELECT r FROM mention_pair")
    compared = int(work.execute("SELECT count(*) FROM sought").fetchall()[0][0])
    if asked is not None:
        work.execute("INSERT INTO mention_pair SELECT 1, ? WHERE ? NOT IN (SELECT r FROM sought)", [asked, asked])
    trained = INSTITUTION_V1.load()
    score_pairs(work, INSTITUTION_V1, trained, SIDES, "mention_pair", "mention_scored", size=size, prior=REGISTERED / size)
    weigh_mentions(work, size)
    rows = fetch(work, _ROWS)
    row = next((r for r in rows if r["r"] == asked), rows[0] if rows and asked is None else None)
    best = (r for r in rows if r["found"])
    candidates = tuple(Candidate(r["no_td"], i, r["weight"], r["probability"], ()) for i, r in enumerate(best, 1))[:kept]
    return candidates, compared, _pair(work, rows, row, size, reveal=reveal) if row else None, size


def _number(work: duckdb.DuckDBPyConnection, no_td: str) -> int:
    found = work.execute("SELECT no FROM lks WHERE no_td = ?", [no_td]).fetchall()
    if not found:
        raise InputRefused("pembanding_tidak_ada", "tidak ada LKS dengan nomor tanda daftar itu.", todo="Periksa no_td pada kemensos/lks.")
    return int(found[0][0])


def _pair(work: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], row: dict[str, Any], size: int, *, reveal: bool) -> Pair:
    prior = REGISTERED / size
    others = [r["weight"] for r in rows if r is not row and r["found"]]
    whole = sum(r["likely"] for r in rows) + 1 - REGISTERED
    return Pair(
        other=row["no_td"],
        kind="lks",
        compared=row["found"],
        not_compared=None if row["found"] else "tidak pernah dibandingkan: nomor, kata nama dan kabupaten tidak ada yang sama",
        rules=(),
        prior=math.log2(prior / (1 - prior)),
        evidence=evidence(work, INSTITUTION_V1, INSTITUTION_V1.weights(INSTITUTION_V1.load(), size), row, SIDES, reveal=reveal),
        match_weight=row["weight"],
        member_bits=None,
        shares={
            "this": row["likely"] / whole,
            "other_candidates": sum(r["likely"] for r in rows if r is not row) / whole,
            "nobody": (1 - REGISTERED) / whole,
        },
        margin=row["weight"] - max(others) if others else None,
    )
