"""What reviewers ruled: kept for good, and read by the next night's linkage.

Belongs here: the rulings as data. Does not belong here: what a ruling does to a decision (padan.linkage.rulings).
"""

from padan.review.rulings import RegisterSubject, create_ruling_table, record_ruling, undo_ruling

__all__ = ["RegisterSubject", "create_ruling_table", "record_ruling", "undo_ruling"]
