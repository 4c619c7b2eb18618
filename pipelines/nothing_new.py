"""Whether a night would change anything: the same deliveries, day, code and policy as the last one, which was published."""

from __future__ import annotations

from padan.intake.landing import fingerprint, scan
from padan.ledger import Night as LedgerNight
from padan.ledger import last_night
from padan.night import Night
from padan.rights.decided import last_decision


def unchanged(night: Night) -> LedgerNight | None:
    """The last night, if it was published on the same basis; None when there is something to do."""
    if not night.home.warehouse.exists() or not (night.home.serving / "current").exists():
        return None
    with night.warehouse(read_only=True) as con:
        last, decided = last_night(con), last_decision(con)
    if last is None or last.status != "published" or last.exit_code not in (0, 2) or (decided and decided > last.started_at):
        return None
    found = fingerprint(scan(night.landing, night.as_of))
    return last if last.same_basis(night.as_of, found, night.code_version, night.linkage.policy_version) else None
