"""A release of the register: its rows go to a file of their own, beside which the register is built, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from padan.errors import InputRefused
from padan.home import VAULT_MODE, Home
from padan.intake.tables import create_raw
from padan.intake.transaction import transaction
from padan.warehouse import STORED, configure

if TYPE_CHECKING:
    import duckdb

    from padan.config import Machine
    from schemas.extracts.contract import Contract


@contextmanager
def release_rows(home: Home, machine: Machine, contract: Contract, date: dt.date) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release's `delivered.duckdb` with an empty raw table for the feed, in one transaction.

    Raises:
        InputRefused: the register was built from this release already; it is immutable.
    """
    import duckdb

    folder = home.register / date.isoformat()
    if (folder / "register.duckdb").exists():
        raise InputRefused(
            "rilis_sudah_dibangun", f"rilis {date} sudah menjadi register dan tidak diganti.", todo="Kirim sebagai rilis bertanggal lain."
        )
    folder.mkdir(mode=VAULT_MODE, exist_ok=True)
    path = folder / "delivered.duckdb"
    con = duckdb.connect(str(path), config=STORED)
    try:
        configure(con, machine, home.tmp)
        con.execute("CREATE SCHEMA IF NOT EXISTS raw")
        with transaction(con):
            create_raw(con, contract, replace=True)
            yield con
    finally:
        empty = not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'raw'").fetchone()
        con.close()
        if empty:  # refused before anything was ever taken: leave no release that is none
            path.unlink()
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
            with suppress(OSError):
                folder.rmdir()
