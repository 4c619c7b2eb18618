"""A served file as a workbook for people who work in spreadsheets: labels beside codes, meanings as notes on the heads.

It reads the published file only: what is not served cannot be exported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.errors import InputRefused
from padan.workbook import add_list, open_book

#: More rows than a sheet is asked to hold: Excel stops at 1,048,576, people much earlier.
ROWS = 200_000
#: Code columns → where their label is: table, key, label.
LABELS = {
    "kode_kemendagri": ("codes.codes_wilayah", "kode", "nama"),
    "kode_kabupaten": ("codes.codes_wilayah", "kode", "nama"),
    "kode_provinsi": ("codes.codes_wilayah", "kode", "nama"),
    "indicator_code": ("marts.indicator_definition", "indicator_code", "nama"),
    "kode_ppks": ("codes.codes_ppks", "kode", "nama"),
}


@dataclass(frozen=True)
class Sheet:
    """One exported table. `cut`: rows that were left out because there are more than a sheet is asked to hold."""

    table: str
    rows: int
    cut: int


def export_workbook(file: Path, out: Path, tables: Sequence[str]) -> list[Sheet]:
    """Write the named tables (`marts.indicator`; none: all of schema marts) of a served file, one sheet each.

    Raises:
        InputRefused: a table is not in the file.
    """
    with duckdb.connect(str(file), read_only=True) as con:
        served = con.execute("SELECT 'marts.' || table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY 1").fetchall()
        there = [table for (table,) in served]
        wanted = [table if "." in table else f"marts.{table}" for table in tables] or there
        if missing := sorted(set(wanted) - set(there)):
            raise InputRefused("tabel_tidak_ada", f"{', '.join(missing)} tidak ada di berkas itu.", todo=f"Yang ada: {', '.join(there)}.")
        with open_book(out, f"PADAN {file.parent.name}") as book:
            return [_sheet(con, book, table) for table in wanted]


def _sheet(con: duckdb.DuckDBPyConnection, book: Any, table: str) -> Sheet:
    schema, name = table.split(".")
    columns = con.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? ORDER BY column_index", [schema, name]
    ).fetchall()
    known = {f"{schema}.{name}" for schema, name in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    chosen, joins, heads = [], [], []
    for at, (column, comment) in enumerate(columns):
        chosen.append(f't."{column}"')
        heads.append((column, str(comment or "")))
        label = LABELS.get(column)
        if label and label[0] in known - {table}:
            source, key, shown = label
            chosen.append(f'l{at}."{shown}"')
            joins.append(f'LEFT JOIN {source} l{at} ON l{at}."{key}" = t."{column}"')
            heads.append((f"{column} (nama)", f"nama untuk {column}"))
    total = int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
    rows = con.execute(f"SELECT {', '.join(chosen)} FROM {table} t {' '.join(joins)} ORDER BY ALL LIMIT {ROWS}").fetchall()
    sheet = add_list(book, name[:31], [(head, max(10, min(40, len(head) + 4))) for head, _ in heads], rows)
    for at, (_, note) in enumerate(heads):
        sheet.write_comment(0, at, note, {"x_scale": 2})
    return Sheet(table, len(rows), total - len(rows))
