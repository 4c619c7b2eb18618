"""A DTSEN release: built once into an immutable file that the night reads (persons, name keys, posting lists, frequencies)."""

from padan.register.agregat import publish_agregat, publish_no_agregat
from padan.register.build import build_release, ensure_current
from padan.register.release import Release, current_release, describe_release, list_releases, retire_release

__all__ = [
    "Release",
    "build_release",
    "current_release",
    "describe_release",
    "ensure_current",
    "list_releases",
    "publish_agregat",
    "publish_no_agregat",
    "retire_release",
]
