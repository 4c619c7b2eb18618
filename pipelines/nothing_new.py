"""What the last night leaves to be done on the same basis (deliveries, day, code, policy): nothing, its rest, or all anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from padan.intake.landing import LandingScan, fingerprint, scan
from padan.ledger import Night as LedgerNight
from padan.ledger import last_attempt, last_night
from padan.night import Night
from padan.rights.decided import last_decision


@dataclass(frozen=True)
class Attempt:
    """A night that stopped: its id, its last try in Dagster's history, and whether every delivery had come in whole when that began."""

    night_id: str
    run_id: str
    settled: bool


def unchanged(night: Night) -> LedgerNight | None:
    """The last night, if it was published on the same basis; None when there is something to do."""
    last = _last(night, scan(night.landing, night.as_of))
    there = last is not None and last.code == night.code_version and last.ended_well and (night.home.serving / "current").exists()
    return last if there else None


def stopped(night: Night) -> Attempt | None:
    """The last night, if it stopped on the same basis and nothing else has written the warehouse since; None: run a whole one.

    Waivers may have changed: gates are judged when it is to be published.
    """
    found = scan(night.landing, night.as_of)
    last = _last(night, found)
    if last is None or last.ended_well:
        return None
    with night.warehouse(read_only=True) as con:
        attempt = last_attempt(con)
    if attempt is None or attempt[1] != night.steps_version:
        return None
    began = last.started_at.replace(tzinfo=UTC)
    return Attempt(last.run_id, attempt[0], all(one.settled(began) for one in found.deliveries))


def _last(night: Night, found: LandingScan) -> LedgerNight | None:
    """The last night, if it was of the same day, deliveries and policy, and nobody has decided anything since."""
    if not night.home.warehouse.exists():
        return None
    with night.warehouse(read_only=True) as con:
        last, decided = last_night(con), last_decision(con)
    if last is None or (decided and decided > last.started_at):
        return None
    return last if last.same_basis(night.as_of, fingerprint(found), night.linkage.policy_version) else None
