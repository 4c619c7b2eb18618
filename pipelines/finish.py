"""The end of a night, however it ended: verdict into the ledger, report rendered."""

from __future__ import annotations

from padan.night import Night
