"""What goes back to an agency that has age recipients is closed to them: this machine cannot open it any more."""

from __future__ import annotations

from pathlib import Path

from padan.age import SUFFIX, close_file
from padan.config import Encryption
from padan.home import Home


def close_returns(home: Home, encryption: Encryption) -> int:
    """Replace every file of such an agency's folder by its closed form; returns how many.

    Raises:
        ConfigError: the file of recipients is missing or none.
    """
    closed = 0
    for agency, recipients in encryption.returns_recipients.items():
        folder = home.returns / agency
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            if path.is_file() and path.suffix != SUFFIX:
                close_file(path, path.with_name(path.name + SUFFIX), Path(recipients))
                path.unlink()
                closed += 1
    return closed
