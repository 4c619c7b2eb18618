"""What goes back to each agency about its own rows, under its own keys; into the vault, for that agency alone.

Belongs here: an agency's own faults and how to mend them. Does not belong here: anything that another agency delivered.
"""

from __future__ import annotations

from padan.returns.scorecard import write_scorecards

__all__ = ["write_scorecards"]
