"""The one queue of doubtful matches: which record, against which register person, why, who may decide it, and which first.

A night makes it anew from its decisions; a case keeps its number and the day on which it was opened as long as it stays doubtful.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

from padan.intake.transaction import transaction
from padan.keys import keyed_hash
from padan.review.rulings import fields_of
from padan.warehouse import append_rows

#: Feeds whose rows say by themselves that a child has a case or lives in an institution: with whom they touch, the centre decides.
CLOSED_FEEDS = ("kemensos/lksa_anak", "kemensos/rumah_aman", "kemensos/atensi")
CLOSED_AGENCIES = ("kpai", "ditjenpas")

_TABLE = """
CREATE SCHEMA IF NOT EXISTS review;
-- Grain: one record and the register person that is in doubt. fields: what the record says of who it is, hashed. centre_only: its own
-- feed tells of a case or an institution, so that no sheet bears it. centre_decides: so does another record of the same person.
CREATE TABLE IF NOT EXISTS review.case (
    case_id VARCHAR, kind VARCHAR, record_id VARCHAR, register_id VARCHAR, runner_up_id VARCHAR, agency VARCHAR, feed VARCHAR,
    kode_kabupaten VARCHAR, centre_only BOOLEAN, centre_decides BOOLEAN, harm INTEGER, settles INTEGER, priority DOUBLE, fields VARCHAR,
    opened_on DATE, run_id VARCHAR);
"""

_COLUMNS = (
    "case_id", "kind", "record_id", "register_id", "runner_up_id", "agency", "feed", "kode_kabupaten", "centre_only", "centre_decides",
    "harm", "settles", "priority", "fields", "opened_on", "run_id",
)  # fmt: skip

# The best candidate of a record in the band, a NIK whose owner bears another name, and a ruling that lapsed or is contradicted. First what
# harms most, and of that what settles most: records of the person that its ruling would find, weighed by how likely it finds any.
# Few of a nation are in doubt: of the others nothing is put together.
_DOUBTS = """
WITH asking AS (
    SELECT record_id, CASE reason WHEN 'nik_milik_orang_lain' THEN 'penjaga_nik' WHEN 'pelari_kedua_dekat' THEN 'pelari_dekat'
        WHEN 'putusan_berbeda' THEN 'bertentangan' WHEN 'putusan_kedaluwarsa' THEN 'kedaluwarsa' ELSE 'abu_abu' END AS kind
    FROM link.decision
    WHERE entity_type = 'person' AND (decision = 'review' OR reason IN ('nik_milik_orang_lain', 'putusan_berbeda'))),
ruled AS (
    SELECT record_id, register_id, state FROM link.ruling_state
    WHERE state IN ('kedaluwarsa', 'bertentangan') AND register_id IS NOT NULL),
best AS (
    SELECT record_id, max(register_id) FILTER (WHERE rank = 1) AS register_id, max(register_id) FILTER (WHERE rank = 2) AS runner_up_id
    FROM link.candidate SEMI JOIN (SELECT record_id FROM asking UNION SELECT record_id FROM ruled) USING (record_id) GROUP BY 1),
doubt AS (
    SELECT record_id, register_id, kind, 1 AS rung FROM asking JOIN best USING (record_id)
    UNION ALL
    SELECT record_id, register_id, state, 0 FROM ruled),
person AS (
    SELECT person_id, count(*) FILTER (WHERE decision <> 'link') AS unlinked,
        bool_or(agency IN (SELECT unnest($agencies)) OR agency || '/' || feed IN (SELECT unnest($feeds))) AS closed
    FROM link.decision SEMI JOIN (SELECT person_id FROM link.decision SEMI JOIN doubt USING (record_id)) USING (person_id)
    WHERE entity_type = 'person' GROUP BY 1),
said AS ({fields}),
asked AS (
    SELECT q.kind, q.record_id, q.register_id, nullif(b.runner_up_id, q.register_id) AS runner_up_id, d.agency, d.feed, s.kode_kabupaten,
        d.agency IN (SELECT unnest($agencies)) OR d.agency || '/' || d.feed IN (SELECT unnest($feeds)) AS centre_only,
        o.closed AS centre_decides,
        CASE WHEN d.agency IN (SELECT unnest($agencies)) THEN 3 WHEN s.anak THEN 2 ELSE 1 END AS harm,
        CASE WHEN q.rung = 0 THEN 1 ELSE coalesce(d.match_probability, 0) END AS chance, o.unlinked, d.person_id, f.fields
    FROM (SELECT * FROM doubt QUALIFY row_number() OVER (PARTITION BY record_id, register_id ORDER BY rung) = 1) q
    JOIN link.decision d USING (record_id) JOIN person o USING (person_id) JOIN said f ON f.key = q.record_id
    JOIN intermediate.int_person__standardized s USING (record_id) LEFT JOIN best b USING (record_id)),
led AS (
    SELECT *, CASE WHEN row_number() OVER (PARTITION BY person_id ORDER BY round(chance, 6) DESC, record_id) = 1
        THEN greatest(unlinked, 1) ELSE 1 END AS settles FROM asked)
SELECT kind, record_id, register_id, runner_up_id, agency, feed, kode_kabupaten, centre_only, centre_decides, harm,
    CAST(settles AS INTEGER), round(harm * settles * (0.05 + chance), 6) AS priority, fields
FROM led ORDER BY record_id, register_id
"""


def create_case_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make `review.case` where it is missing; changes no row."""
    con.execute(_TABLE)
    con.execute("ALTER TABLE review.case ADD COLUMN IF NOT EXISTS centre_decides BOOLEAN")


def case_number(key: bytes) -> Callable[[str, str], str]:
    """What numbers cases, from record id and register id: the same every night, of no use to anyone without the key."""
    return lambda record_id, register_id: f"K-{keyed_hash(key, record_id, register_id)[:12]}"


def build_queue(con: duckdb.DuckDBPyConnection, number: Callable[[str, str], str], as_of: dt.date, run_id: str) -> int:
    """Make the queue anew from the night's decisions; returns how many cases are open.

    Args:
        con: the warehouse, after linkage.
        number: gives a case its number, as `case_number` does.
        as_of: the day on which a new case is opened.
        run_id: the night.
    """
    create_case_table(con)
    opened = {row[0]: row[1] for row in con.execute("SELECT case_id, opened_on FROM review.case").fetchall()}
    doubts = con.execute(
        _DOUBTS.format(fields=fields_of("SELECT DISTINCT record_id AS key, record_id FROM doubt")),
        {"agencies": list(CLOSED_AGENCIES), "feeds": list(CLOSED_FEEDS)},
    ).fetchall()
    cases = []
    for kind, record, register, *rest in doubts:
        case = number(record, register)
        cases.append((case, kind, record, register, *rest, opened.get(case, as_of), run_id))
    with transaction(con):
        con.execute("DELETE FROM review.case")
        append_rows(con, f"review.case ({', '.join(_COLUMNS)})", cases)
    return len(doubts)
