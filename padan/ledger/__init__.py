"""The ledger: what was delivered, and which nights ran; quick to import, since a night asks it first.

Belongs here: records of what happened. Does not belong here: reading a delivery (padan.intake).
"""

from padan.ledger.nights import Attempt, Night, finish_night, forget_attempt, last_attempt, last_night, note_attempt, start_night
from padan.ledger.tables import create_tables

__all__ = [
    "Attempt",
    "Night",
    "create_tables",
    "finish_night",
    "forget_attempt",
    "last_attempt",
    "last_night",
    "note_attempt",
    "start_night",
]
