"""Ditjenpas's own rows; nothing of what other agencies know of the children in them."""

from __future__ import annotations

from schemas.sharing.category import category
from schemas.sharing.vocabulary import STATUS, WHO, Table, of, where

CASES = Table(
    "kasus",
    "Satu baris tiap litmas anak yang berhadapan dengan hukum.",
    (
        *of("ditjenpas", nomor="nomor litmas", tanggal="tanggal litmas"),
        *WHO,
        *of(
            "padan",
            kelompok_umur_kejadian="kelompok umur pada tanggal litmas",
            anak_saat_kejadian="benar bila di bawah 18 tahun pada tanggal litmas",
        ),
        *where("ditjenpas"),
        *STATUS,
        *of(
            "ditjenpas",
            pasal="pasal sangkaan",
            tahap="tahap perkara",
            diversi="hasil diversi",
            diversi_dapat="benar bila pasal itu dapat didiversi; kosong bila pasal tak dikenal",
            penempatan="penempatan anak",
        ),
    ),
    agency="ditjenpas",
    own_view=True,
)

TABLES = (CASES, category("ditjenpas"))
