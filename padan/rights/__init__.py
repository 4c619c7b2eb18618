"""What the law gives the person in a record: erasure, rectification, an end of keeping, and notice of a breach.

Belongs here: what is done to records already taken, by whose decision, with which certificate. Does not belong here: what is on loan
from another controller (a DTSEN release is retired as a whole: padan.register), or anything that a night does by itself.
"""
