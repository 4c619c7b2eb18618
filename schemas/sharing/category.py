"""Categories of an agency's own children, said by its own rows."""

from __future__ import annotations

from schemas.sharing.vocabulary import Table, of


def category(agency: str) -> Table:
    """`child_category` as this agency may see it."""
    return Table(
        "child_category",
        "Satu baris tiap anak, kategori, aturan dan sumber, menurut baris instansi ini sendiri.",
        (
            *of(
                "padan",
                pseudonim="nama samaran orang, hanya berlaku dalam berkas ini",
                kategori="huruf UU 35/2014 pasal 59 ayat (2), lihat codes_amanat; atau yatim_piatu",
                aturan="aturan yang menempatkannya",
                kecocokan="exact bila kode sumber sama artinya, broad bila lebih luas",
            ),
            *of(agency, dari="tanggal peristiwa pertama", sampai="hari ulang tahun ke-18 bila sudah lewat"),
        ),
        agency=agency,
        own_view=True,
    )
