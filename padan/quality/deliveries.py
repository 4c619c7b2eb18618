"""What the ledger says of a feed's delivery in force: how old it is against its due date, how much was quarantined or doubled.

Belongs here: rules on deliveries as a whole. Does not belong here: taking or refusing one (padan.intake).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from padan.quality.catalogue import DUPLICATES_FEW, ON_TIME, QUARANTINE_SMALL
from schemas.extracts.contract import Contract

#: So few rows are no share of anything.
FEW = 2

_STANDING = """
WITH standing AS (SELECT * FROM ledger.delivery WHERE agency = $agency AND feed = $feed AND status = 'accepted')
SELECT max(delivery_date), coalesce(sum(rows_received), 0)::BIGINT, coalesce(sum(rows_quarantined), 0)::BIGINT,
    coalesce(sum(rows_duplicate), 0)::BIGINT
FROM standing WHERE delivery_date = (SELECT max(delivery_date) FROM standing)
"""


@dataclass(frozen=True)
class Judged:
    """`failing` of `total` units break the rule; it holds when `passed`. `value`: what is plotted over nights."""

    rule_id: str
    failing: int
    total: int
    passed: bool
    value: float | None


@dataclass(frozen=True)
class Standing:
    """The newest accepted delivery of a feed; `delivered` None when none ever came."""

    delivered: dt.date | None
    received: int
    quarantined: int
    duplicate: int

    def age(self, as_of: dt.date) -> int | None:
        """Days since it was delivered."""
        return None if self.delivered is None else (as_of - self.delivered).days


def standing(con: duckdb.DuckDBPyConnection, contract: Contract) -> Standing:
    """What stands of a feed tonight."""
    found = con.execute(_STANDING, {"agency": contract.feed.agency, "feed": contract.feed.name}).fetchall()
    return Standing(*found[0])


def judge_deliveries(con: duckdb.DuckDBPyConnection, contract: Contract, as_of: dt.date) -> list[Judged]:
    """The rules on a feed's delivery in force, as of a day; a feed that never came is late, and has no rows to judge."""
    now, feed = standing(con, contract), contract.feed
    age = now.age(as_of)
    late = age is None or age > feed.due.every_days + feed.due.grace_days
    return [
        Judged(ON_TIME, int(late), 1, not late, None if age is None else float(age)),
        _share(QUARANTINE_SMALL, now.quarantined, now.received, feed.limits.quarantined / 2),
        _share(DUPLICATES_FEW, now.duplicate, now.received, feed.limits.duplicates),
    ]


def _share(rule_id: str, failing: int, total: int, limit: float) -> Judged:
    return Judged(rule_id, failing, total, failing <= max(FEW, limit * total), failing / total if total else None)
