"""The chain of packs: one line a pack, each naming the hash of the line before; kept in the vault and beside the reports.

The vault's copy (`ledger.evidence`) is written first, so that a night that was killed leaves a line to be written again, never one lost.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import duckdb

from padan.errors import Defect
from padan.evidence.form import CHAIN, HEAD, NOTHING, SIGNATURES, canonical, sha256

_TABLE = """
CREATE TABLE IF NOT EXISTS ledger.evidence (
    sequence BIGINT PRIMARY KEY, run_id VARCHAR, as_of DATE, pack VARCHAR, entry VARCHAR, line VARCHAR, written_at TIMESTAMP)
"""


def kept_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every line of the chain, as the vault has it."""
    con.execute("CREATE SCHEMA IF NOT EXISTS ledger")
    con.execute(_TABLE)
    return [row[0] for row in con.execute("SELECT line FROM ledger.evidence ORDER BY sequence").fetchall()]


def packs_of(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> dict[str, int]:
    """Hash → sequence of the packs that the vault knows of a day."""
    kept_lines(con)
    return dict(con.execute("SELECT pack, sequence FROM ledger.evidence WHERE as_of = ?", [as_of]).fetchall())


def append(con: duckdb.DuckDBPyConnection, reports: Path, entry: dict[str, object]) -> str:
    """Add `entry` (all fields but sequence and previous) to the vault's chain and to the file beside the reports; returns its hash.

    Raises:
        Defect: the file is not the beginning of the vault's chain: somebody changed it. It is left as it is.
    """
    lines = kept_lines(con)
    line = canonical({**entry, "sequence": len(lines) + 1, "previous": sha256(lines[-1].encode()) if lines else NOTHING}).decode()
    _check(reports, lines)
    hashed = sha256(line.encode())
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO ledger.evidence VALUES (?, ?, ?, ?, ?, ?, ?)",
        [len(lines) + 1, entry["run_id"], entry["as_of"], entry["pack"], hashed, line, now],
    )
    write_whole(reports / CHAIN, "".join(f"{one}\n" for one in [*lines, line]))
    return hashed


def _check(reports: Path, lines: list[str]) -> None:
    """The file may lack the last lines (a killed night), and nothing else."""
    path = reports / CHAIN
    there = path.read_text().splitlines() if path.exists() else []
    if there != lines[: len(there)]:
        raise Defect(
            f"rantai bukti ({CHAIN}) bukan yang ditulis malam-malam sebelumnya.",
            holds="Terbitan yang sudah ditukar tetap berlaku; rantai di gudang data utuh.",
            todo="Jalankan padan verify reports/ untuk menemukan barisnya, simpan berkas itu untuk auditor, lalu singkirkan.",
        )


def read_signatures(reports: Path) -> dict[str, str]:
    """Entry hash → signature, as they lie beside the reports."""
    path = reports / SIGNATURES
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["entry"]: row["signature"] for row in rows}


def write_signatures(reports: Path, entries: list[str], signatures: dict[str, str]) -> dict[str, object] | None:
    """Write the signatures of `entries`, in the chain's order, and the head: the newest entry, if it is signed; returns the head."""
    signed = [{"entry": entry, "signature": signatures[entry]} for entry in entries if entry in signatures]
    write_whole(reports / SIGNATURES, "".join(canonical(row).decode() + "\n" for row in signed))
    if not entries or entries[-1] not in signatures:
        return None
    head: dict[str, object] = {"sequence": len(entries), **signed[-1]}
    write_whole(reports / HEAD, canonical(head).decode() + "\n")
    return head


def write_whole(path: Path, text: str) -> None:
    """Old or new, never half."""
    fresh = path.with_name(f".{path.name}")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
