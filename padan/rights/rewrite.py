"""A DuckDB file without what was deleted from it: DELETE leaves the bytes, a copy of what is there does not."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from padan.errors import Defect
from padan.warehouse import STORAGE_VERSION, literal


def owe_rewrite(path: Path) -> None:
    """Note that rows are about to be deleted whose bytes must go too: a command that is killed leaves the note for the next."""
    _note(path).touch(mode=0o600)


def finish_rewrite(path: Path) -> None:
    """Rewrite a database of which that is owed; no connection to it may be open."""
    if _note(path).exists():
        rewrite(path)
        _note(path).unlink()


def _note(path: Path) -> Path:
    return path.with_name(f".{path.name}.owed")


def rewrite(path: Path) -> None:
    """Put a fresh copy of a database in its place, in one step; killed anywhere, the old file or the new one is there, whole.

    Raises:
        Defect: the copy does not hold as many rows in every table; the old file stays.
    """
    fresh = path.with_name(f".{path.name}.fresh")
    for left in (fresh, fresh.with_name(fresh.name + ".wal")):
        left.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        name = con.execute("SELECT current_database()").fetchall()[0][0]
        con.execute("CHECKPOINT")
        con.execute(f"ATTACH {literal(fresh)} AS salinan (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute(f'COPY FROM DATABASE "{name}" TO salinan')
        con.execute("CHECKPOINT salinan")
        whole = _rows(con, name) == _rows(con, "salinan")
        con.execute("DETACH salinan")
    if not whole:
        fresh.unlink()
        raise Defect(
            "salinan gudang data tidak lengkap.", holds="Berkas lama tetap dipakai; barisnya sudah terhapus.", todo="Ulangi perintahnya."
        )
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    fresh.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _rows(con: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], int]:
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal", [database]
    ).fetchall()
    return {(s, t): con.execute(f'SELECT count(*) FROM "{database}"."{s}"."{t}"').fetchall()[0][0] for s, t in tables}
