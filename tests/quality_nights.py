"""A warehouse as the quality gates see it, with one ordinary night in it. Synthetic counts only."""

from __future__ import annotations

import duckdb

from padan.warehouse import SCHEMAS
from schemas.extracts import contracts

FEEDS = [c.feed for c in contracts().values() if c.feed.agency != "dtsen"]
PERSONS = [feed for feed in FEEDS if feed.person]
ROWS = 200


def ordinary(con: duckdb.DuckDBPyConnection, rows: int = ROWS) -> None:
    """Every feed with as many rows; 5 % without a name, 10 % of NIKs invalid, 90 % linked, 5 % in review."""
    for schema in SCHEMAS:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    con.execute("CREATE OR REPLACE TABLE ledger.delivery (agency VARCHAR, feed VARCHAR, status VARCHAR, rows_accepted BIGINT)")
    for feed in FEEDS:
        con.execute(f"CREATE OR REPLACE TABLE raw.{feed.table}__in_force AS SELECT range AS source_row FROM range({rows})")
        con.execute("INSERT INTO ledger.delivery VALUES (?, ?, 'accepted', ?)", [feed.agency, feed.name, rows])
    listed = ", ".join(f"('{feed.agency}', '{feed.name}')" for feed in PERSONS)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE intermediate.int_person__standardized AS
        SELECT f.agency, f.feed, f.agency || f.feed || r.range AS record_id,
            CASE WHEN r.range % 20 <> 0 THEN 'SITI AMINAH ' || r.range END AS nama,
            DATE '2014-07-01' + (r.range * 3)::INTEGER AS tanggal_lahir, 'day' AS tanggal_lahir_precision,
            'P' AS jenis_kelamin, '32.73' AS kode_kabupaten, lpad(r.range::VARCHAR, 16, '3') AS nik,
            CASE WHEN r.range % 10 = 0 THEN 'malformed' WHEN r.range % 7 = 0 THEN 'missing' ELSE 'valid' END AS nik_status
        FROM (VALUES {listed}) f (agency, feed), range({rows}) r
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE link.decision AS
        SELECT agency, feed, record_id, CASE WHEN i < 90 THEN record_id END AS register_id,
            CASE WHEN i < 90 THEN 'link' WHEN i < 95 THEN 'review' ELSE 'no_link' END AS decision,
            (i % 30) - 5.5 AS match_weight
        FROM (SELECT *, hash(record_id) % 100 AS i FROM intermediate.int_person__standardized)
        """
    )
    con.execute("CREATE OR REPLACE TABLE link.register_key AS SELECT 'r1' AS register_id")
    con.execute("CREATE OR REPLACE TABLE link.run AS SELECT 1 AS run_no")
    con.execute(
        """CREATE OR REPLACE TABLE link.change AS SELECT 1 AS run_no, record_id, 'link' AS before_decision, 'link' AS after_decision
        FROM link.decision LIMIT 2"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE link.institution_decision AS SELECT 'kpai' AS agency, 'pengawasan' AS feed, 'link' AS decision
        FROM range(50)"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE intermediate.int_conformity AS SELECT 'kpai' AS agency, 'pengaduan' AS feed, 'klaster' AS kolom,
        100 AS total, 90 AS terisi, 88 AS sesuai"""
    )
    con.execute("CREATE OR REPLACE TABLE staging.stg_kpai__pengaduan AS SELECT 'K' || (1 + range % 4) AS klaster FROM range(200)")
    con.execute(
        """
        CREATE OR REPLACE TABLE marts.indicator AS
        SELECT 'I' || lpad(range::VARCHAR, 2, '0') AS indicator_code, '2026-10' AS periode, 'nasional' AS tingkat, 'semua' AS kategori,
            'semua' AS jenis_kelamin, 'semua' AS kelompok_umur, 100 AS numerator, 200 AS denominator, 0.5 AS value
        FROM range(1, 4)
        """
    )
