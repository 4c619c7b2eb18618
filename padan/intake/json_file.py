"""JSON: a list of objects. Numbers stay the text they were; a nested field is named by its dotted path."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from padan.errors import InputRefused
from padan.intake.reading import BATCH_ROWS, Batch, Layout, Reading, Reject, frame
from schemas.extracts.contract import Contract, Json

#: The whole file is held while it is read, at about ten times its size.
MAX_BYTES = 200 << 20
_BOM = b"\xef\xbb\xbf"
_MAX_DEPTH = 20


def open_json(path: Path, form: Json, contract: Contract) -> Reading:
    """The objects' fields as columns (every field of any object), and the objects as rows in batches.

    Raises:
        InputRefused: no JSON, no list of objects, a field named twice in one object, or too large to hold.
    """
    notes: Counter[str] = Counter()
    objects = _load(path, notes)
    rows = [_flat(item) if isinstance(item, dict) else None for item in objects]
    header = tuple(dict.fromkeys(name for row in rows if row is not None for name in row))
    return Reading(header, Layout("json", encoding="utf-8"), _batches(rows, objects, header), notes)


def _load(path: Path, notes: Counter[str]) -> list[Any]:
    if path.stat().st_size > MAX_BYTES:
        raise InputRefused("berkas_terlalu_besar", "berkas JSON lebih dari 200 MiB.")
    data = path.read_bytes()
    if data.startswith(_BOM):
        notes["bom"] += 1
        data = data[len(_BOM) :]
    try:
        # a byte that is no UTF-8 is carried through to its own row, and only that row is set aside
        text = data.decode("utf-8", "surrogateescape")
        content = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise InputRefused("berkas_rusak", f"bukan JSON yang utuh ({type(error).__name__}).") from None
    if not isinstance(content, list):
        raise InputRefused("wadah_salah", "JSON bukan larik objek seperti dijanjikan.")
    if not content:
        raise InputRefused("berkas_kosong", "larik JSON kosong.")
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InputRefused("kolom_ganda", "sebuah objek JSON memuat nama kolom yang sama dua kali.")
    return fields


def _flat(item: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str | None]:
    """Dotted path → text; a list, or an object nested deeper than any table, is JSON text."""
    fields: dict[str, str | None] = {}
    for name, value in item.items():
        if isinstance(value, dict) and value and depth < _MAX_DEPTH:
            fields |= _flat(value, f"{prefix}{name}.", depth + 1)
        else:
            fields[prefix + name] = _text(value)
    return fields


def _text(value: Any) -> str | None:
    if value is None or value == {}:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _batches(rows: list[dict[str, str | None] | None], objects: list[Any], header: tuple[str, ...]) -> Iterator[Batch]:
    for start in range(0, len(rows), BATCH_ROWS):
        fits, rejects = [], []
        for at in range(start, min(start + BATCH_ROWS, len(rows))):
            row = rows[at]
            if row is None:
                rejects.append(Reject(at + 1, "bukan_objek", {"baris": objects[at]}))
            elif not _is_text(row):
                rejects.append(Reject(at + 1, "byte_rusak", {name: _spelled(cell) for name, cell in row.items()}))
            else:
                fits.append((at + 1, [row.get(name) for name in header]))
        yield Batch(frame([n for n, _ in fits], [cells for _, cells in fits], len(header)), tuple(rejects))


def _is_text(row: dict[str, str | None]) -> bool:
    """False if a cell holds a byte that was no UTF-8, or half of a character pair."""
    try:
        "".join(cell for cell in row.values() if cell).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _spelled(cell: str | None) -> str | None:
    """A cell with what is no text in it spelled out as an escape, so that it can be kept as JSON."""
    return None if cell is None else cell.encode("utf-8", "backslashreplace").decode("utf-8")
