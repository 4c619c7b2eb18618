"""The desk of a reader of the centre: the next case that they were given, their answer, and taking it back.

Blind: neither where a record is from, nor how likely the match is, is shown before the answer; every case that is shown is in the
access log. Each call opens the warehouse and lets go of it, so that a night can begin at any time.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.errors import InputRefused
from padan.home import Home
from padan.keys import load_key
from padan.ledger.access import record_access
from padan.review.answers import take_answer, take_back
from padan.review.assignment import assigned_to, to_read
from padan.review.people import FIELDS, Sides, around, sides_of
from padan.review.readers import REASONS, RULINGS

Vault = Callable[[], AbstractContextManager[tuple[Home, duckdb.DuckDBPyConnection]]]
_CASE = "SELECT case_id, record_id, register_id, runner_up_id FROM review.case WHERE case_id = ?"
_LAST = """
SELECT case_id FROM review.answer a JOIN review.case USING (case_id) WHERE answered_by = ? AND answer <> 'BATAL'
    AND NOT EXISTS (SELECT 1 FROM review.answer b WHERE b.takes_back = a.answer_no) ORDER BY answer_no DESC LIMIT 1"""


@dataclass(frozen=True)
class Desk:
    """One installation's cases. `register`: finds the release in force; `share`: of cases that two people read."""

    vault: Vault
    register: Callable[[Home], Path]
    share: float

    def next_case(self, reader: str) -> dict[str, Any]:
        """The case that a reader is to read now, as the page shows it: `kasus` None when none is left; `sisa`: how many are."""
        with self.vault() as (home, con):
            register, waiting = self.register(home), to_read(con, reader, load_key(home.keys, "review"), self.share)
            for case in waiting:
                row = con.execute(_CASE, [case]).fetchall()[0]
                sides = sides_of(con, register, [row]).get(case)
                if sides is None:  # its register person is of a release that is gone
                    continue
                record_access(con, row[1], row[2], f"putusan pusat oleh {reader}")
                nearby = around(con, register, row[1], row[2])
                return {"kasus": case, "sisa": len(waiting), **_shown(sides), "sekitar": asdict(nearby)}
        return {"kasus": None, "sisa": 0}

    def answer(self, reader: str, case: str, answer: str, reason: str) -> dict[str, Any]:
        """Keep an answer; what it came to, and only now how sure the model was.

        Raises:
            InputRefused: the case was not given to this reader or is closed, or the answer or the reason is none of ours.
        """
        if answer not in RULINGS or reason not in REASONS:
            raise InputRefused("jawaban_tidak_dikenal", "jawaban atau alasan tidak dikenal.", holds="Tidak ada yang dicatat.")
        with self.vault() as (home, con):
            if not assigned_to(con, case, reader):
                raise InputRefused("bukan_kasus_anda", "kasus ini tidak diberikan kepada Anda, atau sudah ditutup.", todo="Muat ulang.")
            key = load_key(home.keys, "review")
            outcome = take_answer(con, self.register(home), case, answer, reason, reader, centre=True, key=key, share=self.share)
            weight, chance = con.execute(
                "SELECT match_weight, match_probability FROM review.case LEFT JOIN link.decision USING (record_id) WHERE case_id = ?",
                [case],
            ).fetchall()[0]
        if outcome.open:
            said = f"dicatat; masih dibaca orang lain ({outcome.readers} pembaca)"
        else:
            said = "dicatat; ditunda, karena pembacanya tidak sependapat" if outcome.put_off else "diputus; berlaku mulai malam berikutnya"
        return {"hasil": said, "bobot": weight, "peluang": chance}

    def take_back(self, reader: str) -> dict[str, Any]:
        """Take back the reader's last answer to a case of tonight's queue; it is theirs to read again."""
        with self.vault() as (_, con):
            last = con.execute(_LAST, [reader]).fetchall()
            done = bool(last) and take_back(con, last[0][0], reader, "dibatalkan pembacanya")
        return {"hasil": "jawaban terakhir dibatalkan" if done else "tidak ada jawaban yang dapat dibatalkan"}


def _shown(sides: Sides) -> dict[str, Any]:
    rows = []
    for at, (name, left, right) in enumerate(zip(FIELDS, sides.record.cells, sides.candidate.cells, strict=True)):
        kiri, kanan = apart(left, right) if name in sides.differing else ([(left, False)], [(right, False)])
        rows.append({"kolom": name, "kiri": kiri, "kanan": kanan, "lain": _runner_up(sides, at)})
    kiri, kanan = apart(sides.record.nik, sides.candidate.nik)
    family = {True: "sama", False: "beda", None: "tidak diketahui"}[sides.same_family]
    return {"baris": [*rows, {"kolom": "NIK (empat angka akhir)", "kiri": kiri, "kanan": kanan, "lain": ""}], "kk": family}


def _runner_up(sides: Sides, at: int) -> str:
    agrees = sides.runner_up[at] if sides.runner_up else None
    return {True: "sama", False: "beda", None: ""}[agrees]


def apart(left: str, right: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in parts, each with whether it differs from the other side; a text that stands alone differs nowhere."""
    if not left or not right:
        return [(left, False)], [(right, False)]
    steps = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    ours = [(left[a:b], tag != "equal") for tag, a, b, _, _ in steps if b > a]
    return ours, [(right[c:d], tag != "equal") for tag, _, _, c, d in steps if d > c]
