"""Deliveries with rows set aside, read again from the archive: after a contract or a reader was mended, what was right comes in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NoReturn

from padan.errors import InputRefused
from padan.intake.archive import Archived
from padan.intake.feed import load_delivery
from padan.intake.landing import Delivery, LandedFile
from padan.intake.outcome import DeliveryIntake, IntakeContext
from padan.intake.tables import create_in_force
from padan.ledger.deliveries import Entry, entries
from schemas.extracts.contract import Contract


@dataclass(frozen=True)
class Replayed:
    """One delivery read again: rows that were set aside before and now."""

    feed: str
    delivery_date: dt.date
    before: int
    after: int


def replay(ctx: IntakeContext, contract: Contract) -> list[Replayed]:
    """Read again every delivery of a feed that has rows set aside; each whole, in a transaction of its own. A release is never replaced.

    Raises:
        InputRefused: an archived file is gone or changed, or the delivery is refused under today's contract; what stood before stands.
    """
    if contract.feed.is_register:
        return []
    feed = contract.feed
    waiting = ctx.con.execute(
        "SELECT delivery_date, count(*) FROM quality.quarantine WHERE agency = ? AND feed = ? AND status = 'open' GROUP BY ALL ORDER BY 1",
        [feed.agency, feed.name],
    ).fetchall()
    known = entries(ctx.con, feed.agency, feed.name)
    done = []
    for date, before in waiting:
        entry = max((e for e in known if e.outcome == "accepted" and e.date == date), key=lambda e: e.sequence)
        taken = _again(ctx, contract, entry)
        done.append(Replayed(feed.path, date, before, sum(taken.rules.values())))
    create_in_force(ctx.con, contract, ctx.as_of)
    return done


def _again(ctx: IntakeContext, contract: Contract, entry: Entry) -> DeliveryIntake:
    archived = {file.file: Archived(file.sha256, ctx.archive.find(file.sha256) or _gone(entry)) for file in entry.files}
    files = tuple(LandedFile(f.file, archived[f.file].path, f.size, f.mtime_ns) for f in entry.files)
    assert entry.date is not None
    # `tanpa_manifest` is a note of the delivery: what it was once taken with it is taken with again
    manifest = None if entry.notes.get("tanpa_manifest") else LandedFile("", archived[files[0].name].path, 0, 0)
    delivery = Delivery(entry.agency, entry.feed, entry.date, files, manifest)
    return load_delivery(ctx, contract, delivery, archived, entry.digest)


def _gone(entry: Entry) -> NoReturn:
    raise InputRefused(
        "arsip_hilang", f"{entry.agency}/{entry.feed} {entry.date}: arsipnya hilang, berubah, atau dihapus.", holds="Baris lama tetap."
    )
