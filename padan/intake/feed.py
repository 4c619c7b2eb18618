"""One feed's deliveries, taken one by one: each whole or not at all; a refused one does not stop the next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from padan.errors import Defect, InputRefused
from padan.intake.archive import Archived
from padan.intake.duplicates import drop_exact, tell_apart
from padan.intake.landing import Delivery, scan, shown
from padan.intake.loading import Loaded, Target, load_file
from padan.intake.manifest import verify
from padan.intake.outcome import DeliveryIntake, FeedIntake, IntakeContext
from padan.intake.refusing import keep, record_refusal, refusal_of
from padan.intake.release import release_rows
from padan.intake.tables import create_in_force
from padan.intake.tombstones import buried
from padan.intake.transaction import transaction
from padan.intake.withdrawal import questions, settle, stale_since
from padan.ledger.deliveries import Entry, FileCount, digest_of, entries, identity, record
from schemas.extracts.contract import Contract


def take_feed(ctx: IntakeContext, contract: Contract) -> FeedIntake:
    """Take the feed's deliveries up to the as-of date, oldest first, into its raw table, quarantine and ledger.

    A second call changes nothing. `prepare` was called on the connection. Nothing is raised for a refused delivery.
    """
    feed = contract.feed
    since = stale_since(ctx.con, contract, ctx.config.withdrawals)
    if since is not None:
        with transaction(ctx.con):
            settle(ctx.con, contract, ctx.config.withdrawals, since)
    found = scan(ctx.landing, ctx.as_of)
    for refusal in found.refusals_of(feed.path):
        record_refusal(ctx, refusal, keep(ctx, ctx.landing / refusal.where))
    deliveries = tuple(_take(ctx, contract, delivery) for delivery in found.of(feed.path))
    if not feed.is_register:
        create_in_force(ctx.con, contract, ctx.as_of)
    refused = (*found.refusals_of(feed.path), *(d.refusal for d in deliveries if d.refusal))
    return FeedIntake(feed.agency, feed.name, deliveries, refused, questions(ctx.con, contract, ctx.as_of))


def _take(ctx: IntakeContext, contract: Contract, delivery: Delivery) -> DeliveryIntake:
    """Decide by the ledger whether the delivery is new, and take it if it is."""
    known = entries(ctx.con, delivery.agency, delivery.feed)
    accepted = [e for e in known if e.outcome == "accepted"]
    newest = next((e for e in reversed(accepted) if e.date == delivery.date), None)
    if newest and _same_files(newest, delivery):
        return _unchanged(delivery.date, newest)
    refused_before = any(e.outcome == "refused" and e.date == delivery.date and _same_files(e, delivery) for e in known)
    if refused_before and any(e.date and e.date > delivery.date for e in accepted):
        return DeliveryIntake(delivery.date, "left_refused")
    if ctx.only_settled and not delivery.settled(dt.datetime.now(dt.UTC)):
        return DeliveryIntake(delivery.date, "waiting")
    files: list[FileCount] = []
    try:
        archived = _archive(ctx, delivery, files)
        digest = digest_of(a.sha256 for a in archived.values())
        if newest and newest.digest == digest:
            return _unchanged(delivery.date, newest)
        if newest is None and any(e.digest == digest and e.date and e.date < delivery.date for e in accepted):
            return DeliveryIntake(delivery.date, "same_bytes")
        _verify(ctx, contract, delivery, archived)
        return load_delivery(ctx, contract, delivery, archived, digest)
    except InputRefused as error:
        refusal = delivery.defect or refusal_of(delivery, error)
        record_refusal(ctx, refusal, files)
        return DeliveryIntake(delivery.date, "refused", files=tuple(files), refusal=refusal)


def _same_files(entry: Entry, delivery: Delivery) -> bool:
    """True if names, sizes and times are those that were seen when the entry was made."""
    return bool(entry.files) and {(f.file, f.size, f.mtime_ns) for f in entry.files} == {
        (f.name, f.size, f.mtime_ns) for f in delivery.files
    }


def _unchanged(date: dt.date, entry: Entry) -> DeliveryIntake:
    return DeliveryIntake(date, "unchanged", entry.delivery_id, entry.files, entry.notes)


def _archive(ctx: IntakeContext, delivery: Delivery, files: list[FileCount]) -> dict[str, Archived]:
    """Archive every data file (and the manifest), also of a delivery that will be refused; `files` gets the hashes."""
    archived = {}
    for file in delivery.files:
        archived[file.name] = ctx.archive.store(file.path)
        files.append(FileCount(file.name, archived[file.name].sha256, file.size, file.mtime_ns))
    if delivery.manifest:
        ctx.archive.store(delivery.manifest.path)
    return archived


def _verify(ctx: IntakeContext, contract: Contract, delivery: Delivery, archived: Mapping[str, Archived]) -> None:
    """What can be said before a file is opened.

    Raises:
        InputRefused: agreement expired, something in the folder that is no file, no file, or the manifest differs.
    """
    legal = contract.feed.legal
    if legal.valid_until < ctx.as_of:
        ended = f"perjanjian {legal.agreement} berakhir {legal.valid_until}."
        raise InputRefused("perjanjian_berakhir", ended, todo="Perbarui perjanjian.")
    if delivery.defect:
        raise InputRefused(delivery.defect.rule, delivery.defect.reason)
    if delivery.manifest:
        verify(delivery.manifest.path, {name: a.sha256 for name, a in archived.items()})
    if not archived:
        raise InputRefused("berkas_kosong", "tidak ada berkas di dalam kiriman.")


def _taken(date: dt.date, entry: Entry, rules: Counter[str]) -> DeliveryIntake:
    return DeliveryIntake(date, "history" if entry.late else "accepted", entry.delivery_id, entry.files, entry.notes, dict(rules))


def load_delivery(
    ctx: IntakeContext, contract: Contract, delivery: Delivery, archived: Mapping[str, Archived], digest: str
) -> DeliveryIntake:
    """Rows, quarantine and ledger of one delivery in one transaction; rows that it had already are taken anew.

    Raises:
        InputRefused: it breaks its contract as a whole; what stood before stands.
    """
    delivery_id = identity(delivery.agency, delivery.feed, delivery.date, digest)
    with ExitStack() as stack:
        stack.enter_context(transaction(ctx.con))
        rows = ctx.con
        if contract.feed.is_register:
            rows = stack.enter_context(release_rows(ctx.home, ctx.config.machine, contract, delivery.date))
        _retire(ctx, delivery)
        # the folder may hold again what it held before it was changed: those rows are taken anew, not twice
        rows.execute(f"DELETE FROM raw.{contract.feed.table} WHERE delivery_id = ?", [delivery_id])
        target = Target(ctx.con, rows, contract, delivery_id, delivery.date, ctx.key, buried(ctx.con, contract), progress=ctx.progress)
        loaded = {name: _load_one(target, name, archived[name].path) for name in sorted(archived)}
        _refuse_limits(target, loaded)
        duplicates = drop_exact(target)
        notes = sum((found.notes for found in loaded.values()), Counter())
        notes += Counter(kunci_ganda=tell_apart(target), tanpa_manifest=int(delivery.manifest is None))
        files = _count(target, delivery, archived, loaded, duplicates)
        made = Entry(delivery_id, delivery.agency, delivery.feed, delivery.date, digest, "accepted", files=files, notes=dict(notes))
        entry = record(ctx.con, made, ctx.run_id)
        settle(ctx.con, contract, ctx.config.withdrawals, delivery.date)
    return _taken(delivery.date, entry, sum((found.rules for found in loaded.values()), Counter()))


def _retire(ctx: IntakeContext, delivery: Delivery) -> None:
    """Rows set aside from an earlier version of the same delivery are not open any more."""
    ctx.con.execute(
        "UPDATE quality.quarantine SET status = 'replaced' "
        "WHERE agency = ? AND feed = ? AND delivery_date = ? AND status IN ('open', 'erased')",
        [delivery.agency, delivery.feed, delivery.date],
    )


def _load_one(target: Target, name: str, path: Path) -> Loaded:
    try:
        return load_file(target, name, path)
    except InputRefused as error:
        raise InputRefused(error.rule, f"{shown(name)}: {error.what}", todo=error.todo) from None


def _refuse_limits(target: Target, loaded: Mapping[str, Loaded]) -> None:
    """Refuse a delivery with too many broken rows or an unreadable column.

    Raises:
        InputRefused: over the contract's limits.
    """
    received = sum(found.received for found in loaded.values())
    quarantined = sum(found.quarantined for found in loaded.values())
    limit = target.contract.feed.limits.quarantined
    if quarantined > limit * received:
        rules = sum((found.rules for found in loaded.values()), Counter())
        worst = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items(), key=lambda item: (-item[1], item[0]))[:3])
        raise InputRefused(
            "terlalu_banyak_karantina",
            f"{quarantined} dari {received} baris melanggar kontrak, lebih dari {limit:.0%} ({worst}).",
            todo=f"Periksa dengan `padan inspect BERKAS --as {target.contract.feed.path}`.",
        )
    target.readability.refuse(target.contract)


def _count(
    target: Target, delivery: Delivery, archived: Mapping[str, Archived], loaded: Mapping[str, Loaded], duplicates: Mapping[str, int]
) -> tuple[FileCount, ...]:
    """Rows of each file, with the accepted ones counted in the table and not derived.

    Raises:
        Defect: received ≠ accepted + quarantined + duplicate; nothing of the delivery is kept then.
    """
    kept = dict(
        target.rows.execute(
            f"SELECT source_file, count(*) FROM raw.{target.contract.feed.table} WHERE delivery_id = ? GROUP BY ALL", [target.delivery_id]
        ).fetchall()
    )
    landed = {file.name: file for file in delivery.files}
    counts = []
    for name, found in loaded.items():
        accepted, duplicate = kept.get(name, 0), duplicates.get(name, 0)
        if found.received != accepted + found.quarantined + duplicate:
            raise Defect(f"{delivery.path} {delivery.date}: baris diterima tidak sama dengan diambil + karantina + ganda.")
        file = landed[name]
        counts.append(
            FileCount(name, archived[name].sha256, file.size, file.mtime_ns, found.received, accepted, found.quarantined, duplicate)
        )
    return tuple(counts)
