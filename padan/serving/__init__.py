"""What leaves the vault: one file for each audience, checked and put in force in one step."""

from __future__ import annotations

from padan.serving.publication import Publication, publish
from padan.serving.swap import point, pointed, published_runs

__all__ = ["Publication", "point", "pointed", "publish", "published_runs"]
