"""Whether a night would change anything: the same deliveries, day, code and policy as the last one that was published."""

from __future__ import annotations

import hashlib

from padan.intake.landing import LandingScan, fingerprint
from padan.ledger import NightRow, last_night
from padan.night import Night


def night_fingerprint(night: Night, scan: LandingScan) -> str:
    """One digest over deliveries, as-of date and code; the settings and policies are part of the code."""
    return hashlib.sha256(f"{fingerprint(scan)}|{night.as_of}|{night.code_version}".encode()).hexdigest()


def unchanged(night: Night, wanted: str) -> NightRow | None:
    """The last night, if it was published and nothing has changed since."""
    if not night.home.warehouse.exists():
        return None
    with night.warehouse(read_only=True) as con:
        last = last_night(con)
    published = (night.home.serving / "current").exists()
    return last if last and published and last.status == "published" and last.fingerprint == wanted else None
