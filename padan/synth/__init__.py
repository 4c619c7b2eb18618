"""Synthetic agencies with known truth. Nobody in them exists.

Belongs here: a population, its cases, what clerks make of them, and files shaped as agencies deliver them. Does not belong here: reading
such files (padan.intake), or grading links against the truth (tests/accuracy).
"""

from padan.synth.generate import SynthResult, generate
from padan.synth.nights import NIGHTS_APART
from padan.synth.profiles import PROFILES

__all__ = ["NIGHTS_APART", "PROFILES", "SynthResult", "generate"]
