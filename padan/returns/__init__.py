"""What goes back to each agency about its own rows, under its own keys; into the vault, for that agency alone.

Belongs here: an agency's own faults and how to mend them; its own children who need something, and its offices' answers.
Does not belong here: anything that another agency delivered.
"""

from __future__ import annotations

from padan.returns.answers import Imported, import_answers
from padan.returns.lists import Written, write_lists
from padan.returns.scorecard import write_scorecards
from padan.returns.tables import create_return_tables

__all__ = ["Imported", "Written", "create_return_tables", "import_answers", "write_lists", "write_scorecards"]
