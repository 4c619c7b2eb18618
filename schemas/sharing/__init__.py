"""Who may see what: the one list of everything that leaves the vault. What is not listed here is not served.

Each audience has its tables, each table its rows (its own agency's) and columns; each column says whose it is.
Two audiences never share a name for a person: `pseudonim` is made with the audience's own key.
Belongs here: the promise. Does not belong here: how files are built (padan.serving), which cells are small (config).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.sharing import ditjenpas, kemensos, kpai
from schemas.sharing.aggregate import AGGREGATE, NAMES_NO_PERSON
from schemas.sharing.vocabulary import PSEUDONYM, Audience, Served, Table

__all__ = ["AUDIENCES", "CROSSING", "FORBIDDEN", "PSEUDONYM", "Audience", "Served", "Table", "breaches"]

#: Standard columns that are served to nobody, in no table: who a person is, where they live, which row they are.
FORBIDDEN = frozenset(
    {
        "nik", "no_kk", "nama", "nama_ibu", "nama_wali", "nama_kepala", "nik_wali", "tanggal_lahir", "tempat_lahir", "alamat", "rt", "rw",
        "person_id", "register_id", "id_keluarga", "record_id", "source_row", "source_file", "raw", "lainnya", "desil", "sumber",
    }
)  # fmt: skip

#: What one agency may learn of another's rows about the same child, and on which ground. One way only:
#: KPAI sees whether help is reached; Kemensos sees nothing of a case.
CROSSING: dict[str, dict[str, str]] = {
    "kpai": {
        "pkh_terlihat": "status bantuan keluarga anak; UU 35/2014 pasal 76, perjanjian NK-KEMENSOS-KPAI-2025",
        "yapi_terlihat": "status bantuan anak; UU 35/2014 pasal 76, perjanjian NK-KEMENSOS-KPAI-2025",
        "sampai_layanan": "hasil rujukan KPAI sendiri; UU 35/2014 pasal 76",
        "penghuni": "banyaknya anak di lembaga yang diawasi, dibulatkan; UU 35/2014 pasal 76",
        "jarak_layanan": "hasil rujukan KPAI sendiri, dalam kelompok hari; UU 35/2014 pasal 76",
        "lama_layanan": "hasil rujukan KPAI sendiri, dalam kelompok hari; UU 35/2014 pasal 76",
        "no_td": "tanda daftar lembaga yang diawasi; daftar LKS terbuka untuk umum",
    },
    "kemensos": {},
    "ditjenpas": {},
    "publik": {},
}

AUDIENCES: dict[str, Audience] = {
    audience.name: audience
    for audience in (
        Audience("publik", "Agregat untuk umum", AGGREGATE),
        Audience("kpai", "Baris KPAI sendiri dan agregat", (*AGGREGATE, *kpai.TABLES)),
        Audience("ditjenpas", "Baris Ditjenpas sendiri dan agregat", (*AGGREGATE, *ditjenpas.TABLES)),
        Audience("kemensos", "Baris Kemensos sendiri dan agregat", (*AGGREGATE, *kemensos.TABLES)),
    )
}


def breaches(audience: Audience) -> Iterator[str]:
    """What in an audience's list breaks the rules above; nothing for a list that may be served."""
    for table in audience.tables:
        for column in table.columns:
            where = f"{audience.name}.{table.name}.{column.name}"
            if column.name in FORBIDDEN - NAMES_NO_PERSON.get(table.name, frozenset()):
                yield f"{where}: kolom terlarang"
            if column.source not in {audience.name, "padan"} and column.name not in CROSSING[audience.name]:
                yield f"{where}: milik {column.source} dan tidak ada izin lintas instansi"
        if table.agency not in {None, audience.name}:
            yield f"{audience.name}.{table.name}: baris instansi lain"
        if table.has_persons and table.agency is None:
            yield f"{audience.name}.{table.name}: baris orang tanpa instansi pemiliknya"
