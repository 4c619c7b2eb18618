"""Rectification: a person objects to a match, or to a value; what was told on that ground is taken back.

'Not this person' is a ruling, and holds from the next night on. A corrected value stands in the place of the delivered one until the
agency delivers another: what it delivered is kept as it came, and its word is the last one once it has changed it.
"""

from __future__ import annotations

import datetime as dt
import secrets

import duckdb

from padan.errors import ConfigError, InputRefused
from padan.review.corrections import CORRECTABLE, create_correction_table
from padan.review.rulings import RegisterSubject, record_ruling
from schemas.extracts import contracts

HOLDS = "Tidak ada yang dicatat."


def not_this_person(con: duckdb.DuckDBPyConnection, record_id: str, *, by: str, reason: str) -> str:
    """Rule that a record is not the register person it is linked to; returns the ruling_id.

    The row goes from every list with the next ones (DITARIK), since its link no longer holds.

    Raises:
        InputRefused: the record is not linked.
    """
    row = con.execute(
        "SELECT k.nik, k.id_keluarga, p.tanggal_lahir FROM link.decision d JOIN link.register_key k USING (register_id) "
        "LEFT JOIN link.register_person p USING (register_id) WHERE d.record_id = ? AND d.decision = 'link'",
        [record_id],
    ).fetchone()
    if row is None or row[0] is None:
        why = "catatan itu tidak dipadankan dengan orang yang ber-NIK dalam DTSEN."
        raise InputRefused("tidak_dipadankan", why, holds=HOLDS, todo="Lihat padan why.")
    return record_ruling(con, "different", record_id, RegisterSubject(row[0], row[1], row[2], None), by=by, reason=reason)


def told_on(con: duckdb.DuckDBPyConnection, record_id: str) -> list[str]:
    """Where the record was already told of: month and office of the newest lists with it, for the operator to call."""
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'returns' AND table_name = 'listed'").fetchone():
        return []
    rows = con.execute(
        "SELECT agency || ' ' || periode || ' ' || wilayah FROM returns.listed WHERE record_id = ? ORDER BY periode DESC, 1", [record_id]
    ).fetchall()
    return [row[0] for row in rows]


def correct(con: duckdb.DuckDBPyConnection, record_id: str, column: str, value: str, *, by: str, reason: str) -> str:
    """Record that a delivered cell is wrong and what it should be; returns the correction_id.

    Args:
        con: the warehouse, open for writing.
        record_id: a record in force.
        column: one of CORRECTABLE that the feed delivers.
        value: what it should be, in the way in which the feed spells it.
        by: who decided.
        reason: on what ground, without a value.

    Raises:
        ConfigError: the column cannot be corrected, or the value is empty or what was delivered.
        InputRefused: there is no such record in force.
    """
    create_correction_table(con)
    found = con.execute("SELECT agency, feed FROM link.decision WHERE record_id = ?", [record_id]).fetchone()
    if found is None:
        raise InputRefused("catatan_tidak_ada", "catatan itu tidak ada.", holds=HOLDS, todo="Periksa record_id.")
    contract = contracts()[f"{found[0]}/{found[1]}"]
    if column not in CORRECTABLE & {c.name for c in contract.columns}:
        raise ConfigError(f"kolom {column} tidak dapat dibetulkan di sini.", holds=HOLDS, todo=f"Pilih: {', '.join(sorted(CORRECTABLE))}.")
    rows = con.execute(f'SELECT "{column}" FROM raw.{contract.feed.table}__in_force WHERE record_id = ?', [record_id]).fetchall()
    if not rows:
        raise InputRefused("catatan_tidak_ada", "catatan itu tidak berlaku lagi.", holds=HOLDS, todo="Periksa record_id.")
    if not value.strip() or value.strip() == (rows[0][0] or ""):
        raise ConfigError("nilai baru kosong, atau sama dengan yang dikirim.", holds=HOLDS, todo="Tulis nilai yang benar.")
    number = f"B-{secrets.token_hex(4)}"
    moment = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO review.correction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, moment, by, record_id, *found, column, rows[0][0], value.strip(), reason],
    )
    return number
