"""What the notice of a breach must say within three days: whose records, which kinds of data, who could see them, and when.

From the access log and from what was delivered and published; without a value of anybody, so that the notice is no second breach.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from padan.home import Home
from padan.serving.swap import MANIFEST
from schemas.extracts import contracts
from schemas.extracts.contract import Sensitivity

#: UU 27/2022 article 46: written notice within three times 24 hours.
NOTICE = dt.timedelta(hours=72)


@dataclass(frozen=True)
class Seen:
    """One look into the values of a record, by whom and why."""

    seen_at: str
    who: str
    record_id: str
    other_id: str | None
    reason: str


@dataclass(frozen=True)
class Held:
    """What a feed holds, if its rows got out: people, of them children, and the kinds of data (contract columns by sensitivity)."""

    feed: str
    rows: int
    persons: int
    personal: tuple[str, ...]
    case: tuple[str, ...]


@dataclass(frozen=True)
class Breach:
    """The facts of a notice. `since`, `until`: the time in question (UTC); `notify_before`: when the law wants it out."""

    since: str
    until: str
    known_at: str
    notify_before: str
    seen: tuple[Seen, ...]
    held: tuple[Held, ...]
    published: tuple[str, ...]
    returned: tuple[str, ...]


def describe_breach(con: duckdb.DuckDBPyConnection, home: Home, since: dt.datetime, until: dt.datetime, known_at: dt.datetime) -> Breach:
    """Who saw what in a time, what the vault held, and what was published and returned in it. Times are UTC."""
    rows = con.execute(
        "SELECT seen_at, who, record_id, other_id, reason FROM ledger.access WHERE seen_at BETWEEN ? AND ? ORDER BY ALL", [since, until]
    ).fetchall()
    return Breach(
        since=str(since),
        until=str(until),
        known_at=str(known_at),
        notify_before=str(known_at + NOTICE),
        seen=tuple(Seen(str(at), who, record, other, reason) for at, who, record, other, reason in rows),
        held=tuple(_held(con)),
        published=tuple(_published(home, since, until)),
        returned=tuple(_returned(home, since, until)),
    )


def _held(con: duckdb.DuckDBPyConnection) -> list[Held]:
    persons = dict(
        con.execute("SELECT agency || '/' || feed, count(DISTINCT person_id) FROM link.decision GROUP BY ALL").fetchall()
        if con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'link' AND table_name = 'decision'").fetchone()
        else []
    )
    found = []
    for path, contract in contracts().items():
        if contract.feed.is_register:
            continue
        rows = con.execute(f"SELECT count(*) FROM raw.{contract.feed.table}").fetchall()[0][0]
        kinds = {
            kind: tuple(c.delivered for c in contract.columns if c.sensitivity == kind) for kind in (Sensitivity.PERSONAL, Sensitivity.CASE)
        }
        found.append(Held(path, rows, persons.get(path, 0), kinds[Sensitivity.PERSONAL], kinds[Sensitivity.CASE]))
    return found


def _published(home: Home, since: dt.datetime, until: dt.datetime) -> list[str]:
    found = []
    for path in sorted(home.serving.glob(f"[!.]*/{MANIFEST}")):
        if path.parent.is_symlink():
            continue
        at = dt.datetime.fromisoformat(json.loads(path.read_text())["published_at"]).astimezone(dt.UTC).replace(tzinfo=None)
        if since <= at <= until:
            found.append(f"serving/{path.parent.name}")
    return found


def _returned(home: Home, since: dt.datetime, until: dt.datetime) -> list[str]:
    found = []
    for path in sorted(home.returns.rglob("*")):
        if path.is_file() and since <= dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).replace(tzinfo=None) <= until:
            found.append(str(path.relative_to(home.root)))
    return found


def write_breach(home: Home, breach: Breach) -> Path:
    """The facts as JSON in the vault, beside the certificates; returns where."""
    folder = home.review / "pelanggaran"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{breach.known_at[:19].replace(':', '').replace(' ', 'T')}.json"
    path.write_text(json.dumps(asdict(breach), indent=1, ensure_ascii=False))
    path.chmod(0o600)
    return path
