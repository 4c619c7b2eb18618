"""An inspection as the operator reads it (`padan inspect`)."""

from __future__ import annotations

from collections.abc import Iterator

from padan.intake.findings import Counts, Inspection
from padan.intake.rules import RULES

_FLAGS = {
    "angka_dari_lembar_kerja": "tersimpan sebagai angka, digit ke-16 mungkin hilang",
    "notasi_ilmiah": "notasi ilmiah, digit hilang",
    "bukan_16_angka": "bukan 16 angka",
    "bentuk_tak_terbaca": "bentuk tak terbaca",
}
_DELIMITERS = {"\t": "tab"}


def render(found: Inspection) -> str:
    """Plain Indonesian text of several lines; no cell of the file is in it."""
    return "\n".join([f"Berkas      {found.file}", *_lines(found)]) + "\n"


def _lines(found: Inspection) -> Iterator[str]:
    if found.feed:
        yield f"Umpan       {found.feed}{' (usulan, yang paling mirip)' if found.proposed else ''}"
    yield from _layout(found)
    yield f"Keputusan   {'akan DITOLAK: ' + found.refusal if found.refusal else 'kepala tabel sesuai kontrak'}"
    yield from (f"            {line}" for line in found.differences)
    if found.columns:
        yield from _columns(found)
    if found.counts:
        yield from _counts(found.counts)
    if found.aliases:
        yield "\nBaris alias untuk kontrak (setelah dipastikan benar oleh pemilik data):"
        yield from (f"    {line}" for line in found.aliases)
    yield "\nTidak ada yang dimuat."


def _layout(found: Inspection) -> Iterator[str]:
    if found.layout is None:
        return
    seen = found.layout
    parts = [seen.container]
    parts += [f"lembar ke-{seen.sheet}"] if seen.sheet else []
    parts += [f"kepala di baris {seen.header_row}"] if seen.header_row else []
    parts += [f"enkode {seen.encoding}"] if seen.encoding else []
    parts += [f"pemisah {_DELIMITERS.get(seen.delimiter, seen.delimiter)}"] if seen.delimiter else []
    yield f"Tata letak  {', '.join(parts)}"


def _columns(found: Inspection) -> Iterator[str]:
    yield "\nKolom berkas                              Kolom kontrak             Kemiripan"
    for c in found.columns:
        close = "sama" if c.exact else f"{c.closeness:.2f} (usulan)"
        yield f"{c.name[:40]:<42}" + (f"{c.delivered:<26}{close}" if c.delivered else "tidak dikenal, disimpan apa adanya")
    for name in found.missing:
        yield f"{'(tidak ada)':<42}{name:<26}wajib"


def _counts(counts: Counts) -> Iterator[str]:
    yield f"\nBaris data  {counts.rows}"
    yield f"Karantina   {sum(counts.quarantined.values())}"
    yield from (f"    {n:>8}  {rule}: {RULES[rule]}" for rule, n in counts.quarantined.items())
    yield f"Ditandai    {sum(counts.flagged.values())} sel (barisnya tetap diambil)"
    yield from (f"    {n:>8}  {column}: {_FLAGS[rule]}" for (rule, column), n in counts.flagged.items())
    yield from (f"    {n:>8}  {note}" for note, n in counts.notes.items())
