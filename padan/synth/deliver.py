"""Writes deliveries byte for byte alike for the same rows: workbooks, delimited text, JSON, Parquet, each with its manifest.

Delivered names and formats come from the contracts alone, so that synthetic deliveries cannot drift from what intake reads.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from padan.errors import Defect
from padan.synth.dates import Cell
from schemas.extracts.contract import Contract, Csv, Json, Parquet, Xlsx

Row = Mapping[str, Cell | Sequence[str]]
#: Column types of the Parquet feeds, where not text.
INTEGERS = frozenset(
    {
        "jenis_kelamin", "hubungan_kepala", "status_perkawinan", "partisipasi_sekolah", "penglihatan", "pendengaran", "berjalan", "belajar",
        "perilaku", "disabilitas", "pbi", "jumlah_anggota", "lantai", "daya", "desil",
    }
)  # fmt: skip
DATES = frozenset({"tanggal_lahir"})


@dataclass(frozen=True)
class Dress:
    """What a delivered file has around its rows: `title` in a workbook, a byte order mark or a footer in text."""

    title: str = ""
    bom: bool = False
    footer: bool = False


def write_file(contract: Contract, path: Path, rows: Sequence[Row], dress: Dress, today: dt.date) -> None:
    """Write rows (standard names) as one delivered file, in the contract's format and column order."""
    for row in rows[:1]:
        if set(row) != {column.name for column in contract.columns}:
            raise Defect(f"padan/synth: rows of {contract.feed.path} do not have the contract's columns")
    match contract.feed.format:
        case Xlsx():
            _workbook(contract, path, rows, dress, today)
        case Csv() as form:
            _text(contract, path, rows, dress, form)
        case Json():
            _json(contract, path, rows)
        case Parquet():
            raise Defect("padan/synth: Parquet is written by columns, see write_parquet")


def write_parquet(contract: Contract, path: Path, columns: Mapping[str, list[Any]]) -> None:
    """Write columns (standard names) as Parquet with the contract's delivered names and the register's types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays, names = [], []
    for column in contract.columns:
        kind = pa.int64() if column.name in INTEGERS else pa.date32() if column.name in DATES else pa.string()
        arrays.append(pa.array(columns[column.name], type=kind))
        names.append(column.delivered)
    pq.write_table(pa.table(arrays, names=names), path)


def write_manifest(folder: Path) -> None:
    """`sha256sum` lines of every file of the delivery, sorted by name."""
    files = sorted(path for path in folder.iterdir() if path.name != "MANIFEST.sha256")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "MANIFEST.sha256").write_text("".join(lines), encoding="utf-8", newline="")


def _workbook(contract: Contract, path: Path, rows: Sequence[Row], dress: Dress, today: dt.date) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": dt.datetime(today.year, today.month, today.day)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("DATA")
    names = [column.name for column in contract.columns]
    sheet.merge_range(0, 0, 0, len(names) - 1, dress.title, bold)
    sheet.write_string(1, 0, "Sumber: data sintetis padan, bukan orang nyata")
    for place, column in enumerate(contract.columns):
        sheet.write_string(3, place, column.delivered, bold)
    for line, row in enumerate(rows, start=4):
        for place, name in enumerate(names):
            cell = row[name]
            if isinstance(cell, dt.date):
                sheet.write_datetime(line, place, dt.datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, int | float):
                sheet.write_number(line, place, cell)
            elif cell:
                sheet.write_string(line, place, str(cell))
    sheet.write_string(len(rows) + 5, 0, "Jumlah")
    sheet.write_number(len(rows) + 5, 1, len(rows))
    book.close()


def _text(contract: Contract, path: Path, rows: Sequence[Row], dress: Dress, form: Csv) -> None:
    encoding = "utf-8-sig" if dress.bom else form.encoding
    names = [column.name for column in contract.columns]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=form.delimiter, lineterminator="\r\n")
        writer.writerow([column.delivered for column in contract.columns])
        writer.writerows(["" if row[name] is None else row[name] for name in names] for row in rows)
        if dress.footer:
            writer.writerow(["Jumlah", len(rows), *[""] * (len(names) - 2)])


def _json(contract: Contract, path: Path, rows: Sequence[Row]) -> None:
    objects = []
    for row in rows:
        nested: dict[str, Any] = {}
        for column in contract.columns:
            *outer, leaf = column.delivered.split(".")
            place = nested
            for name in outer:
                place = place.setdefault(name, {})
            place[leaf] = row[column.name]
        objects.append(nested)
    path.write_text(json.dumps(objects, ensure_ascii=False, indent=1), encoding="utf-8", newline="")
