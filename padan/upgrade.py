"""The version of the warehouse's own tables, and what brings an older one up to it; dbt's tables are made anew every night.

A version is added where a table changes in a way that `CREATE TABLE IF NOT EXISTS` does not bring about. A warehouse of a later version is
never opened for writing: what it means is not known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

from padan.errors import Defect
from padan.intake.tables import create_quarantine
from padan.intake.transaction import transaction
from padan.ledger import create_tables
from padan.review import create_ruling_table
from padan.review.answers import create_answer_tables
from padan.review.corrections import create_correction_table
from padan.review.queue import create_case_table

#: What this code writes.
VERSION = 5
_TABLE = "CREATE TABLE IF NOT EXISTS ledger.schema_version (version INTEGER, upgraded_at TIMESTAMP)"


def _to_2(con: duckdb.DuckDBPyConnection) -> None:
    """Erasures, tombstones, corrections, backups and changes of keys are kept."""
    create_tables(con)
    create_quarantine(con)
    create_ruling_table(con)
    create_correction_table(con)


def _to_3(con: duckdb.DuckDBPyConnection) -> None:
    """Answers tell who read a case and what it rested on; a case tells who decides it."""
    create_case_table(con)
    create_answer_tables(con)


def _to_4(con: duckdb.DuckDBPyConnection) -> None:
    """A kept answer also has the families that the register gave for it."""
    for column in ("keluarga", "nik_keluarga"):
        con.execute(f"ALTER TABLE IF EXISTS link.memory ADD COLUMN IF NOT EXISTS {column} INTEGER")


def _to_5(con: duckdb.DuckDBPyConnection) -> None:
    """A run of linkage also names the code that says who is one person."""
    con.execute("ALTER TABLE IF EXISTS link.run ADD COLUMN IF NOT EXISTS program VARCHAR")


#: Version → what brings the one before to it.
STEPS: dict[int, Callable[[duckdb.DuckDBPyConnection], None]] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5}


def version_of(con: duckdb.DuckDBPyConnection) -> int:
    """The warehouse's version: 0 for an empty one, 1 for one from before versions were written down."""
    names = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'ledger'").fetchall()}
    if "schema_version" in names:
        return int(con.execute("SELECT coalesce(max(version), 0) FROM ledger.schema_version").fetchall()[0][0])
    return 1 if "taken" in names else 0


def upgrade(con: duckdb.DuckDBPyConnection) -> int:
    """Bring the warehouse to VERSION, each step whole or not at all; returns how many steps were taken.

    Raises:
        Defect: it was written by a later version.
    """
    found = version_of(con)
    if found > VERSION:
        raise Defect(
            f"gudang data berversi {found}, program ini {VERSION}.",
            holds="Tidak ada yang diubah.",
            todo="Pasang program yang lebih baru, atau pulihkan cadangan dari sebelum pemasangannya.",
        )
    con.execute("CREATE SCHEMA IF NOT EXISTS ledger")
    steps = [version for version in sorted(STEPS) if version > max(found, 1)]
    for version in steps:
        with transaction(con):
            STEPS[version](con)
            con.execute(_TABLE)
            con.execute("INSERT INTO ledger.schema_version VALUES (?, ?)", [version, dt.datetime.now(dt.UTC).replace(tzinfo=None)])
    return len(steps)
