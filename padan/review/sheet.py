"""A regency's cases as a workbook that its office decides in: locked but for the answers, sealed row by row, under a password.

It says nothing that would tell why a record is there: no agency, feed, kind or priority, in an order of its own; the runner-up and
the family only as agreeing or differing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from padan.errors import InputRefused
from padan.keys import keyed_hash
from padan.review.people import FIELDS, Sides
from padan.review.readers import REASONS, RULINGS
from padan.workbook import add_sheet, open_book

CASES, GUIDE = "Putusan", "Petunjuk"
ID, DAY, RULING, REASON, SEAL = "Nomor", "Per tanggal", "Putusan", "Alasan", "Segel"
NOTES = (
    "Tiap baris menanyakan satu hal: apakah kedua kolom berbicara tentang orang yang sama?",
    "SAMA hanya bila Anda yakin. RAGU lebih baik daripada menebak: putusan yang salah dapat merugikan anak.",
    "Isi kolom Putusan dan Alasan saja. Baris yang kolom lainnya diubah tidak diterima.",
    "Daftar ini tidak mengatakan apa pun tentang layanan atau perkara siapa pun. Jangan diteruskan.",
)
HEADS = (
    (ID, 16), (DAY, 12), *((f"Catatan: {name}", 22) for name in (*FIELDS, "NIK")), *((f"DTSEN: {name}", 22) for name in (*FIELDS, "NIK")),
    ("Berbeda pada", 24), ("Calon lain", 30), ("Kartu keluarga", 14), (RULING, 12), (REASON, 26), (SEAL, 14),
)  # fmt: skip


def row_of(case_id: str, day: dt.date, sides: Sides) -> tuple[str, ...]:
    """What is sent of a case, without the answer cells and the seal."""
    other = ""
    if sides.runner_up is not None:
        said = zip(FIELDS, sides.runner_up, strict=True)
        other = "; ".join(f"{name} {'sama' if same else 'beda'}" for name, same in said if same is not None)
    family = {True: "sama", False: "beda", None: ""}[sides.same_family]
    record, candidate = sides.record, sides.candidate
    head = (case_id, day.isoformat(), *record.cells, record.nik, *candidate.cells, candidate.nik)
    return (*head, ", ".join(sides.differing) or "tidak ada", other, family)


def seal_of(key: bytes, row: Sequence[str]) -> str:
    """What proves that a row is as it was sent."""
    return keyed_hash(key, "segel putusan", *row)[:12]


def write_cases(path: Path, title: str, rows: Sequence[tuple[str, ...]], key: bytes, password: str) -> None:
    """Write the workbook, whole or not there; its rows in an order that tells nothing."""
    last = len(HEADS) - 1
    with open_book(path, title, password) as book:
        guide = book.add_worksheet(GUIDE)
        guide.set_column(0, 0, 120)
        for at, line in enumerate((title, "", *NOTES)):
            guide.write_string(at, 0, line)
        guide.protect()
        sheet, free = add_sheet(book, CASES, HEADS), book.add_format({"locked": False})
        for at, row in enumerate(sorted(rows, key=lambda row: keyed_hash(key, "urutan", *row)), start=1):
            for column, cell in enumerate((*row, None, None, seal_of(key, row))):
                if cell is None:
                    sheet.write_blank(at, column, None, free)
                else:
                    sheet.write_string(at, column, cell)
        bottom = max(1, len(rows))
        sheet.data_validation(1, last - 2, bottom, last - 2, {"validate": "list", "source": list(RULINGS), "error_title": RULING})
        sheet.data_validation(1, last - 1, bottom, last - 1, {"validate": "list", "source": list(REASONS), "error_title": REASON})
        sheet.set_column(last, last, 14, None, {"hidden": True})
        sheet.freeze_panes(1, 1)
        sheet.protect("", {"format_columns": True})


def cases_of(rows: Sequence[Sequence[str]], name: str) -> list[tuple[int, tuple[str, ...], str, str, str]]:
    """Of a sheet that came back: number of each row there, what was sent, ruling, reason, seal; rows without anything are left out.

    Raises:
        InputRefused: its heads are others.
    """
    if not rows or list(rows[0]) != [head for head, _ in HEADS]:
        raise InputRefused("bukan_daftar_putusan", f"{name}: tidak ada lembar {CASES} seperti yang dikirim.", todo="Isi berkas aslinya.")
    width = len(HEADS) - 3
    return [
        (at, tuple(row[:width]), row[width].strip(), row[width + 1].strip(), row[width + 2].strip())
        for at, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
