"""The one queue of doubtful matches: which record, against which register person, why, who may decide it, and which first.

A night makes it anew from its decisions; a case keeps its number and the day on which it was opened as long as it stays doubtful.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

#: Feeds whose rows say by themselves that a child has a case or lives in an institution: with whom they touch, the centre decides.
CLOSED_FEEDS = ("kemensos/lksa_anak", "kemensos/rumah_aman", "kemensos/atensi")
CLOSED_AGENCIES = ("kpai", "ditjenpas")

_TABLE = """
CREATE SCHEMA IF NOT EXISTS review;
-- Grain: one record and the register person that is in doubt. fields: what the record said when the case was opened or last changed.
CREATE TABLE IF NOT EXISTS review.case (
    case_id VARCHAR, kind VARCHAR, record_id VARCHAR, register_id VARCHAR, runner_up_id VARCHAR, agency VARCHAR, feed VARCHAR,
    kode_kabupaten VARCHAR, centre_only BOOLEAN, harm INTEGER, settles INTEGER, priority DOUBLE, fields VARCHAR, opened_on DATE,
    run_id VARCHAR);
"""

# What the reviewer is asked: the best candidate of a record in the band, a NIK whose owner bears another name, and a ruling whose
# record has changed since.
_DOUBTS = """
WITH best AS (
    SELECT record_id, max(register_id) FILTER (WHERE rank = 1) AS register_id, max(register_id) FILTER (WHERE rank = 2) AS runner_up_id
    FROM link.candidate GROUP BY 1),
fields AS (
    SELECT record_id, sha256(CAST(s AS VARCHAR)) AS fields FROM (
        SELECT * EXCLUDE (delivery_date, source_file, source_row, tanggal_acuan) FROM intermediate.int_person__standardized) s),
own AS (
    SELECT d.person_id, count(*) AS records, bool_or(d.agency IN (SELECT unnest($agencies))
        OR d.agency || '/' || d.feed IN (SELECT unnest($feeds))) AS closed
    FROM link.decision d WHERE d.entity_type = 'person' GROUP BY 1)
SELECT CASE d.reason WHEN 'nik_milik_orang_lain' THEN 'penjaga_nik' WHEN 'pelari_kedua_dekat' THEN 'pelari_dekat'
        WHEN 'putusan_berbeda' THEN 'bertentangan' ELSE 'abu_abu' END AS kind,
    d.record_id, b.register_id, b.runner_up_id, d.agency, d.feed, s.kode_kabupaten,
    o.closed AS centre_only,
    CASE WHEN d.agency IN (SELECT unnest($agencies)) THEN 3 WHEN s.anak THEN 2 ELSE 1 END AS harm,
    CAST(o.records AS INTEGER) AS settles,
    -- harm first; then how many records follow the answer, and how open it is
    100 * CASE WHEN d.agency IN (SELECT unnest($agencies)) THEN 3 WHEN s.anak THEN 2 ELSE 1 END
        + 10 * least(o.records, 5) + 10 * (1 - abs(2 * coalesce(d.match_probability, 0.5) - 1)) AS priority,
    f.fields
FROM link.decision d JOIN best b USING (record_id) JOIN own o USING (person_id)
JOIN intermediate.int_person__standardized s USING (record_id) JOIN fields f USING (record_id)
WHERE d.entity_type = 'person' AND (d.decision = 'review' OR d.reason IN ('nik_milik_orang_lain', 'putusan_berbeda'))
ORDER BY d.record_id
"""


def create_case_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make `review.case` where it is missing; changes no row."""
    con.execute(_TABLE)


def build_queue(con: duckdb.DuckDBPyConnection, number: Callable[[str, str], str], as_of: dt.date, run_id: str) -> int:
    """Make the queue anew from the night's decisions; returns how many cases are open.

    Args:
        con: the warehouse, after linkage.
        number: gives a case its number from record id and register id; the same every night, of no use to anyone without the key.
        as_of: the day on which a new case is opened.
        run_id: the night.
    """
    create_case_table(con)
    opened = {row[0]: row[1] for row in con.execute("SELECT case_id, opened_on FROM review.case").fetchall()}
    doubts = con.execute(_DOUBTS, {"agencies": list(CLOSED_AGENCIES), "feeds": list(CLOSED_FEEDS)}).fetchall()
    con.execute("DELETE FROM review.case")
    for kind, record, register, *rest in doubts:
        case = number(record, register)
        con.execute(
            "INSERT INTO review.case VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [case, kind, record, register, *rest, opened.get(case, as_of), run_id],
        )
    return len(doubts)
