"""What a named case manager must look at tonight: `marts.perhatian`, a line a case, by the agency's own numbers. It acts on nothing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from padan.config import CaseManager
from padan.errors import InputRefused
from padan.ledger.access import acting_account, record_access

#: Rule → its clock, in words.
RULES = {
    "tanpa_layanan_72_jam": "pengaduan kekerasan, 72 jam sejak tanggal pengaduan, belum terlihat layanan ATENSI",
    "tinggal_di_bawah_temuan_kekerasan": "masih tinggal di lembaga dengan temuan kekerasan terbuka, sejak tanggal kunjungan",
    "terduga_pelaku_kepala_keluarga": "hubungan terduga pelaku sama dengan kepala keluarga DTSEN anak itu, sejak tanggal pengaduan",
    "pengaduan_berulang": "pengaduan lain tentang anak yang sama dalam setahun, sejak tanggal pengaduan terakhir",
}
_CASES = """
SELECT aturan, coalesce(kunci, ''), coalesce(kode_kabupaten, ''), mulai::VARCHAR, batas::VARCHAR, hari_lewat, record_id
FROM marts.perhatian WHERE agency = $agency AND (len($kabupaten) = 0 OR list_contains($kabupaten, kode_kabupaten))
ORDER BY hari_lewat DESC, aturan, kunci, record_id"""


@dataclass(frozen=True)
class Case:
    """One case under one rule: the agency's own number, regency, since when, until when, and days past that."""

    aturan: str
    kunci: str
    kode_kabupaten: str
    mulai: str
    batas: str
    hari_lewat: int
    record_id: str


def cases_for(con: duckdb.DuckDBPyConnection, managers: tuple[CaseManager, ...], reason: str) -> list[Case]:
    """The cases of the agency and regencies of whoever runs this, the longest overdue first; each one shown is kept in ledger.access.

    Args:
        con: the warehouse, open for writing.
        managers: who may look (config).
        reason: kept with each case.

    Raises:
        InputRefused: this account is no case manager's, or no night has made the table.
    """
    own = [manager for manager in managers if manager.account == acting_account()]
    if not own:
        raise InputRefused(
            "bukan_manajer_kasus",
            "akun ini tidak terdaftar sebagai manajer kasus.",
            holds="Tidak ada kasus yang ditampilkan.",
            todo="Minta pemilik sistem menambah [[case_managers]] di config/padan.toml.",
        )
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'marts' AND table_name = 'perhatian'").fetchall():
        raise InputRefused("belum_ada_malam", "belum ada malam yang selesai membuat mart.", todo="Jalankan padan run.")
    found: dict[tuple[str, str], Case] = {}
    for manager in own:
        for row in con.execute(_CASES, {"agency": manager.agency, "kabupaten": list(manager.kabupaten)}).fetchall():
            found[row[0], row[6]] = Case(*row)
    for case in found.values():
        record_access(con, case.record_id, None, f"perhatian {case.aturan}: {reason}")
    return list(found.values())
