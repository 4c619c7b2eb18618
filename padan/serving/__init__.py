"""What leaves the vault: one file for each audience, checked and put in force in one step."""

from __future__ import annotations

from padan.serving.publication import Publication, current_run, publish
from padan.serving.swap import point, pointed, published_runs

__all__ = ["Publication", "current_run", "point", "pointed", "publish", "published_runs"]
