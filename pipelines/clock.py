"""Which day it is where the night belongs: Jakarta."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def today() -> dt.date:
    """The date in Jakarta."""
    return dt.datetime.now(JAKARTA).date()
