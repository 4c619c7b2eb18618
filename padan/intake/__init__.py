"""Intake: a delivered file becomes rows of text, each accepted, quarantined or counted as a duplicate.

Belongs here: reading, verifying and accounting for one delivery; one module a file format. Does not belong here: what
a cell means (dbt). Nothing is imported here, so that `padan.intake.landing` stays quick to load.
"""
