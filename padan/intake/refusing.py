"""Refused deliveries: kept in the archive, not loaded, and the ledger says why. Said once, however often it is met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from padan.errors import InputRefused
from padan.intake.landing import Delivery, Refusal, scan, shown
from padan.intake.outcome import IntakeContext
from padan.intake.transaction import transaction
from padan.ledger.deliveries import Entry, FileCount, digest_of, entries, identity, record
from schemas.extracts.contract import Contract

_MAX_DEPTH = 3


def refusal_of(delivery: Delivery, error: InputRefused) -> Refusal:
    """The refusal of a whole delivery in one sentence or two."""
    where = f"{delivery.path}/{delivery.date}"
    reason = " ".join(filter(None, (f"{shown(where)}: {error.what}", error.todo)))
    return Refusal(delivery.agency, delivery.feed, delivery.date, where, error.rule, reason)


def record_refusal(ctx: IntakeContext, refusal: Refusal, files: Sequence[FileCount]) -> None:
    """Put a refusal into the ledger, unless the same bytes were refused for the same reason before."""
    digest = digest_of(f.sha256 for f in files)
    known = [e for e in entries(ctx.con, refusal.agency, refusal.feed) if e.outcome == "refused" and e.date == refusal.delivery_date]
    if any((e.digest, e.reason) == (digest, refusal.reason) for e in known):
        return
    date = refusal.delivery_date
    delivery_id = identity(refusal.agency, refusal.feed, date, digest) if date else refusal.where
    entry = Entry(
        delivery_id, refusal.agency, refusal.feed, date, digest, "refused", rule=refusal.rule, reason=refusal.reason, files=tuple(files)
    )
    with transaction(ctx.con):
        record(ctx.con, entry, ctx.run_id)


def refuse_strays(ctx: IntakeContext, contracts: dict[str, Contract]) -> tuple[Refusal, ...]:
    """Refuse what lies in the landing folder and belongs to no feed: unknown feed folders, files above the feeds."""
    strays = scan(ctx.landing, ctx.as_of).strays(contracts)
    for stray in strays:
        record_refusal(ctx, stray, keep(ctx, ctx.landing / stray.where))
    return strays


def keep(ctx: IntakeContext, path: Path) -> list[FileCount]:
    """Archive every regular file at or below `path`; links and devices are left where they are."""
    kept = []
    for file in _regular_files(path, _MAX_DEPTH):
        info = file.stat()
        kept.append(FileCount(str(file.relative_to(path.parent)), ctx.archive.store(file).sha256, info.st_size, info.st_mtime_ns))
    return kept


def _regular_files(path: Path, depth: int) -> Iterator[Path]:
    if path.is_symlink():
        return
    if path.is_file():
        yield path
    elif path.is_dir() and depth > 0:
        for entry in sorted(path.iterdir()):
            yield from _regular_files(entry, depth - 1)
