"""What each agency promises to deliver: one module an agency, one Pandera model a feed, and nothing else to register.

Every module of this package is read, so a feed is added by writing its contract.
"""

from __future__ import annotations

import importlib
import pkgutil

from schemas.extracts.contract import Contract, registered


def contracts() -> dict[str, Contract]:
    """All contracts by `agency/feed`, sorted."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return registered()
