"""Why a record was decided as it was, and why it was not compared: recomputed with the night's own rules, model and register.

Belongs here: one record at a time, read from the warehouse and explained. Does not belong here: any decision (padan.linkage).
"""

from padan.linkage.why.answer import Why
from padan.linkage.why.explain import explain
from padan.linkage.why.text import render

__all__ = ["Why", "explain", "render"]
