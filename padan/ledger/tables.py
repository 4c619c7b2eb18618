"""The ledger's tables: what was delivered, what it put out of force, which nights ran, who saw values, what was erased.

Rows are added, never changed, except where a judgement is derived anew from the same deliveries (`replaced`,
`withdrawal_question`) and when a night ends. Times are UTC. `delivery`, the table that others read, is a view: a status such as
`superseded` follows from later deliveries, whatever order they arrived in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_TABLES = """
CREATE SCHEMA IF NOT EXISTS ledger;
CREATE TABLE IF NOT EXISTS ledger.taken (
    sequence BIGINT, delivery_id VARCHAR, agency VARCHAR, feed VARCHAR, delivery_date DATE, digest VARCHAR,
    outcome VARCHAR, rule VARCHAR, reason VARCHAR, late BOOLEAN, notes VARCHAR, taken_at TIMESTAMP, run_id VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.taken_file (
    sequence BIGINT, file VARCHAR, sha256 VARCHAR, size BIGINT, mtime_ns BIGINT, rows_received BIGINT,
    rows_accepted BIGINT, rows_quarantined BIGINT, rows_duplicate BIGINT);
CREATE TABLE IF NOT EXISTS ledger.shared_key (record_id VARCHAR, key_id VARCHAR, agency VARCHAR, feed VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.replaced (
    agency VARCHAR, feed VARCHAR, delivery_date DATE, whole BOOLEAN, scope VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.withdrawal_question (
    agency VARCHAR, feed VARCHAR, delivery_date DATE, would_withdraw BIGINT, in_force BIGINT, absent_scopes BIGINT, answer VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.night (
    run_id VARCHAR PRIMARY KEY, as_of DATE, fingerprint VARCHAR, code VARCHAR, policy VARCHAR, status VARCHAR, exit_code INTEGER,
    started_at TIMESTAMP, finished_at TIMESTAMP);
-- Grain: at most one row: the night that wrote the warehouse last, its last try in Dagster's history, the code and the start of its
-- first; none once something else has written.
CREATE TABLE IF NOT EXISTS ledger.attempt (night_id VARCHAR, run_id VARCHAR, code VARCHAR, began_at TIMESTAMP);
CREATE TABLE IF NOT EXISTS ledger.access (
    seen_at TIMESTAMP, who VARCHAR, record_id VARCHAR, other_id VARCHAR, reason VARCHAR);
-- Grain: one decision to erase. kind: erasure or retention.
CREATE TABLE IF NOT EXISTS ledger.erasure (
    certificate VARCHAR, kind VARCHAR, decided_at TIMESTAMP, basis VARCHAR, document VARCHAR, approver_1 VARCHAR, approver_2 VARCHAR,
    records BIGINT, rows_erased BIGINT, files_erased BIGINT);
-- Grain: one row that may not come back. kind: record (any row of that identity) or content (a case: only that very row).
CREATE TABLE IF NOT EXISTS ledger.tombstone (agency VARCHAR, feed VARCHAR, kind VARCHAR, hash VARCHAR, certificate VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.erased_file (sha256 VARCHAR, certificate VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.key_change (changed_at TIMESTAMP, fingerprint VARCHAR);
CREATE TABLE IF NOT EXISTS ledger.backup (made_at TIMESTAMP, folder VARCHAR, files BIGINT, size BIGINT);
"""

#: Deliveries that count: of one date the newest version, and of the same bytes under several dates the first.
_EFFECTIVE = """
CREATE OR REPLACE VIEW ledger.effective AS
WITH newest AS (
    SELECT * FROM ledger.taken WHERE outcome = 'accepted'
    QUALIFY row_number() OVER (PARTITION BY agency, feed, delivery_date ORDER BY sequence DESC) = 1)
SELECT * FROM newest
QUALIFY row_number() OVER (PARTITION BY agency, feed, digest ORDER BY delivery_date) = 1
"""

_DELIVERY = """
CREATE OR REPLACE VIEW ledger.delivery AS
SELECT t.delivery_id, t.agency, t.feed, t.delivery_date, f.file, f.sha256, f.rows_received, f.rows_accepted, f.rows_quarantined,
    f.rows_duplicate,
    CASE WHEN t.outcome = 'refused' THEN 'refused'
         WHEN t.late THEN 'history'
         WHEN NOT EXISTS (SELECT 1 FROM ledger.effective e WHERE e.sequence = t.sequence)
           OR EXISTS (SELECT 1 FROM ledger.replaced r WHERE r.agency = t.agency AND r.feed = t.feed AND r.whole
                      AND r.delivery_date > t.delivery_date) THEN 'superseded'
         ELSE 'accepted' END AS status,
    t.reason, t.taken_at, t.run_id
FROM ledger.taken t LEFT JOIN ledger.taken_file f USING (sequence)
"""


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the ledger's tables and views where they are missing; changes no row."""
    con.execute(_TABLES)
    con.execute(_EFFECTIVE)
    con.execute(_DELIVERY)
