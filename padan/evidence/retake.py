"""One archived file read again, apart from the warehouse: what the rows of a delivery were, according to the bytes that came."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.config import Machine
from padan.errors import InputRefused
from padan.home import Home
from padan.intake.archive import Archive
from padan.intake.loading import Target, load_file
from padan.intake.tables import create_quarantine, create_raw
from padan.warehouse import configure
from schemas.extracts.contract import Contract


@dataclass(frozen=True)
class Retaken:
    """The rows of one file, as the reader of today makes them of the archived bytes."""

    con: duckdb.DuckDBPyConnection
    table: str
    sha256: str

    def row(self, source_row: int) -> dict[str, Any] | None:
        """Cells of the row as text, by column."""
        rows = self.con.execute(f"SELECT * FROM raw.{self.table} WHERE source_row = ?", [source_row])
        names, row = [column[0] for column in rows.description], rows.fetchone()
        return dict(zip(names, row, strict=True)) if row else None

    def rule_of(self, source_row: int) -> str | None:
        """The rule by which the row is set aside."""
        row = self.con.execute("SELECT rule FROM quality.quarantine WHERE source_row = ?", [source_row]).fetchone()
        return str(row[0]) if row else None


@contextmanager
def retake(
    home: Home, archive: Archive, machine: Machine, contract: Contract, date: dt.date, name: str, sha256: str, delivery_id: str, key: bytes
) -> Iterator[Retaken]:
    """Read one file of a delivery again into a scratch database that is gone afterwards.

    Raises:
        InputRefused: the archived file is gone or is no longer what its name says.
    """
    kept = archive.find(sha256)
    if kept is None:
        raise InputRefused("arsip_rusak", f"arsip {sha256[:12]} dari {contract.feed.path} {date} hilang atau berubah.")
    with tempfile.TemporaryDirectory(prefix="sampel-", dir=home.tmp) as folder, duckdb.connect(str(Path(folder) / "ulang.duckdb")) as con:
        configure(con, machine, Path(folder))
        create_quarantine(con)
        create_raw(con, contract)
        load_file(Target(con, con, contract, delivery_id, date, key), name, kept)
        yield Retaken(con, contract.feed.table, sha256)
