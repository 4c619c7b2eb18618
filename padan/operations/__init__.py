"""What an operator does between nights: look whether all is well, go back to an earlier publication, take and put back a backup.

Does not belong here: anything that a night does by itself.
"""
