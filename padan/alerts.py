"""Tells people that a night was held, through whatever service Apprise reaches. Never a value of a person; never fails a night."""

from __future__ import annotations

import sys
from pathlib import Path

from padan.config import Alerts


def tell(settings: Alerts, title: str, body: str) -> bool | None:
    """Send a message to every address of the file; None where none is configured, False where not all took it.

    A message that cannot be sent is said on stderr, without its address: it holds a secret.
    """
    if not settings.urls_file:
        return None
    try:
        addresses = [
            line.strip() for line in Path(settings.urls_file).read_text().splitlines() if line.strip() and not line.startswith("#")
        ]
        sent = bool(addresses) and _send(addresses, title, body)
    except Exception as error:  # noqa: BLE001 (a library's failure, which must not fail the night, nor print an address)
        sys.stderr.write(f"Peringatan tidak terkirim ({type(error).__name__}); malam ini tetap seperti tertulis di laporannya.\n")
        return False
    if not sent:
        sys.stderr.write("Peringatan tidak terkirim ke semua alamat; periksa [alerts] urls_file.\n")
    return sent


def _send(addresses: list[str], title: str, body: str) -> bool:
    import logging

    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    messenger = apprise.Apprise()
    known = [messenger.add(address) for address in addresses]
    return all(known) and bool(messenger.notify(title=title, body=body))
