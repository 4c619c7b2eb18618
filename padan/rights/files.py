"""The files that hold a person's rows, and what becomes of them: archived deliveries, lists that went out, old publications."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.home import VAULT_MODE, Home
from padan.returns.offices import CENTRE
from padan.rights.subject import Subject
from padan.serving import pointed, published_runs
from padan.serving.swap import discard
from schemas.extracts import contracts


@dataclass(frozen=True)
class DeliveredFile:
    """One archived file: whose feed, as of which day, under which name it came."""

    agency: str
    feed: str
    delivery_date: str
    name: str
    sha256: str


def files_of(con: duckdb.DuckDBPyConnection, subject: Subject) -> list[DeliveredFile]:
    """Delivered files in which a row of the subject stood, or a row with its NIK was set aside."""
    found: set[DeliveredFile] = set()
    for (agency, feed), records in subject.records.items():
        table = contracts()[f"{agency}/{feed}"].feed.table
        rows = con.execute(
            f"""
            WITH held AS (
                SELECT delivery_date, source_file FROM raw.{table} WHERE record_id IN (SELECT unnest($ids))
                UNION SELECT delivery_date, source_file FROM quality.quarantine
                WHERE agency = $agency AND feed = $feed AND len(list_filter($niks, lambda nik: contains(raw::VARCHAR, nik))) > 0)
            SELECT DISTINCT t.delivery_date, f.file, f.sha256 FROM held h
            JOIN ledger.taken t ON t.agency = $agency AND t.feed = $feed AND t.delivery_date = h.delivery_date
            JOIN ledger.taken_file f ON f.sequence = t.sequence AND f.file = h.source_file""",
            {"ids": list(records), "agency": agency, "feed": feed, "niks": list(subject.niks)},
        ).fetchall()
        found |= {DeliveredFile(agency, feed, str(date), name, sha) for date, name, sha in rows}
    return sorted(found, key=lambda file: (file.agency, file.feed, file.delivery_date, file.name))


def returned_files(con: duckdb.DuckDBPyConnection, home: Home, subject: Subject) -> list[Path]:
    """What went out about the subject's rows: the lists of the offices that had one, cases at the centre, and cards of the agencies."""
    places: set[tuple[str, str, str]] = set()
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'returns' AND table_name = 'listed'").fetchone():
        places = set(
            con.execute(
                "SELECT agency, periode, wilayah FROM returns.listed WHERE record_id IN (SELECT unnest(?))", [subject.ids]
            ).fetchall()
        )
    patterns = [f"{agency}/daftar/{periode}/{'pusat' if wilayah == CENTRE else wilayah}.*" for agency, periode, wilayah in places]
    agencies = sorted({agency for agency, _ in subject.records})
    patterns += [f"{agency}/daftar/*/pusat.*" for agency in agencies if agency in ("kpai", "ditjenpas")]
    patterns += [f"{agency}/kartu_mutu/*" for agency in agencies]
    return sorted({path for pattern in patterns for path in home.returns.glob(pattern) if path.is_file()})


def erase_files(home: Home, delivered: list[DeliveredFile], returned: list[Path]) -> tuple[str, ...]:
    """Remove archived deliveries, what went out, publications no longer in force, tells which; and what work left lying."""
    archived = [home.archive / f"{file.sha256}{suffix}" for file in delivered for suffix in ("", ".age")]
    gone = []
    for path in (*archived, *returned):
        if path.exists():
            path.unlink()
            gone.append(str(path.relative_to(home.root)))
    for run in published_runs(home.serving) if home.serving.exists() else []:
        if run not in {pointed(home.serving), pointed(home.serving, "stable")}:
            discard(home.serving / run)
            gone.append(f"serving/{run}")
    for work in (home.tmp, home.answers):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=VAULT_MODE)
    return tuple(gone)


def landed_copies(landing: Path, delivered: list[DeliveredFile]) -> tuple[str, ...]:
    """Files in the landing folder with the bytes that were erased: they are the agency's, and for the operator to remove."""
    wanted, found = {file.sha256 for file in delivered}, []
    for file in delivered:
        path = landing / file.agency / file.feed / file.delivery_date / file.name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() in wanted:
            found.append(f"landing/{path.relative_to(landing)}")
    return tuple(sorted(set(found)))
