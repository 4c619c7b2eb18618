"""Waivers: a known failure that may pass until a day, by whose approval and why; written each night, shown in every report.

A waiver covers a rule that ran and failed. It never covers one that did not run, its approver is never the rule's owner, and the
day after its last it is as if it had never been.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from padan.config import Waiver
from padan.errors import ConfigError
from padan.warehouse import append_rows

_COLUMNS = """run_id VARCHAR NOT NULL, rule_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    approver VARCHAR NOT NULL, granted DATE NOT NULL, expires DATE NOT NULL, active BOOLEAN NOT NULL"""
_TABLE = f"CREATE TABLE IF NOT EXISTS quality.waiver ({_COLUMNS})"

#: What holds of a check for tonight: the waivers of its rule that name its table or all tables.
COVERS = "w.run_id = c.run_id AND w.rule_id = c.rule_id AND w.table_name IN ('*', c.table_name) AND w.active"


@dataclass(frozen=True)
class Pardon:
    """The waiver that a failing rule has tonight."""

    reason: str
    approver: str
    expires: dt.date


def ensure_waiver_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make quality.waiver where it is not yet there."""
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute(_TABLE)


def write_waivers(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date, waivers: Iterable[Waiver]) -> int:
    """Write the waivers of tonight, active or not, instead of those that the run had; returns how many are active.

    Raises:
        ConfigError: a waiver names no rule, or its approver owns the rule.
    """
    ensure_waiver_table(con)
    listed = list(waivers)
    known = {row[0] for row in con.execute("SELECT DISTINCT rule_id FROM quality.rule").fetchall()}
    for one in listed:
        if one.rule_id not in known:
            raise ConfigError(
                f"waivers.toml: tidak ada aturan bernama {one.rule_id}.", todo="Lihat quality.rule, lalu perbaiki waivers.toml."
            )
        _refuse_own(con, one)
    con.execute("DELETE FROM quality.waiver WHERE run_id = ?", [run_id])
    rows = [[run_id, w.rule_id, w.table_name, w.reason, w.approver, w.granted, w.expires, w.granted <= as_of <= w.expires] for w in listed]
    append_rows(con, "quality.waiver", rows)
    return sum(w.granted <= as_of <= w.expires for w in listed)


def _refuse_own(con: duckdb.DuckDBPyConnection, waiver: Waiver) -> None:
    owners = con.execute("SELECT DISTINCT owner FROM quality.rule WHERE rule_id = ?", [waiver.rule_id]).fetchall()
    if _who(waiver.approver) in {_who(owner) for (owner,) in owners}:
        raise ConfigError(
            f"waivers.toml: {waiver.rule_id} disetujui oleh pemilik aturannya sendiri ({waiver.approver}).",
            todo="Mintalah persetujuan pejabat lain.",
        )


def _who(name: str) -> str:
    """A name without `team:`, capitals and signs, so that a spelling does not make another person."""
    return re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("team:"))


def active_rules(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    """Rules with a waiver that holds tonight, for a tool that must be told beforehand."""
    ensure_waiver_table(con)
    rows = con.execute("SELECT DISTINCT rule_id FROM quality.waiver WHERE run_id = ? AND active ORDER BY rule_id", [run_id]).fetchall()
    return [row[0] for row in rows]


def waived(con: duckdb.DuckDBPyConnection, run_id: str, rule_id: str, table_name: str) -> Pardon | None:
    """The waiver under which a rule may fail on a table tonight; of several, the one that lasts longest."""
    ensure_waiver_table(con)
    row = con.execute(
        f"""SELECT w.reason, w.approver, w.expires FROM quality.waiver w, (SELECT ? AS run_id, ? AS rule_id, ? AS table_name) c
        WHERE {COVERS} ORDER BY w.expires DESC, w.table_name DESC LIMIT 1""",
        [run_id, rule_id, table_name],
    ).fetchone()
    return Pardon(*row) if row else None
