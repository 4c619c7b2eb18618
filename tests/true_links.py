"""The marts of a night as they would be with every link right: its warehouse copied, its decisions replaced by the truth, dbt run again."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
from nights import AS_OF, REPO, RanNight

from padan.dbt_vars import contract_vars

_TRUTH = "CREATE TEMP TABLE truth (agency VARCHAR, feed VARCHAR, file VARCHAR, row BIGINT, person VARCHAR, nik VARCHAR)"
_TRUE_RECORD = """
CREATE TEMP TABLE true_record AS
SELECT d.record_id, t.person, p.register_id FROM link.decision d
JOIN truth t ON t.agency = d.agency AND t.feed = d.feed AND t.row = d.source_row AND coalesce(t.file, d.source_file) = d.source_file
LEFT JOIN (SELECT nik, any_value(register_id) AS register_id FROM dtsen.person GROUP BY nik) p ON p.nik = t.nik"""
_DECIDE = """
UPDATE link.decision SET person_id = 'T' || t.person, register_id = t.register_id, match_weight = 20,
    decision = CASE WHEN t.register_id IS NULL THEN 'no_link' ELSE 'link' END
FROM true_record t WHERE t.record_id = link.decision.record_id"""
_INSTITUTION = """
UPDATE link.institution_decision SET no_td = t.nik, decision = CASE WHEN t.nik IS NULL THEN 'no_link' ELSE 'link' END
FROM truth t WHERE t.agency = link.institution_decision.agency AND t.feed = link.institution_decision.feed || '.lembaga'
    AND t.row = link.institution_decision.source_row"""
#: Cells that both worlds have, of figures that rest on links of persons.
COMPARED = """
SELECT count(*) AS cells, count(*) FILTER (t.value BETWEEN m.lower - 1e-9 AND m.upper + 1e-9) AS covered
FROM met.marts.indicator m
JOIN told.marts.indicator t USING (indicator_code, periode, tingkat, kode_kemendagri, kategori, jenis_kelamin, kelompok_umur)
JOIN met.marts.indicator_definition d USING (indicator_code)
WHERE d.galat IS NOT NULL AND m.denominator >= ? AND t.denominator > 0"""


def true_marts(night: RanNight, folder: Path) -> Path:
    """A copy of the night's warehouse whose marts rest on true links."""
    copy = folder / "true.duckdb"
    shutil.copy(night.home / "warehouse" / "padan.duckdb", copy)
    release = next((night.home / "register").iterdir())
    with duckdb.connect(str(copy)) as con:
        con.execute(f"ATTACH '{release / 'register.duckdb'}' AS dtsen (READ_ONLY)")
        con.execute(_TRUTH)
        con.executemany("INSERT INTO truth VALUES (?, ?, ?, ?, ?, ?)", list(_truth(night.landing.parent / "truth" / str(AS_OF))))
        con.execute(_TRUE_RECORD)
        _know(con)
        con.execute(_DECIDE)
        con.execute(_INSTITUTION)
    environment = {
        **os.environ, "PADAN_AS_OF": str(AS_OF), "PADAN_RUN_ID": "kebenaran", "PADAN_DTSEN_VERSI": release.name,
        "PADAN_WAREHOUSE": str(copy), "PADAN_TMP": str(folder / "tmp"), "DO_NOT_TRACK": "1",
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "--quiet",
        "run",
        "--select",
        "path:models/marts",
        "--vars",
        json.dumps(contract_vars()),
    ]
    project = str(REPO / "dbt_project")
    places = [
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder / "logs"),
    ]
    done = subprocess.run([*command, *places], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    return copy


def _truth(folder: Path) -> Iterator[list[object]]:
    """Agency, feed, file (None where the feed is one), row, person and its NIK in DTSEN; for institutions the NO_TD in place of the NIK."""
    for path in sorted(folder.glob("*.csv")):
        agency, *feed = path.name.removesuffix(".csv").split(".")
        with path.open() as file:
            for row in csv.DictReader(file):
                if "person" in row:
                    known = row["register_nik"] if row["in_dtsen"] == "1" else None
                    yield [agency, feed[0], row.get("source_file"), int(row["source_row"]), row["person"], known or None]
                elif feed[-1] == "lembaga":
                    yield [agency, ".".join(feed), None, int(row["source_row"]), None, row["no_td"] or None]


def _know(con: duckdb.DuckDBPyConnection) -> None:
    """Give link.register_person the register rows that only the truth names."""
    columns = ", ".join(name for (name, *_) in con.execute("DESCRIBE link.register_person").fetchall())
    con.execute(
        f"""INSERT INTO link.register_person BY NAME SELECT {columns} FROM (
            SELECT p.register_id, a.* EXCLUDE (person_no) FROM dtsen.person p JOIN dtsen.attribute a USING (person_no))
        WHERE register_id IN (SELECT register_id FROM true_record) AND register_id NOT IN (SELECT register_id FROM link.register_person)"""
    )


def coverage(night: RanNight, truth: Path, smallest: int = 10) -> tuple[int, int]:
    """Cells of at least so many counted, and those whose bounds hold the true value."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{night.home / 'warehouse' / 'padan.duckdb'}' AS met (READ_ONLY)")
        con.execute(f"ATTACH '{truth}' AS told (READ_ONLY)")
        return con.execute(COMPARED, [smallest]).fetchall()[0]
