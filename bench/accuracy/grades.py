"""What the answers are worth: figures over `grade.answer`, each a count over a count, with what limits them."""

from __future__ import annotations

import math
from typing import Any

import duckdb

#: Records of a group that a rate of it needs to be compared with another group's.
LEAST = 400

GROUPS = {
    "provinsi": "provinsi",
    "kelamin": "kelamin",
    "usia": "CASE WHEN usia < 0 THEN NULL WHEN usia < 6 THEN '0-5' WHEN usia < 12 THEN '6-11' WHEN usia < 18 THEN '12-17' ELSE '18+' END",
    "satu_kata": "CASE WHEN satu_kata THEN 'satu kata' ELSE 'lebih' END",
    "disabilitas": "CASE disabilitas WHEN '1' THEN 'disabilitas' WHEN '0' THEN 'bukan' END",
    "nik": "CASE WHEN nik_benar THEN 'benar' WHEN nik_ada THEN 'salah' ELSE 'tidak ada' END",
}

# Recall of each group, as if every group had the same share of records with a right NIK.
_GAP = """
WITH cell AS (SELECT {by} AS grup, nik_benar, avg(CAST(is_right AS INTEGER)) AS recall, count(*) AS n FROM grade.answer WHERE held
GROUP BY ALL),
share AS (SELECT nik_benar, count(*) / sum(count(*)) OVER () AS share FROM grade.answer WHERE held GROUP BY 1)
SELECT grup, sum(recall * share) / sum(share) AS recall, sum(n) AS n FROM cell JOIN share USING (nik_benar)
WHERE grup IS NOT NULL AND n > 20 GROUP BY grup HAVING sum(n) >= {least} AND count(*) = 2 ORDER BY recall
"""

_FALSE = """
SELECT {by} AS grup, count(*) FILTER (linked AND NOT is_right) AS salah, count(*) FILTER (linked) AS tautan, count(*) FILTER (NOT held
AND linked) AS absen_salah,
    count(*) FILTER (NOT held) AS absen
FROM grade.answer GROUP BY 1 HAVING grup IS NOT NULL AND count(*) FILTER (linked) >= {least} ORDER BY salah / tautan DESC
"""

# Pairs of records, within each person said and each true one.
_PAIRS = """
WITH r AS (SELECT DISTINCT record_id, person, person_id FROM grade.answer),
said AS (SELECT sum(n * (n - 1)) AS pairs FROM (SELECT count(*) AS n FROM r GROUP BY person_id)),
true_ AS (SELECT sum(n * (n - 1)) AS pairs FROM (SELECT count(*) AS n FROM r GROUP BY person)),
both_ AS (SELECT sum(n * (n - 1)) AS pairs FROM (SELECT count(*) AS n FROM r GROUP BY person, person_id))
SELECT both_.pairs / said.pairs AS precision, both_.pairs / true_.pairs AS recall FROM said, true_, both_
"""

_VISITS = """
SELECT count(*) FILTER (t.no_td IS NOT NULL) AS registered, count(*) FILTER (d.decision = 'link') AS linked,
    count(*) FILTER (d.decision = 'link' AND d.no_td = t.no_td) AS right_
FROM kept.truth.visit t JOIN staging.stg_kpai__pengawasan v USING (no_was) JOIN link.institution_decision d USING (record_id)
"""

# The true pair was not found although fewer than five candidates were kept, or although it would outrank the fifth.
_LIMITS = """
SELECT CASE WHEN w.record_id IS NOT NULL THEN 'pasangan benar kalah dari orang lain'
    WHEN c.record_id IS NULL THEN 'pasangan benar tidak ditemukan'
    WHEN c.rank > 1 THEN 'pasangan benar bukan yang terkuat'
    ELSE reason END AS batas, count(*) AS n
FROM grade.answer a LEFT JOIN (SELECT g.record_id, min(c.rank) AS rank FROM grade.right_person g JOIN r.person p USING (person_no)
        JOIN link.candidate c ON c.record_id = g.record_id AND c.register_id = p.register_id GROUP BY 1) c USING (record_id)
    LEFT JOIN (SELECT record_id FROM grade.answer WHERE linked AND NOT is_right) w USING (record_id)
WHERE held AND NOT is_right GROUP BY 1 ORDER BY n DESC
"""

_FEEDS = """
SELECT feed, count(*) AS catatan, count(*) FILTER (linked AND is_right) / nullif(count(*) FILTER (held), 0) AS recall,
    count(*) FILTER (linked AND is_right) / nullif(count(*) FILTER (linked), 0) AS presisi
FROM grade.answer GROUP BY feed ORDER BY recall
"""

# Whom a false link names: a relative of the true person, or somebody else.
_WRONG = """
SELECT held, coalesce(a.id_keluarga = t.id_keluarga, false) AS keluarga, count(*) AS n
FROM grade.answer t JOIN r.person p ON p.register_id = t.register_id JOIN r.attribute a USING (person_no)
WHERE linked AND NOT is_right GROUP BY ALL ORDER BY ALL
"""


def grades(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Every figure of one linked sample: rates, their numerators and denominators, by feed and group."""

    def rate(numerator: str, denominator: str) -> dict[str, Any]:
        counted = f"count(*) FILTER (({numerator}) AND ({denominator})), count(*) FILTER ({denominator})"
        n, d = con.execute(f"SELECT {counted} FROM grade.answer").fetchall()[0]
        return {"n": n, "of": d, "rate": round(n / d, 6) if d else None, "interval": wilson(n, d)}

    precision, recall = con.execute(_PAIRS).fetchall()[0]
    registered, named, right = con.execute(_VISITS).fetchall()[0]
    feeds = _rows(con, _FEEDS)
    return {
        "presisi": rate("is_right", "linked"),
        "recall": rate("is_right", "held"),
        "recall tanpa PKH": rate("is_right", "held AND feed <> 'kemensos.pkh'"),
        "recall feed terburuk": min((f["recall"] for f in feeds if f["recall"] is not None), default=None),
        "recall NIK tak ada atau salah": rate("is_right", "held AND NOT nik_benar"),
        "tautan salah yang tak terdaftar": rate("linked", "NOT held"),
        "F1 person_id": {"presisi": precision, "recall": recall, "F1": 2 * precision * recall / (precision + recall)},
        "lembaga": {"kunjungan": registered, "presisi": _share(right, named), "recall": _share(right, registered)},
        "feed": feeds,
        "selisih recall": {name: _gap(con, by) for name, by in GROUPS.items() if name != "nik"},
        "tautan salah menurut kelompok": {name: _false(con, by) for name, by in GROUPS.items()},
        "batas": _rows(con, _LIMITS),
        "salah": _rows(con, _WRONG),
        "catatan": con.execute("SELECT count(*) FROM grade.answer").fetchall()[0][0],
    }


def _share(n: int, of: int) -> float | None:
    return n / of if of else None


def _gap(con: duckdb.DuckDBPyConnection, by: str) -> dict[str, Any]:
    rows = _rows(con, _GAP.format(by=by, least=LEAST))
    if len(rows) < 2:
        return {"selisih": None}
    return {"selisih": rows[-1]["recall"] - rows[0]["recall"], "terendah": rows[0], "tertinggi": rows[-1]}


def _false(con: duckdb.DuckDBPyConnection, by: str) -> list[dict[str, Any]]:
    rows = _rows(con, _FALSE.format(by=by, least=LEAST))
    return [row | {"selang": wilson(row["salah"], row["tautan"])} for row in rows]


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def wilson(n: int, of: int, z: float = 1.96) -> list[float] | None:
    """95 % interval of a share."""
    if not of:
        return None
    p, q = n / of, z * z / of
    middle, half = p + q / 2, z * math.sqrt(p * (1 - p) / of + q / of / 4)
    return [round(max(0.0, (middle - half) / (1 + q)), 6), round(min(1.0, (middle + half) / (1 + q)), 6)]
