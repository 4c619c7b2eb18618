"""Rulings, append-only: what a reviewer said of two records, or of a record and a person of the register.

A register person is kept by content (NIK, family, birth date, name), since the numbers of one release mean nothing in the
next. Nothing is ever changed or deleted: a later ruling on the same two wins, 'undo' takes one back, and one lapses when a field
that says who someone is has changed since.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import duckdb

from padan.errors import ConfigError

Answer = Literal["same", "different"]

_TABLE = """
CREATE TABLE IF NOT EXISTS {catalog}review.ruling (ruling_no BIGINT, ruling_id VARCHAR, decided_at TIMESTAMP, decided_by VARCHAR,
    ruling VARCHAR, record_id VARCHAR, other_record_id VARCHAR, nik VARCHAR, id_keluarga VARCHAR, tanggal_lahir DATE, nama VARCHAR,
    undoes VARCHAR, reason VARCHAR, fields VARCHAR)
"""

#: What says who a person is: a ruling rests on these, and lapses when one of them changes. Where someone lives is none of them.
DECIDING = ("nama", "tanggal_lahir", "jenis_kelamin", "nama_ibu", "nik", "no_kk")

# Its beginning names the columns that it is made of: rulings from before it was written so never lapse.
_FIELDS = "'v2:' || sha256(string_agg(CAST(ROW({columns}) AS VARCHAR), '|' ORDER BY s.record_id))".format(
    columns=", ".join(f"s.{name}" for name in DECIDING)
)


@dataclass(frozen=True)
class RegisterSubject:
    """A register person as a ruling names it. `nama`: the words of the strict key, sorted, with a space between."""

    nik: str | None
    id_keluarga: str
    tanggal_lahir: dt.date | None
    nama: str | None


def fields_of(records: str, warehouse: str = "") -> str:
    """SQL of (key, fields, found): what the records of `records`, a SELECT of (key, record_id), say now; `found`: how many are in force."""
    return f"""SELECT q.key, {_FIELDS} AS fields, count(*) AS found FROM ({records}) q
    JOIN {warehouse}intermediate.int_person__standardized s USING (record_id) GROUP BY q.key"""


def create_ruling_table(con: duckdb.DuckDBPyConnection, catalog: str = "") -> None:
    """Make `review.ruling` if it is not there; `catalog`: the warehouse's name and a dot, where it is not the current one.

    Grain: one row a ruling. `ruling`: same, different or undo. Subject `record_id`; object either `other_record_id` or the
    register person in `nik`, `id_keluarga`, `tanggal_lahir`, `nama`. `undoes`: the ruling_id that an undo takes back.
    `fields`: hash of what the records said when ruled on. Restricted: it holds values of persons.
    """
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {catalog}review")
    con.execute(_TABLE.format(catalog=catalog))


def record_ruling(
    con: duckdb.DuckDBPyConnection,
    ruling: Answer,
    record_id: str,
    other: str | RegisterSubject,
    *,
    by: str,
    reason: str,
    at: dt.datetime | None = None,
) -> str:
    """Append what `by` ruled on a record and `other`, a record_id or a register person; returns the ruling_id.

    It holds from the next night on, over releases of the register and versions of the model.

    Raises:
        ConfigError: no reason or name is given, a record is not in force, or a record is ruled against itself.
    """
    create_ruling_table(con)
    records = [record_id, other] if isinstance(other, str) else [record_id]
    said = con.execute(fields_of("SELECT 1 AS key, unnest(?) AS record_id"), [records]).fetchall()
    if not said or said[0][2] != len(records) or len(set(records)) != len(records):
        raise ConfigError(
            "putusan: catatan tidak ada, atau sama dengan lawannya.", holds="Tidak ada yang dicatat.", todo="Periksa record_id."
        )
    subject = None if isinstance(other, str) else other
    values = [
        other if isinstance(other, str) else None,
        *((subject.nik, subject.id_keluarga, subject.tanggal_lahir, subject.nama) if subject else (None, None, None, None)),
    ]
    return _append(con, ruling, record_id, [*values, None], by, reason, said[0][1], at)


def undo_ruling(con: duckdb.DuckDBPyConnection, ruling_id: str, *, by: str, reason: str, at: dt.datetime | None = None) -> str:
    """Append that a ruling no longer holds; returns the ruling_id of the undoing.

    Raises:
        ConfigError: there is no such ruling, or it is itself an undoing.
    """
    create_ruling_table(con)
    found = con.execute("SELECT record_id FROM review.ruling WHERE ruling_id = ? AND ruling <> 'undo'", [ruling_id]).fetchall()
    if not found:
        raise ConfigError(f"putusan {ruling_id}: tidak ada.", holds="Tidak ada yang dicatat.", todo="Periksa ruling_id.")
    return _append(con, "undo", found[0][0], [None, None, None, None, None, ruling_id], by, reason, None, at)


def _append(
    con: duckdb.DuckDBPyConnection,
    ruling: str,
    record_id: str,
    values: list[object],
    by: str,
    reason: str,
    fields: str | None,
    at: dt.datetime | None,
) -> str:
    if not by.strip() or not reason.strip():
        raise ConfigError("putusan: nama pemutus dan alasan wajib diisi.", holds="Tidak ada yang dicatat.", todo="Isi keduanya.")
    number = int(con.execute("SELECT coalesce(max(ruling_no), 0) + 1 FROM review.ruling").fetchall()[0][0])
    ruling_id = f"R{number:08d}"
    moment = at or dt.datetime.now(dt.UTC).replace(tzinfo=None)
    row = [number, ruling_id, moment, by, ruling, record_id, *values, reason, fields]
    con.execute(f"INSERT INTO review.ruling VALUES ({', '.join('?' * len(row))})", row)
    return ruling_id
