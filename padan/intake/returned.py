"""A workbook that we sent and an office sent back: opened with its password and looked into as any delivery is, its cells as text.

Runs in the process that parses (padan.intake.jail): what comes by mail is not believed because it bears our name.
"""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from padan.errors import InputRefused
from padan.intake.container import check_package
from padan.intake.xlsx_file import parsing, text_of
from padan.workbook import opened

#: A workbook larger than this, or of more cells, was not written by us.
LARGEST, MOST_CELLS = 64 << 20, 5_000_000


@dataclass(frozen=True)
class Returned:
    """Rows of the sheet, heads first, an empty cell as ''; SHA-256 of the workbook as it was before it was encrypted."""

    rows: list[list[str]]
    digest: str


def read_sheet(path: Path, password: str | None, sheet: str) -> Returned:
    """The sheet named `sheet`; no rows if there is none.

    Raises:
        InputRefused: absent, too large, another password, no workbook, or one with what no list of ours has.
    """
    from python_calamine import CalamineWorkbook, WorksheetNotFound

    if not path.is_file():
        raise InputRefused("berkas_tidak_ada", f"{path.name}: tidak ada.", todo="Periksa jalurnya.")
    if path.stat().st_size > LARGEST:
        raise _too_large(path)
    content = opened(path, password)
    check_package(io.BytesIO(content), len(content))
    rows: list[list[str]] = []
    with parsing(), suppress(WorksheetNotFound):
        found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
        if found.total_height * found.total_width > MOST_CELLS:
            raise _too_large(path)
        rows = [[text_of(cell) or "" for cell in row] for row in found.to_python(skip_empty_area=False)]
    return Returned(rows, hashlib.sha256(content).hexdigest())


def _too_large(path: Path) -> InputRefused:
    return InputRefused("berkas_terlalu_besar", f"{path.name}: lebih besar dari daftar mana pun.")
