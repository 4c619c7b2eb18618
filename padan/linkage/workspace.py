"""Where a night's linkage works: an in-memory catalog of the warehouse's DuckDB, with the register attached read-only.

It spills to the night's tmp folder like everything else, and leaves nothing in the warehouse but its results.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import duckdb

from padan.linkage.person_v1.levels import create_level_macros
from padan.register.names import create_name_macros
from padan.register.postings import create_key_macros
from padan.warehouse import literal

WORK = "linkage_work"
REGISTER = "linkage_register"


@contextmanager
def workspace(con: duckdb.DuckDBPyConnection, register: Path | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A cursor whose tables go to the work catalog, and the warehouse's catalog name; `register` is attached if given."""
    warehouse = str(con.execute("SELECT current_database()").fetchall()[0][0])
    cursor = con.cursor()
    try:
        cursor.execute(f"ATTACH ':memory:' AS {WORK} (COMPRESS)")
        if register is not None:
            cursor.execute(f"ATTACH {literal(register)} AS {REGISTER} (READ_ONLY)")
        cursor.execute(f"USE {WORK}.main")
        create_name_macros(cursor)
        create_key_macros(cursor)
        create_level_macros(cursor)
        yield cursor, warehouse
    except BaseException:
        cursor.interrupt()  # the threads of a statement that a signal stopped would finish it first
        raise
    finally:
        cursor.execute(f"USE {warehouse}")
        for catalog in (REGISTER, WORK):
            cursor.execute(f"DETACH DATABASE IF EXISTS {catalog}")
        cursor.close()


def work_tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the tables that the work catalog holds."""
    return {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [WORK]).fetchall()}


def pack(con: duckdb.DuckDBPyConnection, kept: Set[str]) -> None:
    """Drop the work catalog's tables but for those in `kept`, and compress these.

    What waits for the end of a nation's first night takes less room then, in memory and where it is spilled to; it is read more slowly,
    so that a night that answers few leaves it.
    """
    for scaffold in sorted(work_tables(con) - kept):
        con.execute(f"DROP TABLE {scaffold}")
    con.execute(f"CHECKPOINT {WORK}")
