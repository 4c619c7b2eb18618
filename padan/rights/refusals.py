"""When nothing may be erased: a child's case is open, or whoever asks may be the one whom the case is about."""

from __future__ import annotations

import duckdb

from padan.errors import GateFailed, InputRefused
from padan.rights.subject import Subject

HOLDS = "Tidak ada yang dihapus."
#: Legal bases under which an erasure may be asked, by the word for the command line.
BASES = {
    "permintaan": "UU 27/2022 pasal 8 dan pasal 43 ayat (1) huruf b",
    "melawan-hukum": "UU 27/2022 pasal 43 ayat (1) huruf d",
    "putusan": "putusan pengadilan yang berkekuatan hukum tetap",
}
#: Who asks: the person, grown up; a parent or guardian; a court; anybody else.
ASKERS = ("subject", "parent", "court", "other")
_OPEN = """
SELECT count(*) FROM marts.kasus
WHERE (record_id IN (SELECT unnest($ids)) OR person_id IN (SELECT unnest($persons)))
    AND CASE WHEN agency = 'kpai' THEN status IS DISTINCT FROM 'TERMINASI' ELSE diversi IS DISTINCT FROM 'BERHASIL' END
"""
# A complaint names the alleged perpetrator by relation only: a parent who asks may be the one, and so may anybody where none is known.
_POSSIBLE = """
SELECT count(*) FROM staging.stg_kpai__pengaduan
WHERE record_id IN (SELECT unnest($ids))
    AND ($asked_by = 'other' OR coalesce(hubungan_pelaku, 'TIDAK DIKETAHUI') IN ('AYAH', 'IBU', 'TIDAK DIKETAHUI'))
"""


def require_allowed(con: duckdb.DuckDBPyConnection, subject: Subject, asked_by: str) -> None:
    """Refuse an erasure that could harm a child. `asked_by`: one of ASKERS.

    Raises:
        GateFailed: a case is open, or the one who asks is or may be the alleged perpetrator.
    """
    if con.execute(_OPEN, {"ids": subject.ids, "persons": list(subject.persons)}).fetchall()[0][0]:
        raise GateFailed("orang ini mempunyai kasus yang belum ditutup.", holds=HOLDS, todo="Tunggu kasusnya ditutup; catat permintaannya.")
    possible = con.execute(_POSSIBLE, {"ids": subject.ids, "asked_by": asked_by}).fetchall()[0][0]
    if asked_by in ("parent", "other") and possible:
        raise GateFailed(
            "pemohon adalah, atau mungkin, terduga pelaku dalam pengaduan tentang anak ini.",
            holds=HOLDS,
            todo="Hanya orangnya sendiri sesudah dewasa, atau pengadilan, yang dapat meminta.",
        )


def checked_approvers(approvers: tuple[str, ...]) -> tuple[str, str]:
    """Two people, as they will be kept.

    Raises:
        InputRefused: there are not two, or they are one.
    """
    names = [" ".join(name.split()) for name in approvers]
    if len(names) != 2 or len({name.casefold() for name in names}) != 2 or not all(len(name) >= 3 for name in names):
        raise InputRefused(
            "dua_penyetuju", "penghapusan memerlukan dua penyetuju yang berbeda.", holds=HOLDS, todo="Tulis --approver dua kali."
        )
    return names[0], names[1]
