"""A past night performed again from the archive: what it was made of, laid out anew, and whether the decisions come out the same.

Belongs here: finding the night, its deliveries, rulings and digests. Does not belong here: running a night (pipelines).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.errors import InputRefused
from padan.evidence.form import CHAIN, MANIFEST, file_sha256, is_pack
from padan.home import Home
from padan.intake.archive import Archive
from padan.linkage.digest import decision_digest, institution_digest
from padan.warehouse import literal

#: Deliveries that the night counted with: of one feed and date the version that was newest then.
_TAKEN = """
SELECT agency, feed, delivery_date, file, sha256 FROM ledger.taken t JOIN ledger.taken_file f USING (sequence)
WHERE outcome = 'accepted' AND taken_at <= $until
QUALIFY sequence = max(sequence) OVER (PARTITION BY agency, feed, delivery_date)
ORDER BY ALL"""


@dataclass(frozen=True)
class PastNight:
    """A night as its evidence tells it. `manifest`: of its pack."""

    as_of: dt.date
    run_id: str
    finished_at: dt.datetime
    manifest: dict[str, Any]

    @property
    def digests(self) -> dict[str, str]:
        """Decision digests of persons and institutions."""
        return dict(self.manifest["decisions"])


@dataclass(frozen=True)
class Rebuilt:
    """What came of performing it again. `differs`: what was no longer as it was then: code, lock file, settings, models."""

    same: bool
    expected: dict[str, str]
    found: dict[str, str]
    differs: tuple[str, ...]


def last_as_of(con: duckdb.DuckDBPyConnection) -> dt.date:
    """The day of the newest night, whose tables the warehouse holds.

    Raises:
        InputRefused: no night has run.
    """
    row = con.execute("SELECT as_of FROM ledger.night ORDER BY started_at DESC LIMIT 1").fetchone()
    if row is None:
        raise InputRefused("belum_ada_malam", "belum ada malam.", todo="Jalankan padan run.")
    found: dt.date = row[0]
    return found


def find_night(con: duckdb.DuckDBPyConnection, home: Home, as_of: dt.date) -> PastNight:
    """The last night as of a day that left evidence of decisions.

    Raises:
        InputRefused: there is none.
    """
    chain = home.reports / CHAIN
    entries = [json.loads(line) for line in chain.read_text().splitlines()] if chain.exists() else []
    packs = {file_sha256(path): path for path in (home.reports / str(as_of)).glob("*.zip") if is_pack(path.name)}
    for entry in reversed(entries):
        if entry["as_of"] != str(as_of) or entry["pack"] not in packs:
            continue
        with zipfile.ZipFile(packs[entry["pack"]]) as pack:
            manifest = json.loads(pack.read(MANIFEST))
        row = con.execute("SELECT finished_at FROM ledger.night WHERE run_id = ?", [entry["run_id"]]).fetchone()
        if manifest["decisions"].get("person") and row and row[0]:
            return PastNight(as_of, entry["run_id"], row[0], manifest)
    raise InputRefused(
        "malam_tidak_ada", f"tidak ada bukti keputusan untuk {as_of}.", todo="Lihat reports/chain.jsonl untuk tanggal yang ada."
    )


def lay_out(con: duckdb.DuckDBPyConnection, archive: Archive, night: PastNight, landing: Path) -> int:
    """Lay the night's deliveries out of the archive as they were delivered; returns how many files.

    Raises:
        InputRefused: an archived file is gone, or is no longer what its name says.
    """
    files = con.execute(_TAKEN, {"until": night.finished_at}).fetchall()
    for agency, feed, date, name, digest in files:
        if con.execute("SELECT 1 FROM ledger.erased_file WHERE sha256 = ?", [digest]).fetchone():
            erased = f"{agency}/{feed} {date}: berkasnya dihapus dengan sertifikat."
            raise InputRefused("arsip_dihapus", erased, holds="Bukti malam itu tetap.", todo="Malam itu tidak dapat diulang.")
        kept = archive.find(digest)
        if kept is None:
            raise InputRefused("arsip_rusak", f"arsip {digest[:12]} dari {agency}/{feed} {date} hilang atau berubah.")
        folder = landing / agency / feed / date.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            os.link(kept, folder / name)
        except OSError:
            shutil.copy(kept, folder / name)
    return len(files)


def carry_over(con: duckdb.DuckDBPyConnection, home: Home, night: PastNight, target: Home) -> None:
    """Give the new home the keys of the old one, and the rulings that held when the night ended."""
    shutil.copytree(home.keys, target.keys, dirs_exist_ok=True)
    there = con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'review' AND table_name = 'ruling'").fetchone()
    if there:
        con.execute(f"ATTACH {literal(target.warehouse)} AS again")
        try:
            con.execute("CREATE SCHEMA IF NOT EXISTS again.review")
            con.execute("CREATE TABLE again.review.ruling AS FROM review.ruling WHERE decided_at <= ?", [night.finished_at])
        finally:
            con.execute("DETACH again")


def compare(con: duckdb.DuckDBPyConnection, night: PastNight, project: Path, code_version: str) -> Rebuilt:
    """Digests of the warehouse `con` against those of the night's evidence."""
    found = {"person": decision_digest(con), "institution": institution_digest(con)}
    now = {
        "kode": (night.manifest["code_version"], code_version),
        "berkas kunci pustaka": (night.manifest["lock_file"], file_sha256(project / "requirements.lock")),
        **{f"config/{name}": (digest, file_sha256(project / "config" / name)) for name, digest in night.manifest["config"].items()},
    }
    differs = tuple(name for name, (then, today) in now.items() if then != today)
    return Rebuilt(found == night.digests, night.digests, found, differs)
