"""A finished file is opened as an analyst would open it, and must be exactly what the list of sharing says."""

from __future__ import annotations

from pathlib import Path

import duckdb

from padan.errors import GateFailed
from padan.serving.build import FILE
from schemas.sharing import FORBIDDEN, Audience
from schemas.sharing.aggregate import NAMES_NO_PERSON

_HOLDS, _TODO = "Terbitan terakhir tetap berlaku.", "Perbaiki schemas/sharing atau mart yang disebut, lalu jalankan ulang."


def verify(folder: Path, audience: Audience, rows: dict[str, int]) -> None:
    """Open `folder`/padan.duckdb read-only and check it against the promise.

    Args:
        folder: one audience's finished folder.
        audience: what was promised.
        rows: rows by `schema.table`, as the builder counted them.

    Raises:
        GateFailed: a table is missing, empty of columns or extra; a column is forbidden or not listed; a comment is
            missing; rows differ from the Parquet copy; a text cell holds 16 digits in a row; a .wal was left.
    """
    faults = [f"{path.name}" for path in folder.glob("*.wal")]
    with duckdb.connect(str(folder / FILE), read_only=True) as con:
        faults += _shape(con, audience) + _comments(con) + _counts(con, folder, rows) + _numbers(con)
    if faults:
        raise GateFailed(f"berkas {audience.name} tidak lolos pemeriksaan: {'; '.join(sorted(faults))}.", holds=_HOLDS, todo=_TODO)


def _shape(con: duckdb.DuckDBPyConnection, audience: Audience) -> list[str]:
    found: dict[str, list[str]] = {}
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    ).fetchall():
        found.setdefault(f"{schema}.{table}", []).append(column)
    promised = {f"marts.{t.name}": sorted(c.name for c in t.columns) for t in audience.tables}
    served = {name: columns for name, columns in found.items() if name.startswith("marts.")}
    faults = [
        f"{name}: kolom tidak seperti yang dijanjikan" for name in promised.keys() | served.keys() if promised.get(name) != served.get(name)
    ]
    for name, columns in found.items():
        own = NAMES_NO_PERSON.get(name.removeprefix("marts."), frozenset())
        allowed = {"nama", "sumber"} if name.startswith("codes.") else own
        faults += [f"{name}.{column}: kolom terlarang" for column in columns if column in FORBIDDEN - allowed]
    if not any(name.startswith("codes.") for name in found) or not any(name.startswith("quality.") for name in found):
        faults.append("skema codes atau quality kosong")
    return faults


def _comments(con: duckdb.DuckDBPyConnection) -> list[str]:
    silent = con.execute(
        """
        SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal AND coalesce(comment, '') = ''
        UNION ALL
        SELECT concat_ws('.', schema_name, table_name, column_name) FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''
        """
    ).fetchall()
    return [f"{name}: tanpa keterangan" for (name,) in silent]


def _counts(con: duckdb.DuckDBPyConnection, folder: Path, rows: dict[str, int]) -> list[str]:
    faults = []
    for name, expected in rows.items():
        schema, table = name.split(".")
        copy = str(folder / schema / f"{table}.parquet")
        counted = con.execute(
            f'SELECT (SELECT count(*) FROM {schema}."{table}"), (SELECT count(*) FROM read_parquet(?))', [copy]
        ).fetchone()
        if counted != (expected, expected):
            faults.append(f"{name}: jumlah baris berbeda")
    return faults


def _numbers(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of marts with a text cell that holds 16 digits in a row, as a NIK or KK does."""
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND schema_name = 'marts' AND data_type = 'VARCHAR'"
    ).fetchall()
    faults = []
    for table, column in columns:
        hit = con.execute(f'SELECT count(*) FROM marts."{table}" WHERE regexp_matches("{column}", \'[0-9]{{16}}\')').fetchone()
        if hit != (0,) and column != "pseudonim":
            faults.append(f"marts.{table}.{column}: ada nomor 16 angka")
    return faults
