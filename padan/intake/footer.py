"""The rows under a table that are no data: `Jumlah`, `Total`; known only once the end of the file is reached."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

MAX_ROWS = 20


class Footer:
    """Holds back rows that look like a footer until it is certain whether data follows them.

    A footer row is one whose first filled cell is one of the contract's footer words (a colon or a number may
    follow), at the very end of the file. In the middle of the data it is a row like any other.
    """

    def __init__(self, words: Sequence[str]) -> None:
        alternatives = "|".join(re.escape(word) for word in dict.fromkeys(words))
        self._pattern = re.compile(rf"\s*(?:{alternatives})\s*[:=]?\s*([\d.,]*)\s*", re.IGNORECASE) if alternatives else None
        self.held: list[list[str | None]] = []

    def matches(self, cells: Sequence[str | None]) -> bool:
        """True if the row would be a footer at the end of a file."""
        if self._pattern is None:
            return False
        first = next((c for c in cells if c and c.strip()), None)
        return first is not None and len(first) < 200 and self._pattern.fullmatch(first) is not None

    def report(self, rows: int, notes: Counter[str]) -> None:
        """Count the footer rows at the end of the file, and whether the count they declare differs from `rows`."""
        if not self.held:
            return
        notes["baris_kaki"] += len(self.held)
        declared = self._declared(self.held[0])
        if declared is not None and declared != rows:
            notes["jumlah_di_kaki_berbeda"] += 1

    def _declared(self, cells: Sequence[str | None]) -> int | None:
        """The number beside the footer word, if there is one."""
        assert self._pattern is not None
        filled = [c.strip() for c in cells if c and c.strip()]
        match = self._pattern.fullmatch(filled[0])
        beside = (match[1] if match else "") or (filled[1] if len(filled) > 1 else "")
        whole = re.sub(r"\.0$", "", beside)
        digits = re.sub(r"[.,]", "", whole)
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
