"""Who saw the values of a person, of which record, when and why: rows are added, never changed, and hold no value."""

from __future__ import annotations

import datetime as dt
import os
import pwd
import re
from typing import TYPE_CHECKING

from padan.errors import InputRefused
from padan.ledger.tables import create_tables

if TYPE_CHECKING:
    import duckdb

#: Letters of a reason below which nobody could judge it later.
SHORTEST_REASON = 10


def checked_reason(text: str | None, option: str = "--reason") -> str:
    """The reason, as it will be kept; `option`: how it is given on the command line.

    Raises:
        InputRefused: it is missing, too short to be judged later, or holds an identity number.
    """
    reason = " ".join((text or "").split())
    if len(reason) < SHORTEST_REASON:
        raise InputRefused(
            "alasan_tidak_ada",
            "membuka nilai memerlukan alasan.",
            holds="Tidak ada nilai yang ditampilkan.",
            todo=f'Tulis {option} "…", sedikitnya {SHORTEST_REASON} huruf, misalnya nomor surat tugas.',
        )
    if re.search(r"\d{16}", reason):
        raise InputRefused(
            "alasan_berisi_nomor",
            "alasan memuat nomor 16 angka.",
            holds="Tidak ada nilai yang ditampilkan.",
            todo="Sebut surat atau kasusnya, bukan NIK atau KK.",
        )
    return reason


def record_access(con: duckdb.DuckDBPyConnection, record_id: str, other_id: str | None, reason: str) -> None:
    """Add one row to `ledger.access`: the values of a record, and of what it is compared with, are about to be shown."""
    create_tables(con)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute("INSERT INTO ledger.access VALUES (?, ?, ?, ?, ?)", [now, acting_account(), record_id, other_id, reason])


def acting_account() -> str:
    """The account that runs this process, by its number: the environment says what anyone wants it to."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
