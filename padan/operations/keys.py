"""Keys and passwords of a home: which there are, and putting a new one in the place of one that may be known.

The record key is never thrown away: a record id is a hash with the first key, hashed again with each later one. So a new key gives every
record another name without a single row being read again, and whoever knows only the old one can name none.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from padan.errors import ConfigError
from padan.home import Home
from padan.intake.transaction import transaction
from padan.keys import KEY_BYTES, PASSWORD_BYTES, keyed_hashes
from padan.ledger import create_tables
from padan.warehouse import number

RECORD, EVIDENCE = "record", "evidence"
#: Columns that hold record ids, wherever they stand; in the last two also other things, which stay.
_COLUMNS = ("record_id", "other_record_id", "key_id", "other_id", "hash")
_CHUNK = 50_000


@dataclass(frozen=True)
class Key:
    """One key file: its name, when it was last changed (UTC), and what changing it does; none says that it cannot be."""

    name: str
    changed: dt.datetime
    effect: str


def effect_of(name: str) -> str:
    """What a new key of this name changes; empty where there is no changing it here."""
    if name == f"{RECORD}.key":
        return "setiap catatan mendapat record_id baru malam ini juga; keputusan tetap"
    if name == f"{EVIDENCE}.key":
        return "bukti malam berikutnya ditandatangani kunci baru; beri auditor evidence.pub yang baru"
    if name.startswith("pseudonym-"):
        return "nama samaran baru bagi pembaca itu sejak terbitan berikutnya"
    if name == "review.key":
        return "kasus yang terbuka bernomor baru sejak malam berikutnya; lembar yang belum kembali ditolak, kirimlah lagi"
    if name.startswith("reviewer-"):
        return "tanda masuk baru bagi pembaca itu; beri tahu ia (padan review token)"
    if name.startswith(("returns-", "review-")) and name.endswith(".password"):
        return "kata sandi baru sejak berkas berikutnya; beri tahu kantornya"
    if name.startswith("returns-"):
        return "daftar yang belum dijawab tidak dapat dibaca lagi"
    return ""


def list_keys(home: Home) -> list[Key]:
    """Every key file, by name."""
    return [
        Key(path.name, dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).replace(tzinfo=None), effect_of(path.name))
        for path in sorted(home.keys.iterdir())
        if path.suffix in (".key", ".password")
    ]


def rotate(con: duckdb.DuckDBPyConnection, home: Home, name: str) -> int:
    """Put a new key in the place of one; returns how many ids changed with it. Hold the lock.

    Killed anywhere, key and ids fit: the new record key is put down beside the old one first, and counts once the ids are changed.

    Raises:
        ConfigError: there is no such key, or it cannot be changed here.
    """
    path = home.keys / name
    if Path(name).name != name or not path.is_file() or not effect_of(name):
        known = ", ".join(key.name for key in list_keys(home) if key.effect)
        raise ConfigError(
            "tidak ada kunci bernama itu, atau tidak diganti di sini.", holds="Tidak ada yang diubah.", todo=f"Pilih: {known}."
        )
    if name == f"{RECORD}.key":
        shutil.rmtree(home.answers, ignore_errors=True)  # of records by ids that are no more
        return _rotate_record(con, path)
    _replace(path, secrets.token_urlsafe(PASSWORD_BYTES) if name.endswith(".password") else secrets.token_hex(KEY_BYTES))
    return 0


def finish_rotation(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Settle a change of the record key that was killed half way: the warehouse says whether the ids are already the new ones."""
    pending = home.keys / f"{RECORD}.key.new"
    if not pending.exists():
        return
    create_tables(con)
    mark = con.execute("SELECT 1 FROM ledger.key_change WHERE fingerprint = ?", [_fingerprint(pending.read_text())]).fetchone()
    if mark:
        pending.replace(home.keys / f"{RECORD}.key")
    else:
        pending.unlink()


def _rotate_record(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    fresh = secrets.token_hex(KEY_BYTES)
    pending = path.with_name(f"{path.name}.new")
    _replace(pending, path.read_text().strip() + fresh)
    with transaction(con):
        changed = _rename_ids(con, bytes.fromhex(fresh))
        con.execute(
            "INSERT INTO ledger.key_change VALUES (?, ?)", [dt.datetime.now(dt.UTC).replace(tzinfo=None), _fingerprint(pending.read_text())]
        )
    pending.replace(path)
    return changed


def _fingerprint(text: str) -> str:
    """Names a key without telling it."""
    return keyed_hashes(bytes.fromhex(text.strip())[-KEY_BYTES:], ("sidik kunci",), [("",)])[0]


def _rename_ids(con: duckdb.DuckDBPyConnection, key: bytes) -> int:
    """Give every record its new id, in every table that names it; returns how many records."""
    con.execute("CREATE OR REPLACE TEMP TABLE old_id (old VARCHAR)")
    places = con.execute(
        "SELECT c.schema_name, c.table_name, c.column_name FROM duckdb_columns() c "
        "JOIN duckdb_tables() t USING (database_name, schema_name, table_name) "
        "WHERE c.column_name IN (SELECT unnest(?)) AND NOT c.internal AND NOT t.temporary ORDER BY ALL",
        [list(_COLUMNS)],
    ).fetchall()
    for schema, table, column in places:
        con.execute(
            f"INSERT INTO old_id SELECT DISTINCT {column} FROM {schema}.\"{table}\" WHERE regexp_full_match({column}, '[0-9a-f]{{32}}')"
        )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE numbered_id AS SELECT old, row_number() OVER () AS place FROM (SELECT DISTINCT old FROM old_id)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE new_id (old VARCHAR, new VARCHAR)")
    for start in range(0, number(con, "SELECT count(*) FROM numbered_id"), _CHUNK):
        rows = con.execute("SELECT old FROM numbered_id WHERE place > ? AND place <= ?", [start, start + _CHUNK]).fetchall()
        con.register("renamed_ids", pa.table({"old": [old for (old,) in rows], "new": keyed_hashes(key, (), rows)}))
        con.execute("INSERT INTO new_id SELECT * FROM renamed_ids")
        con.unregister("renamed_ids")
    for schema, table, column in places:
        con.execute(f'UPDATE {schema}."{table}" t SET {column} = n.new FROM new_id n WHERE t.{column} = n.old')
    changed = number(con, "SELECT count(*) FROM new_id")
    con.execute("DROP TABLE old_id; DROP TABLE numbered_id; DROP TABLE new_id")
    return changed


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
