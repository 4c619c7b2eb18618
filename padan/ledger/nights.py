"""One row a night: what it was run on, and how it ended. A night that died stays `running` and is closed by the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from padan.ledger.tables import create_tables

if TYPE_CHECKING:
    import duckdb

Status = Literal["running", "published", "gate_failed", "failed", "died"]
_COLUMNS = "run_id, as_of, fingerprint, code, policy, status, exit_code, started_at, finished_at"


@dataclass(frozen=True)
class Night:
    """One run of the night. `fingerprint`, `code`, `policy`: landing, program and settings that it was run on."""

    run_id: str
    as_of: dt.date
    fingerprint: str
    code: str
    policy: str
    status: Status
    exit_code: int | None
    started_at: dt.datetime
    finished_at: dt.datetime | None

    @property
    def ended_well(self) -> bool:
        """Published, and nothing after publication failed."""
        return self.status == "published" and self.exit_code in (0, 2)

    @property
    def ended(self) -> str:
        """How it ended, for the operator."""
        words = {"gate_failed": "ditahan gerbang", "failed": "gagal", "published": "terbit"}
        if self.status == "published" and not self.ended_well:
            return "terbit, tetapi langkah sesudahnya gagal"
        return words.get(self.status, "berhenti sebelum selesai")

    def same_basis(self, as_of: dt.date, fingerprint: str, policy: str) -> bool:
        """True if a night on this basis would have nothing new, its code being the same."""
        return (self.as_of, self.fingerprint, self.policy) == (as_of, fingerprint, policy)


@dataclass(frozen=True)
class Attempt:
    """A night that wrote the warehouse last: its id, its last try in Dagster's history, code and start (UTC) of its first."""

    night_id: str
    run_id: str
    code: str
    began_at: dt.datetime


def _utc_now() -> dt.datetime:
    """Without a zone: DuckDB needs an extension to hand out one."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def start_night(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date, fingerprint: str, code: str = "", policy: str = "") -> None:
    """Record that a night began; nights still `running` (the caller holds the lock, so they are dead) become `died`.

    A retry of the same `run_id` starts it again.
    """
    create_tables(con)
    now = _utc_now()
    con.execute("UPDATE ledger.night SET status = 'died', finished_at = ? WHERE status = 'running' AND run_id <> ?", [now, run_id])
    con.execute(
        f"INSERT OR REPLACE INTO ledger.night ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, 'running', NULL, ?, NULL)",
        [run_id, as_of, fingerprint, code, policy, now],
    )


def finish_night(con: duckdb.DuckDBPyConnection, run_id: str, status: Status, exit_code: int) -> None:
    """Record how a night ended."""
    con.execute(
        "UPDATE ledger.night SET status = ?, exit_code = ?, finished_at = ? WHERE run_id = ?",
        [status, exit_code, _utc_now(), run_id],
    )


def note_attempt(con: duckdb.DuckDBPyConnection, night_id: str, run_id: str, code: str) -> None:
    """The run `run_id` of Dagster's history begins to write the warehouse; `code`: what decides the result of its steps.

    A repeat of the night keeps what its first try began with, and is no attempt once something else has written in between.
    """
    if run_id != night_id:
        con.execute("UPDATE ledger.attempt SET run_id = ? WHERE night_id = ?", [run_id, night_id])
        return
    forget_attempt(con)
    con.execute("INSERT INTO ledger.attempt VALUES (?, ?, ?, ?)", [night_id, run_id, code, _utc_now()])


def last_attempt(con: duckdb.DuckDBPyConnection) -> Attempt | None:
    """The night that wrote the warehouse last; None if something else wrote it since. Read-only."""
    row = con.execute("SELECT night_id, run_id, code, began_at FROM ledger.attempt").fetchone() if _there(con, "attempt") else None
    return Attempt(*row) if row else None


def forget_attempt(con: duckdb.DuckDBPyConnection) -> None:
    """Something that is no night is about to write the warehouse: a night that stopped cannot go on from here."""
    if _there(con, "attempt"):
        con.execute("DELETE FROM ledger.attempt")


def _there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = ?", [table]).fetchone())


def last_night(con: duckdb.DuckDBPyConnection, status: Status | None = None) -> Night | None:
    """The night that was started last, or the last that ended in `status`; None if there is none. Read-only."""
    if not _there(con, "night"):
        return None
    row = con.execute(
        f"SELECT {_COLUMNS} FROM ledger.night WHERE ?::VARCHAR IS NULL OR status = ? ORDER BY started_at DESC, run_id DESC LIMIT 1",
        [status, status],
    ).fetchone()
    return Night(*row) if row else None
