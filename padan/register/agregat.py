"""Children and families of a release in counts, so that denominators over the register cost a night nothing.

One table, `agregat`: one row a (kode_kabupaten, desil, aturan, program). A child is a person under 18 at the release's date.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from padan.register.release import Release
from padan.warehouse import count_rows, literal

#: What makes a child vulnerable as far as DTSEN tells, and the condition on a row of `child`. 'semua' is every child.
RULES: dict[str, str] = {
    "semua": "true",
    "desil_1_4": "desil BETWEEN 1 AND 4",
    "disabilitas": "disabilitas = '1' OR list_has_any([penglihatan, pendengaran, berjalan, belajar, perilaku], ['1', '2'])",
    "tidak_sekolah": "umur BETWEEN 7 AND 17 AND partisipasi_sekolah IN ('1', '3')",
    "bukan_anak_kepala": "hubungan_kepala IS DISTINCT FROM '3'",
}

#: What DTSEN itself says of aid. 'semua' is every child, aided or not.
PROGRAMMES: dict[str, str] = {"semua": "true", "PBI": "pbi = '1'"}

_CELLS = [(rule, programme) for rule in RULES for programme in PROGRAMMES]

_CHILDREN = """
CREATE OR REPLACE TEMP TABLE family_children AS
SELECT kode_kabupaten, desil, {counts} FROM (
    SELECT n.keluarga_no, f.desil, CASE WHEN f.kode_kecamatan IS NOT NULL
        THEN format('{{:02d}}.{{:02d}}', f.kode_kecamatan // 10000, f.kode_kecamatan // 100 % 100) END AS kode_kabupaten,
        n.hubungan_kepala, date_diff('year', n.tanggal_lahir, DATE '{date}')
            - CAST(strftime(n.tanggal_lahir, '%m%d') > '{month_day}' AS INTEGER) AS umur, s.* EXCLUDE (sifat_no)
    FROM named n JOIN family_named f USING (keluarga_no) JOIN sifat s USING (sifat_no)
    WHERE n.tanggal_lahir > DATE '{date}' - INTERVAL 18 YEAR AND n.tanggal_lahir <= DATE '{date}')
GROUP BY keluarga_no, kode_kabupaten, desil
"""


def count_children(con: duckdb.DuckDBPyConnection, segment: int, release: dt.date) -> None:
    """Keep the children of the segment that was read in counts, in the scratch file; a family lies in one segment."""
    counts = ", ".join(
        f"count(*) FILTER (({RULES[rule]}) AND ({PROGRAMMES[programme]})) AS n{i}" for i, (rule, programme) in enumerate(_CELLS)
    )
    con.execute(_CHILDREN.format(date=release.isoformat(), month_day=release.strftime("%m%d"), counts=counts))
    cells = " UNION ALL ".join(
        f"""SELECT kode_kabupaten, desil, '{rule}' AS aturan, '{programme}' AS program, sum(n{i}) AS anak, count(*) AS keluarga
        FROM family_children WHERE n{i} > 0 GROUP BY kode_kabupaten, desil"""
        for i, (rule, programme) in enumerate(_CELLS)
    )
    con.execute(f"CREATE OR REPLACE TABLE scratch.agregat_{segment} AS {cells}")


def create_agregat(con: duckdb.DuckDBPyConnection, segments: int) -> None:
    """Make `agregat(kode_kabupaten, desil, aturan, program, anak, keluarga)`: children, and families with such a child.

    kode_kabupaten and desil are NULL where the release does not tell; a cell without children has no row.
    """
    union = " UNION ALL ".join(f"FROM scratch.agregat_{i}" for i in range(1, segments + 1))
    con.execute(
        f"""CREATE TABLE agregat AS SELECT kode_kabupaten, desil, aturan, program, CAST(sum(anak) AS BIGINT) AS anak,
        CAST(sum(keluarga) AS BIGINT) AS keluarga FROM ({union}) GROUP BY ALL ORDER BY ALL"""
    )


def publish_no_agregat(con: duckdb.DuckDBPyConnection) -> None:
    """Make `register.agregat` without rows, where no release was delivered yet: what reads it finds nothing, not an error."""
    con.execute("CREATE SCHEMA IF NOT EXISTS register")
    con.execute(
        """CREATE TABLE IF NOT EXISTS register.agregat (dtsen_versi DATE, kode_kabupaten VARCHAR, desil INTEGER, aturan VARCHAR,
        program VARCHAR, anak BIGINT, keluarga BIGINT)"""
    )


def publish_agregat(con: duckdb.DuckDBPyConnection, release: Release) -> int:
    """Copy the counts of `release` into the warehouse as `register.agregat`, with the release's dtsen_versi; gives its rows."""
    con.execute("CREATE SCHEMA IF NOT EXISTS register")
    con.execute(f"ATTACH {literal(release.path)} AS release_file (READ_ONLY)")
    try:
        con.execute(
            """CREATE OR REPLACE TABLE register.agregat AS SELECT r.dtsen_versi, a.*
            FROM release_file.agregat a CROSS JOIN release_file.release r ORDER BY ALL"""
        )
    finally:
        con.execute("DETACH release_file")
    return count_rows(con, "register.agregat")
