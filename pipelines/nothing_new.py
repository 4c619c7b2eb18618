"""What the last night leaves to be done on the same basis (deliveries, day, code, policy): nothing, its rest, or all anew."""

from __future__ import annotations

from datetime import UTC

from padan.intake.landing import fingerprint, scan
from padan.ledger import Attempt, last_attempt, last_night
from padan.ledger import Night as LedgerNight
from padan.night import Night
from padan.rights.decided import last_decision


def unchanged(night: Night) -> LedgerNight | None:
    """The last night, if it was published on the same basis; None when there is something to do."""
    last = _last(night)
    there = last is not None and last.code == night.code_version and last.ended_well and (night.home.serving / "current").exists()
    return last if there else None


def stopped(night: Night) -> Attempt | None:
    """The last night, if it stopped on the same basis and nothing else has written the warehouse since; None: run a whole one.

    Waivers may have changed: gates are judged when it is to be published.
    """
    last = _last(night)
    if last is None or last.ended_well:
        return None
    with night.warehouse(read_only=True) as con:
        attempt = last_attempt(con)
    return attempt if attempt and (attempt.night_id, attempt.code) == (last.run_id, night.steps_version) else None


def settled_at_first(night: Night, attempt: Attempt) -> bool:
    """Whether every delivery had come in whole when the first try of the night began."""
    began = attempt.began_at.replace(tzinfo=UTC)
    return all(one.settled(began) for one in scan(night.landing, night.as_of).deliveries)


def _last(night: Night) -> LedgerNight | None:
    """The last night, if it was of the same day, deliveries and policy, and nobody has decided anything since."""
    if not night.home.warehouse.exists():
        return None
    with night.warehouse(read_only=True) as con:
        last, decided = last_night(con), last_decision(con)
    if last is None or (decided and decided > last.started_at):
        return None
    found = fingerprint(scan(night.landing, night.as_of))
    return last if last.same_basis(night.as_of, found, night.linkage.policy_version) else None
