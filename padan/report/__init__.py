"""The night's report: one page that opens without a network, for a reader who has nothing else. Counts and rule names only.

Belongs here: what the page says and how it looks. Does not belong here: a judgement (padan.quality, padan.linkage).
"""

from __future__ import annotations

from padan.report.page import render

__all__ = ["render"]
