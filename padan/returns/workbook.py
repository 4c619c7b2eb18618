"""The scorecard of an agency as a workbook: what to mend first, its past as a line in a cell, and the rows, by the agency's own keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from padan.returns.faults import FAULTS
from padan.workbook import add_list, add_sheet, open_book

if TYPE_CHECKING:
    from padan.returns.scorecard import FeedCard

_SUMMARY = (
    ("Sumber", 22), ("Isi", 26), ("Kiriman terbaru", 15), ("Umur, hari", 11), ("Keadaan", 13), ("Baris berlaku", 13), ("Tanpa cela", 11),
    ("Bagian tanpa cela", 16), ("Karantina", 11), ("Duplikat", 10), ("Ditolak malam ini", 60),
)  # fmt: skip
_FIRST = (
    ("Urutan", 8), ("Sumber", 22), ("Kolom", 20), ("Cela", 34), ("Baris", 10), ("Dari", 10), ("Bagian", 10), ("Malam sebelumnya", 16),
    ("Riwayat", 22), ("Cara memperbaiki", 60),
)  # fmt: skip
_ROWS = (("Sumber", 22), ("Berkas", 28), ("Baris ke-", 10), ("Kunci Anda", 28), ("Kolom", 20), ("Cela", 40))
_UNLIKE = (("Sumber", 22), ("Berkas", 28), ("Baris ke-", 10), ("Kunci Anda", 28), ("Kolom", 20), ("Berbeda dari", 24))
_ASIDE = (("Sumber", 22), ("Berkas", 28), ("Baris ke-", 10), ("Kunci Anda", 28), ("Aturan", 22), ("Sebab", 70))
_NOTE = (
    "Kartu mutu ini hanya tentang baris yang dikirim lembaga Anda sendiri. Cela bukan kesalahan anak: jangan menahan layanan karenanya. "
    "Perbaiki di sistem sumber lalu kirim ulang; PADAN tidak memperbaiki nilai."
)


def write_workbook(path: Path, agency: str, as_of: dt.date, cards: Sequence[FeedCard], password: str | None = None) -> Path:
    """Write the card of an agency, under its password; the file is whole or not there."""
    with open_book(path, f"Kartu mutu {agency} {as_of}", password) as book:
        _summary(book, agency, as_of, cards)
        _first(book, cards)
        add_list(book, "Baris bercela", _ROWS, [(*row[:5], FAULTS.get(row[5], (row[5], ""))[0]) for card in cards for row in card.broken])
        add_list(book, "Selisih", _UNLIKE, [row for card in cards for row in card.unlike])
        add_list(book, "Karantina", _ASIDE, [row for card in cards for row in card.aside])
    return path


def _summary(book: Any, agency: str, as_of: dt.date, cards: Sequence[FeedCard]) -> None:
    sheet = add_sheet(book, "Ringkasan", _SUMMARY, top=3)
    share, title = book.add_format({"num_format": "0.0%"}), book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"Kartu mutu {agency}, {as_of}", title)
    sheet.write_string(1, 0, _NOTE)
    for at, card in enumerate(cards, start=4):
        now = card.standing
        state = "belum pernah" if now.delivered is None else "TERLAMBAT" if card.late else "tepat waktu"
        values = [card.feed, card.title, str(now.delivered or "–"), now.age(as_of), state, card.rows, card.clean]
        sheet.write_row(at, 0, values)
        if card.rows:
            sheet.write_number(at, 7, card.clean / card.rows, share)
        sheet.write_row(at, 8, [now.quarantined, now.duplicate, "; ".join(card.refused)])


def _first(book: Any, cards: Sequence[FeedCard]) -> None:
    """Every fault, those of columns by which a child is found before the others, each with its past as a small line."""
    sheet, share = add_sheet(book, "Perbaiki dulu", _FIRST), book.add_format({"num_format": "0.0%"})
    pasts = book.add_worksheet("Riwayat")
    pasts.hide()
    faults = [pair for card in cards for pair in card.faults]
    faults.sort(key=lambda pair: (not pair[0].found_by_it, -pair[0].baris))
    for at, (fault, past) in enumerate(faults, start=1):
        named, advice = FAULTS.get(fault.cela, (fault.cela, ""))
        sheet.write_row(at, 0, [at, fault.feed, fault.kolom, named, fault.baris, fault.dari])
        sheet.write_number(at, 6, fault.baris / fault.dari, share)
        if len(past) > 1:
            sheet.write_number(at, 7, past[-2], share)
            pasts.write_row(at, 0, past)
            sheet.add_sparkline(at, 8, {"range": f"Riwayat!$A${at + 1}:${_letter(len(past))}${at + 1}"})
        sheet.write_string(at, 9, advice)
    sheet.autofilter(0, 0, max(1, len(faults)), len(_FIRST) - 1)


def _letter(count: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(count - 1))
