"""Naming persons, finding changes and writing, at a tenth of a nation's records and of DuckDB's memory: they must spill, not stop.

A first night at full size had answered 21 million records in 4 GB when looking for changes found no room.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from padan.config import InstitutionPolicy, LinkageConfig, Machine, PersonPolicy
from padan.linkage.basis import Basis
from padan.linkage.changes import find_changes, last_run
from padan.linkage.identity import name_entities
from padan.linkage.keepsakes import keepsakes
from padan.linkage.results import write_results
from padan.linkage.rulings import RulingSummary
from padan.linkage.workspace import workspace
from padan.linkage.writing import create_tables
from padan.warehouse import STORED, configure, count_rows

RECORDS, MEMORY = 2_120_000, "400MB"
CONFIG = LinkageConfig(policy_version="uji", person=PersonPolicy(), institution=InstitutionPolicy())
RELEASE, NEXT = "D20261001-", "D20270101-"

#: One record in so many is answered otherwise on the next release.
OTHERWISE = 101

# What linkage holds when all records are answered, as wide as a nation's: one in twenty without a link, one in thirty joined to another.
_ANSWERED = """
CREATE TABLE delivered_file AS SELECT i::INTEGER AS file_no, 'kemensos' AS agency, 'pkh' AS feed, DATE '2026-11-24' AS delivery_date,
    'pkh.csv' AS source_file, hash(i) AS delivery FROM range(12) t(i);
CREATE TABLE everyone AS SELECT i::INTEGER AS rec_no, md5('r' || i) AS record_id, i AS place, (i % 12)::INTEGER AS file_no, i AS source_row,
    hash(i) AS content, NULL::VARCHAR AS barred, hash(i, 3) AS identity, hash(i % 12) AS delivery,
    lpad((hash(i, 9) % 1000000000000000)::VARCHAR, 16, '3') AS nik, (DATE '2010-01-01' + (i % 5000)::INTEGER)::DATE AS lahir
FROM range(1, {records} + 1) t(i);
CREATE TABLE stood AS SELECT rec_no FROM everyone WHERE false;
CREATE TABLE changed AS SELECT rec_no FROM everyone;
CREATE TABLE known_family AS SELECT rec_no, rec_no // 3 AS keluarga, rec_no // 3 AS nik_keluarga FROM everyone;
CREATE TABLE outcome AS SELECT rec_no, person_no, '{release}' || lpad(person_no::VARCHAR, 9, '0') AS best_register_id, 30.0 AS match_weight,
    0.999 AS match_probability, CASE WHEN rec_no % 3 = 0 THEN 12.0 END AS margin,
    CASE WHEN rec_no % 3 = 0 THEN 18.0 END AS runner_up_weight, rec_no % 10 <> 0 AS guarded,
    CASE WHEN unsure THEN 'no_link' ELSE 'link' END AS decision,
    CASE WHEN unsure THEN 'bukti_lemah' ELSE 'nik_cocok' END AS reason
FROM (SELECT rec_no, (hash(rec_no, 5) % 289000000)::INTEGER AS person_no, rec_no % 20 = 0 OR rec_no % {unsure} = 0 AS unsure FROM everyone);
CREATE TABLE decided AS FROM outcome;
CREATE TABLE component AS SELECT rec_no, (CASE WHEN rec_no % 30 = 0 THEN rec_no - 1 ELSE rec_no END)::INTEGER AS component FROM everyone;
CREATE TABLE ruling_state (ruling_id VARCHAR, record_id VARCHAR, ruling VARCHAR, person_no INTEGER, state VARCHAR);
CREATE TABLE ruled_register (person_no INTEGER, register_id VARCHAR);
CREATE TABLE linked_person AS SELECT DISTINCT person_no FROM decided WHERE decision = 'link';
CREATE TABLE newly_named AS SELECT '{release}' || lpad(person_no::VARCHAR, 9, '0') AS register_id, DATE '2026-10-01' AS dtsen_versi,
    'K-' || person_no // 3 AS id_keluarga, 3 AS desil, '32.73.01' AS kode_kecamatan, '32.73' AS kode_kabupaten, 'L' AS jenis_kelamin,
    DATE '2012-01-01' AS tanggal_lahir, 'DTSEN AKTIF' AS status_dtsen, '3' AS hubungan_kepala, '2' AS partisipasi_sekolah,
    '4' AS penglihatan, '4' AS pendengaran, '4' AS berjalan, '4' AS belajar, '4' AS perilaku, '0' AS disabilitas, '1' AS pbi,
    lpad(person_no::VARCHAR, 16, '3') AS nik, substr(sha256(person_no::VARCHAR), 1, 20) AS register_key FROM linked_person;
CREATE VIEW known AS SELECT register_id, register_key FROM newly_named;
INSERT INTO linkage_kept.candidate BY NAME SELECT record_id, best_register_id AS register_id, 1 AS rank, ['nik'] AS rules, match_weight,
    match_probability FROM outcome JOIN everyone USING (rec_no)
"""


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "padan.duckdb"), config=STORED) as warehouse:
        configure(warehouse, Machine(memory_limit=MEMORY), tmp_path / "tmp")
        warehouse.execute("CREATE SCHEMA intermediate; CREATE SCHEMA review")
        warehouse.execute("CREATE TABLE intermediate.int_person__standardized (record_id VARCHAR, agency VARCHAR, feed VARCHAR)")
        warehouse.execute(
            "CREATE TABLE review.ruling (ruling_no BIGINT, record_id VARCHAR, other_record_id VARCHAR, ruling_id VARCHAR, undoes VARCHAR)"
        )
        yield warehouse


def end_of_linkage(con: duckdb.DuckDBPyConnection, folder: Path, release: str, unsure: int) -> None:
    """All that `link_persons` does after `join_records`, but for the register's own rows, which are invented."""
    basis = Basis(release, "model", "program")
    with workspace(con, None) as (work, warehouse), keepsakes(work, folder, basis, release):
        create_tables(work, warehouse)
        last = last_run(work, warehouse)
        work.execute(_ANSWERED.format(records=RECORDS, release=release, unsure=unsure))
        name_entities(work, warehouse, b"k" * 32, release)
        find_changes(work, warehouse, basis, last, release)
        write_results(work, warehouse, CONFIG, release, basis, last, RulingSummary())


@pytest.mark.long
def test_a_first_night_and_one_on_the_next_release_are_written_in_a_tenth_of_the_memory(con, tmp_path) -> None:
    end_of_linkage(con, tmp_path / "answers", RELEASE, unsure=20)
    for table in ("decision", "entity", "memory", "candidate"):
        assert count_rows(con, f"link.{table}") == RECORDS
    assert count_rows(con, "(SELECT DISTINCT person_id FROM link.entity)") == RECORDS - RECORDS // 30
    assert count_rows(con, "link.change") == 0
    named = con.execute("SELECT bit_xor(hash(record_id, person_id)) FROM link.entity").fetchall()
    end_of_linkage(con, tmp_path / "answers", NEXT, unsure=OTHERWISE)
    assert con.execute("SELECT bit_xor(hash(record_id, person_id)) FROM link.entity").fetchall() == named
    otherwise = RECORDS // OTHERWISE - RECORDS // (20 * OTHERWISE)
    assert con.execute("SELECT before_decision, after_decision, cause, count(*) FROM link.change GROUP BY ALL").fetchall() == [
        ("link", "no_link", "register", otherwise)
    ]
