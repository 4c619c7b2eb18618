"""Links a sample in memory, and lays its answers beside the truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bench.accuracy.samples import AS_OF, KEPT, Sample
from padan.config import LinkageConfig, Machine, load_linkage
from padan.linkage import link_institutions, link_persons
from padan.register import Release, ensure_current
from padan.register.build import INDEX_VERSION
from padan.register.release import list_releases

MACHINE = Machine(memory_limit="4GB", threads=2)

# By NIK; by family and birth date where the register has no usable NIK; by family alone where its birth date errs as well.
_RIGHT = """
CREATE TABLE grade.right_person AS
WITH held AS (SELECT record_id, person, register_nik, nik, id_keluarga FROM grade.truth WHERE in_dtsen),
known AS (SELECT h.record_id, h.person, p.person_no FROM held h JOIN r.person p ON p.nik = h.register_nik),
nameless AS (
    SELECT h.record_id, h.person, p.person_no, coalesce(strftime(p.tanggal_lahir, '%d%m%y') = lpad(CAST(CAST(substr(h.nik, 7, 2) AS
        INTEGER) % 40
        AS VARCHAR), 2, '0') || substr(h.nik, 9, 4), false) AS born
    FROM held h JOIN r.attribute a ON a.id_keluarga = h.id_keluarga JOIN r.person p ON p.person_no = a.person_no AND p.nik IS NULL
    WHERE h.record_id NOT IN (SELECT record_id FROM known))
SELECT * FROM known UNION
SELECT record_id, person, person_no FROM nameless QUALIFY born OR NOT bool_or(born) OVER (PARTITION BY record_id)
"""

# One row a record with its truth; `grade.answer` is what every figure is counted from.
_ANSWER = """
CREATE TABLE grade.answer AS
SELECT t.record_id, t.feed, t.person, t.id_keluarga, d.person_id, d.decision, d.reason, d.register_id, d.match_weight,
    h.record_id IS NOT NULL AS held, d.decision = 'link' AS linked,
    coalesce(d.register_id IN (SELECT p.register_id FROM grade.right_person g JOIN r.person p USING (person_no) WHERE g.record_id =
        t.record_id),
        false) AS is_right,
    s.nik IS NOT NULL AS nik_ada, coalesce(s.nik = t.nik, false) AS nik_benar,
    coalesce(h.kode_kecamatan[1:2], s.kode_kabupaten[1:2], '00') AS provinsi, coalesce(h.jenis_kelamin, s.jenis_kelamin, '?') AS kelamin,
    coalesce(date_diff('year', coalesce(h.tanggal_lahir, s.tanggal_lahir), s.tanggal_acuan), -1) AS usia,
    coalesce(h.kata, len(string_split(trim(s.nama), ' '))) = 1 AS satu_kata, coalesce(h.disabilitas, '?') AS disabilitas
FROM grade.truth t JOIN link.decision d USING (record_id) JOIN intermediate.int_person__standardized s USING (record_id)
LEFT JOIN (SELECT g.record_id, min(p.kode_kecamatan) AS kode_kecamatan, min(p.jenis_kelamin) AS jenis_kelamin,
        min(p.tanggal_lahir) AS tanggal_lahir, min(len(p.nama)) AS kata, min(a.disabilitas) AS disabilitas
    FROM grade.right_person g JOIN r.person p USING (person_no) JOIN r.attribute a USING (person_no) GROUP BY 1) h USING (record_id)
"""


@contextmanager
def opened(sample: Sample) -> Iterator[tuple[duckdb.DuckDBPyConnection, Release]]:
    """A connection in memory with the sample's tables under the warehouse's names, its register built by the code of today."""
    for built in list_releases(sample.home):
        if built.index_version != INDEX_VERSION:
            built.path.unlink()  # by older code than today's
    release = ensure_current(sample.home, MACHINE, AS_OF)
    assert release is not None
    con = duckdb.connect(":memory:", config={"threads": MACHINE.threads, "memory_limit": MACHINE.memory_limit})
    try:
        con.execute(f"SET preserve_insertion_order = false; SET temp_directory = '{sample.folder / 'spill'}'")
        con.execute(f"ATTACH '{sample.cases}' AS kept (READ_ONLY)")
        for table in KEPT:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
            con.execute(f"CREATE TABLE {table} AS FROM kept.{table}")  # as the night has them, which numbers records by their place
        con.execute("CREATE SCHEMA grade")
        con.execute(
            """CREATE TABLE grade.truth AS SELECT s.record_id, t.* FROM kept.truth.person t JOIN
                kept.intermediate.int_person__standardized s
            ON s.agency || '.' || s.feed = t.feed AND s.source_row = t.source_row AND (t.source_file IS NULL OR t.source_file =
                s.source_file)"""
        )
        yield con, release
    finally:
        con.close()


def linked(con: duckdb.DuckDBPyConnection, sample: Sample, release: Release, config: LinkageConfig | None = None) -> None:
    """Link persons and institutions as the night does, and make `grade.answer`."""
    config = config or load_linkage(Path(__file__).resolve().parents[2] / "config")
    link_persons(con, sample.home, release, config, "bench", b"bench" * 8)
    link_institutions(con, config, "bench")
    con.execute(f"ATTACH '{release.path}' AS r (READ_ONLY)")
    con.execute(_RIGHT)
    con.execute(_ANSWER)
