"""The auditor's working paper: a sample drawn by a seed, each row traced, as a workbook with room for the auditor's own conclusion.

Without `reveal` it holds no value of a person: columns, outcomes, record ids. With it each record's access is logged first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from padan.config import Machine
from padan.errors import InputRefused
from padan.evidence.rebuild import PastNight
from padan.evidence.retake import retake
from padan.evidence.sample import Drawn, Traced, cells_of, draw, frame_sizes, trace
from padan.home import Home
from padan.intake.archive import Archive
from padan.keys import load_key
from padan.ledger.access import record_access
from padan.linkage.digest import decision_digest
from padan.workbook import add_list, add_sheet, open_book
from schemas.extracts import contracts

_ROWS = (
    ("No.", 6), ("Sumber", 22), ("Kiriman", 12), ("Sidik berkas", 16), ("Baris ke-", 10), ("record_id", 20), ("Sel sama dengan arsip", 14),
    ("Dari", 8), ("Karantina", 20), ("Keputusan orang", 16), ("Langkah", 16), ("Alasan", 26), ("Bobot", 9), ("Keputusan lembaga", 16),
    ("Mart yang memuatnya", 30), ("Indikator dari sumber ini (nasional)", 50), ("Hasil", 34), ("Catatan pemeriksa", 34),
)  # fmt: skip
_CELLS = (("No.", 6), ("Sumber", 22), ("Baris ke-", 10), ("Kolom", 26), ("Sama dengan arsip", 12), ("Menjadi", 40))
_VALUES = (("Nilai mentah", 34), ("Nilai baku", 34))
_FILES = "SELECT sha256 FROM ledger.delivery WHERE delivery_id = ? AND file = ?"
_NOTE = (
    "Setiap baris diambil dengan sidik atas benih dan tempatnya, jadi siapa pun yang mengulang dengan benih yang sama mendapat baris yang "
    "sama. Berkas arsip dibaca ulang; sel, keputusan, dan mart dicari di gudang data sebagaimana malam terakhir meninggalkannya."
)


@dataclass(frozen=True)
class Paper:
    """What the paper says in sum. `digest_holds`: the warehouse still has the decisions that the night's evidence was signed over."""

    rows: int
    misfits: int
    cells: int
    cells_off: int
    digest_holds: bool


def write_paper(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    archive: Archive,
    machine: Machine,
    night: PastNight,
    path: Path,
    *,
    n: int,
    seed: str,
    reason: str | None,
) -> Paper:
    """Draw, trace and write. `reason`: why values are opened; without one none is.

    Raises:
        InputRefused: there is no delivered row, or an archived file is gone or changed.
    """
    sizes, drawn = frame_sizes(con), draw(con, n, seed)
    if not drawn:
        raise InputRefused("tidak_ada_baris", "belum ada baris kiriman untuk disampel.", todo="Jalankan padan run.")
    for row in drawn if reason else []:
        record_access(con, row.record_id or f"{row.feed}:{row.source_row}", None, str(reason))
    traced = _traced(con, home, archive, machine, drawn, reveal=reason is not None)
    cells = cells_of(traced)
    misfits = sum(bool(one.misfits) for one in traced)
    paper = Paper(len(traced), misfits, cells.total(), cells[False], decision_digest(con) == night.digests["person"])
    with open_book(path, f"Kertas kerja sampel {night.as_of}") as book:
        _summary(book, night, sizes, traced, paper, seed)
        add_list(book, "Sampel", _ROWS, [_line(at, one) for at, one in enumerate(traced, 1)])
        columns = (*_CELLS, *_VALUES) if reason else _CELLS
        add_list(book, "Sel", columns, [row for at, one in enumerate(traced, 1) for row in _cell_lines(at, one, reveal=reason is not None)])
    return paper


def _traced(
    con: duckdb.DuckDBPyConnection, home: Home, archive: Archive, machine: Machine, drawn: Sequence[Drawn], *, reveal: bool
) -> list[Traced]:
    """Every row traced; each archived file is read once."""
    key, found = load_key(home.keys, "record"), []
    place = lambda row: (row.feed, row.delivery_date, row.source_file, row.delivery_id)  # noqa: E731 (one key for sort and group)
    for (feed, date, name, delivery), rows in groupby(sorted(drawn, key=place), key=place):
        sha256 = con.execute(_FILES, [delivery, name]).fetchall()[0][0]
        contract, in_order = contracts()[feed], sorted(rows, key=lambda row: row.source_row)
        with retake(home, archive, machine, contract, dt.date.fromisoformat(date), name, sha256, delivery, key) as retaken:
            found += trace(con, contract, in_order, retaken, reveal=reveal)
    return found


def _line(at: int, one: Traced) -> list[Any]:
    row, decision = one.row, one.decision or (None,) * 4
    fitting = sum(cell.as_archived for cell in one.cells)
    place = [at, row.feed, row.delivery_date, one.sha256[:12], row.source_row, row.record_id, fitting, len(one.cells), row.rule]
    reached = [*decision[:4], one.institution[0] if one.institution else None, ", ".join(one.marts), "; ".join(one.indicators)]
    return [*place, *reached, "; ".join(one.misfits) or "cocok", None]


def _cell_lines(at: int, one: Traced, *, reveal: bool) -> list[list[Any]]:
    return [
        [at, one.row.feed, one.row.source_row, cell.column, "ya" if cell.as_archived else "TIDAK", cell.outcome]
        + ([cell.raw, cell.standard] if reveal else [])
        for cell in one.cells
    ]


def _summary(book: Any, night: PastNight, sizes: dict[str, int], traced: Sequence[Traced], paper: Paper, seed: str) -> None:
    """What was drawn from what, what came of it, and who signs for it."""
    sheet = add_sheet(book, "Ringkasan", (("Sumber", 40), ("Baris yang dapat diambil", 22), ("Diambil", 12)), top=13)
    bold = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"Kertas kerja sampel, malam {night.as_of}", bold)
    sheet.write_string(1, 0, _NOTE)
    digest = "sama dengan bukti malam itu" if paper.digest_holds else "BERBEDA dari bukti malam itu"
    told = [
        ("Run", night.run_id), ("Kode", str(night.manifest["code_version"])), ("Benih", seed), ("Baris", paper.rows),
        ("Baris dengan langkah yang tidak cocok", paper.misfits), ("Sel dibandingkan dengan arsip", paper.cells),
        ("Sel yang berbeda", paper.cells_off), ("Sidik keputusan", digest), ("Pemeriksa, tanggal", ""), ("Kesimpulan pemeriksa", ""),
    ]  # fmt: skip
    for at, (name, value) in enumerate(told, 3):
        sheet.write_string(at, 0, name)
        sheet.write(at, 1, value)
    taken = [one.row.feed for one in traced]
    for at, (feed, size) in enumerate(sizes.items(), 14):
        sheet.write_row(at, 0, [feed, size, taken.count(feed)])
