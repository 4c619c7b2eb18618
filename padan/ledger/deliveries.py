"""What the ledger knows of a feed's deliveries, and the rows it is given for a new one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class FileCount:
    """One file of a delivery and its rows; received = accepted + quarantined + duplicate, always."""

    file: str
    sha256: str
    size: int
    mtime_ns: int
    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0


@dataclass(frozen=True)
class Entry:
    """One delivery as the ledger has it, or is to have it. `outcome`: accepted or refused; a refused one may have no date."""

    delivery_id: str
    agency: str
    feed: str
    date: dt.date | None
    digest: str
    outcome: str
    rule: str | None = None
    reason: str | None = None
    files: tuple[FileCount, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    sequence: int = 0
    late: bool = False


def digest_of(hashes: Iterable[str]) -> str:
    """One hash for a set of files whatever their names: the same bytes delivered twice are one delivery."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def identity(agency: str, feed: str, date: dt.date, digest: str) -> str:
    """The delivery's id: feed, date and content, so the same in any home."""
    return f"{agency}/{feed}@{date.isoformat()}#{digest[:12]}"


def entries(con: duckdb.DuckDBPyConnection, agency: str, feed: str) -> list[Entry]:
    """Every entry of a feed in the order in which they were made."""
    files: dict[int, list[FileCount]] = {}
    for sequence, *rest in con.execute(
        "SELECT f.sequence, file, sha256, size, mtime_ns, rows_received, rows_accepted, rows_quarantined, rows_duplicate "
        "FROM ledger.taken_file f JOIN ledger.taken t USING (sequence) WHERE agency = ? AND feed = ? ORDER BY ALL",
        [agency, feed],
    ).fetchall():
        files.setdefault(sequence, []).append(FileCount(*rest))
    found = con.execute(
        "SELECT delivery_id, delivery_date, digest, outcome, rule, reason, notes, sequence, late "
        "FROM ledger.taken WHERE agency = ? AND feed = ? ORDER BY sequence",
        [agency, feed],
    ).fetchall()
    return [
        Entry(did, agency, feed, date, digest, outcome, rule, reason, tuple(files.get(sequence, ())), json.loads(notes), sequence, late)
        for did, date, digest, outcome, rule, reason, notes, sequence, late in found
    ]


def record(con: duckdb.DuckDBPyConnection, entry: Entry, run_id: str) -> Entry:
    """Add an entry, with its place in the order; returns it so numbered.

    It is `late` if a delivery with a later date was taken before it.
    """
    found = con.execute("SELECT coalesce(max(sequence), 0) + 1 FROM ledger.taken").fetchone()
    assert found is not None
    sequence = int(found[0])
    late = entry.outcome == "accepted" and bool(
        con.execute(
            "SELECT 1 FROM ledger.taken WHERE agency = ? AND feed = ? AND outcome = 'accepted' AND delivery_date > ? LIMIT 1",
            [entry.agency, entry.feed, entry.date],
        ).fetchone()
    )
    taken_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO ledger.taken VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            sequence, entry.delivery_id, entry.agency, entry.feed, entry.date, entry.digest, entry.outcome, entry.rule,
            entry.reason, late, json.dumps(dict(sorted(entry.notes.items()))), taken_at, run_id,
        ],
    )  # fmt: skip
    _record_files(con, sequence, entry.files)
    return replace(entry, sequence=sequence, late=late)


def _record_files(con: duckdb.DuckDBPyConnection, sequence: int, files: Sequence[FileCount]) -> None:
    for f in files:
        con.execute(
            "INSERT INTO ledger.taken_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [sequence, f.file, f.sha256, f.size, f.mtime_ns, f.received, f.accepted, f.quarantined, f.duplicate],
        )
