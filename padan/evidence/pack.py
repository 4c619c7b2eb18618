"""What goes into a night's pack, and the zip itself: the same content is the same bytes."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from padan.evidence.form import CHECKS, INCIDENTS, MANIFEST, WAIVERS, canonical, file_sha256, is_pack, sha256
from padan.linkage.digest import decision_digest, institution_digest
from padan.night import Night
from padan.serving import current_run
from padan.serving.swap import MANIFEST as SERVED

#: The earliest moment that a zip can hold: a pack's bytes do not tell when it was written.
_EPOCH = (1980, 1, 1, 0, 0, 0)

_CHECKS = """
SELECT c.rule_id, c.table_name, c.dimension, c.severity, c.numerator, c.denominator, c.passed, r.question, r.counts, r.owner, r.tool
FROM quality."check" c LEFT JOIN quality.rule r USING (rule_id, table_name) WHERE c.run_id = ? ORDER BY ALL"""

# A file is named by its hash: what an agency calls it may be a person's name.
_DELIVERIES = """
SELECT delivery_id, agency, feed, delivery_date, sha256, rows_received, rows_accepted, rows_quarantined, rows_duplicate, status
FROM ledger.delivery ORDER BY ALL"""

_TABLES = {
    WAIVERS: ("quality", "waiver", "SELECT * FROM quality.waiver WHERE run_id = ? ORDER BY ALL"),
    INCIDENTS: ("quality", "incident", "SELECT * FROM quality.incident WHERE closed_run IS NULL AND ? IS NOT NULL ORDER BY ALL"),
}


def night_manifest(con: duckdb.DuckDBPyConnection, night: Night, verdict: str, failing: list[str]) -> dict[str, Any]:
    """What the night was made of and what came of it: hashes, versions, counts; no value of a person."""
    digests = {
        "person": decision_digest(con) if _there(con, "link", "decision") else "",
        "institution": institution_digest(con) if _there(con, "link", "institution_decision") else "",
    }
    return {
        "run_id": night.run_id,
        "as_of": str(night.as_of),
        "verdict": verdict,
        "failing_gates": failing,
        "code_version": night.code_version,
        "lock_file": file_sha256(night.project / "requirements.lock"),
        "config": {path.name: file_sha256(path) for path in sorted((night.project / "config").glob("*.toml"))},
        "model": {
            "version": night.linkage.person.model_version,
            **{path.parent.name: file_sha256(path) for path in sorted((night.project / "padan" / "linkage").glob("*_v*/trained.json"))},
        },
        "policy_version": night.linkage.policy_version,
        "deliveries": _rows(con, _DELIVERIES) if _there(con, "ledger", "delivery") else [],
        "decisions": digests,
        "published": _published(night),
    }


def night_tables(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, bytes]:
    """Checks, waivers and open incidents of the night, as files of the pack."""
    files = {name: _lines(_rows(con, query, run_id)) for name, (schema, table, query) in _TABLES.items() if _there(con, schema, table)}
    if _there(con, "quality", "check") and _there(con, "quality", "rule"):
        files[CHECKS] = _lines(_rows(con, _CHECKS, run_id))
    return files


def folder_files(folder: Path) -> dict[str, Path]:
    """Every file in a night's folder that is no pack, by its path there."""
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in found if not (path.parent == folder and is_pack(path.name))}


def write_zip(path: Path, manifest: Mapping[str, Any], folder: Path, tables: Mapping[str, bytes]) -> str:
    """Write a pack of the folder's files and `tables`; the manifest names the hash of each. Returns the pack's hash."""
    laid = {name: file.read_bytes() for name, file in folder_files(folder).items()}
    content = {f"{name}": data for name, data in tables.items()} | {f"files/{name}": data for name, data in laid.items()}
    whole = {**manifest, "content": {name: sha256(data) for name, data in content.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for name, data in sorted({MANIFEST: canonical(whole), **content}.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, data)
    return file_sha256(path)


def _published(night: Night) -> dict[str, Any]:
    """The run in force, its DTSEN release, and the hashes of its files."""
    in_force = current_run(night.home) or ""
    served = night.home.serving / in_force / SERVED
    about = json.loads(served.read_text()) if in_force and served.is_file() else {}
    return {"in_force": in_force, "dtsen_versi": about.get("dtsen_versi") or "", "files": about.get("files", {})}


def _there(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?"
    return con.execute(found, [schema, table]).fetchone() is not None


def _rows(con: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[dict[str, Any]]:
    cursor = con.execute(query, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _lines(rows: list[dict[str, Any]]) -> bytes:
    """A JSON array, one row a line: a person can read it too."""
    return b"[" + b",\n ".join(canonical(row) for row in rows) + b"]\n"
