"""The DuckDB file of the night: how it is opened, and which schema belongs to which room.

Schemas and their one owner: raw, ledger (intake and ledger) · codes, staging, intermediate, marts (dbt) ·
link (linkage) · register (register) · quality (quality; `quality.quarantine` is written by intake) · review (review).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from padan.config import Machine
from padan.errors import Defect, PadanError
from padan.home import Home

#: The warehouse's name where it is attached to another connection.
ATTACHED = "gudang"

#: How new files of ours are stored: written a quarter sooner than in what DuckDB 1.0 reads, and 6 % larger; analysts open none of them.
STORAGE_VERSION = "v1.5.0"
STORED: dict[str, Any] = {"storage_compatibility_version": STORAGE_VERSION}

#: What to do when DuckDB has no room left, be it memory or what it spills to.
MORE_ROOM = "DuckDB kehabisan ruang: lapangkan disk di tmp/ atau naikkan [machine] memory_limit di config/padan.toml, lalu jalankan ulang."

SCHEMAS = ("raw", "ledger", "codes", "staging", "intermediate", "link", "marts", "quality", "review", "returns")


def configure(con: duckdb.DuckDBPyConnection, machine: Machine, tmp: Path) -> None:
    """Bound memory, threads and spill folder of a connection; results do not depend on insertion order."""
    con.execute("SET memory_limit = ?", [machine.memory_limit])
    con.execute("SET threads = ?", [machine.threads])
    con.execute("SET temp_directory = ?", [str(tmp)])
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET autoload_known_extensions = false")


@contextmanager
def connect(home: Home, machine: Machine, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, open for the length of the block. One writer: hold the lock (padan.lock) first.

    Raises:
        Defect: DuckDB failed; its message is dropped, since it may quote a cell.
    """
    try:
        con = duckdb.connect(str(home.warehouse), read_only=read_only, config={} if read_only else STORED)
    except duckdb.Error as error:
        raise not_opened(error) from None
    try:
        configure(con, machine, home.tmp)
        if not read_only:
            for schema in SCHEMAS:
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        yield con
    except duckdb.Error as error:
        raise without_values(error) from None
    except BaseException:
        _let_go(con)
        raise
    finally:
        con.close()


def _let_go(con: duckdb.DuckDBPyConnection) -> None:
    """End the statement that a signal stopped, whose threads go on, and begin another: else opening the file again would never end."""
    for _ in range(3):  # a second signal may meet this one too
        with suppress(duckdb.Error, RuntimeError):
            con.interrupt()
            con.execute("SELECT 1")
            return


@contextmanager
def attached(home: Home, machine: Machine) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory, with room for work of its own, that reads the warehouse as its database.

    Raises:
        Defect: DuckDB failed; its message is dropped, since it may quote a cell.
    """
    con = duckdb.connect(":memory:")
    try:
        configure(con, machine, home.tmp)
        attach(con, home)
        con.execute(f"USE {ATTACHED}")
        yield con
    except duckdb.Error as error:
        raise without_values(error) from None
    finally:
        con.close()


def attach(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Attach the warehouse read-only as `ATTACHED`.

    Raises:
        Defect: another process has it, or it is damaged.
    """
    try:
        con.execute(f"ATTACH {literal(home.warehouse)} AS {ATTACHED} (READ_ONLY)")
    except duckdb.Error as error:
        raise not_opened(error) from None


def literal(path: Path) -> str:
    """A path as an SQL literal, for statements that take no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table, or of a query in parentheses."""
    return number(con, f"SELECT count(*) FROM {table}")


def number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    return int(con.execute(query).fetchall()[0][0])


def text_without_values(error: duckdb.Error) -> str:
    """What may be kept of the message: all of it where it speaks of SQL, which holds no value, else the class alone."""
    of_sql = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.SyntaxException, duckdb.DependencyException)
    return f"{type(error).__name__}: {error}" if isinstance(error, of_sql) else type(error).__name__


def without_values(error: duckdb.Error) -> PadanError:
    """The error's class only: DuckDB quotes cells and SQL literals in its messages."""
    return Defect(
        f"DuckDB menghentikan langkah ini ({type(error).__name__}).",
        holds="Terbitan terakhir tetap berlaku.",
        todo=MORE_ROOM if isinstance(error, duckdb.OutOfMemoryException) else "Jalankan ulang dengan --debug di lingkungan vault.",
    )


def not_opened(error: duckdb.Error) -> PadanError:
    """The file cannot be opened: another process has it; else it is damaged, or the disk refuses it."""
    if "could not set lock" in str(error).lower():
        return Defect(
            "gudang data sedang dibuka program lain.",
            holds="Terbitan terakhir tetap berlaku.",
            todo="Tutup program yang membuka warehouse/padan.duckdb, lalu jalankan ulang.",
        )
    return Defect(
        f"gudang data tidak dapat dibaca ({type(error).__name__}): berkasnya rusak, atau disknya penuh atau gagal.",
        holds="Terbitan terakhir tetap berlaku; berkas gudang data tidak disentuh.",
        todo="Periksa disk (df, dmesg). Bila berkasnya rusak: pindahkan rumah ini, lalu padan restore CADANGAN --home RUMAH.",
    )


def append_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]], *, replace: bool = False) -> None:
    """Add rows, in the order of the table's columns; through Arrow, since executemany is a statement and a commit a row.

    `replace`: a row takes the place of the one with its primary key.
    """
    import pyarrow as pa

    if not rows:
        return
    con.register("incoming", pa.table({f"c{at}": pa.array(column) for at, column in enumerate(zip(*rows, strict=True))}))
    con.execute(f"INSERT {'OR REPLACE ' if replace else ''}INTO {table} SELECT * FROM incoming")
    con.unregister("incoming")
