"""A small warehouse in the shape of the marts, full of planted values that must never be served. Synthetic people only."""

from __future__ import annotations

from pathlib import Path

import duckdb

from padan.home import Home
from padan.quality.checks import ensure_check_table
from padan.warehouse import SCHEMAS
from schemas.sharing import AUDIENCES

RUN = "run-0001"
PLANTED_NAME, PLANTED_NIK, PLANTED_KK = "SUKMAWATI RANGGALAWE", "3273054107140003", "3273051203150007"
PLANTED_STREET, PLANTED_CASE = "JL KENANGA BARU 77", "PGD-2026-03-99887"
PLANTED = (PLANTED_NAME, PLANTED_NIK, PLANTED_KK, PLANTED_STREET)

_WHO = "person_id VARCHAR, jenis_kelamin VARCHAR, kelompok_umur VARCHAR"
_SECRET = "record_id VARCHAR, nama VARCHAR, nik VARCHAR, no_kk VARCHAR, alamat VARCHAR, tanggal_lahir DATE"
_PLACE = "kode_kabupaten VARCHAR, kode_provinsi VARCHAR"
MARTS = {
    "anak": f"{_WHO}, {_SECRET}, {_PLACE}, status_padanan VARCHAR, sumber VARCHAR, pkh_terlihat BOOLEAN, yapi_terlihat BOOLEAN",
    "kasus": f"{_WHO}, {_SECRET}, {_PLACE}, agency VARCHAR, feed VARCHAR, nomor VARCHAR, tanggal DATE, kelompok_umur_kejadian VARCHAR,"
    " anak_saat_kejadian BOOLEAN, status_padanan VARCHAR, klaster VARCHAR, jenis_kasus VARCHAR, peran VARCHAR, tindak_lanjut VARCHAR,"
    " status VARCHAR, dirujuk BOOLEAN, sampai_layanan BOOLEAN, tanggal_layanan DATE, pasal VARCHAR, tahap VARCHAR, diversi VARCHAR,"
    " diversi_dapat BOOLEAN, penempatan VARCHAR",
    "layanan": f"{_WHO}, {_SECRET}, {_PLACE}, jenis VARCHAR, tanggal DATE, kelompok_umur_kejadian VARCHAR, anak BOOLEAN,"
    " status_padanan VARCHAR, no_kasus VARCHAR, rujukan_dari VARCHAR, no_rujukan VARCHAR, kluster VARCHAR, komponen VARCHAR,"
    " sentra VARCHAR, status VARCHAR, tanggal_selesai DATE, hasil VARCHAR, kode_ppks VARCHAR, ragam_disabilitas VARCHAR, terlayani BOOLEAN",
    "bantuan": f"{_WHO}, {_SECRET}, {_PLACE}, program VARCHAR, komponen VARCHAR, tahun INTEGER, tahap INTEGER, bulan VARCHAR,"
    " status_salur VARCHAR, tersalur BOOLEAN, berjalan BOOLEAN, tujuan VARCHAR",
    "hunian": f"{_WHO}, {_SECRET}, {_PLACE}, status_padanan VARCHAR, no_td VARCHAR, status_lembaga VARCHAR, akreditasi VARCHAR,"
    " tanggal_masuk DATE, tanggal_keluar DATE, alasan_keluar VARCHAR, terbuka BOOLEAN, status_ortu VARCHAR, orang_tua_hidup BOOLEAN",
    "lembaga": f"{_SECRET}, {_PLACE}, no_td VARCHAR, nama_lks VARCHAR, jenis VARCHAR, aktif BOOLEAN, kapasitas INTEGER,"
    " jumlah_anak INTEGER, penghuni BIGINT, peringkat VARCHAR, tanggal_sk DATE, tanggal_akhir DATE, akreditasi VARCHAR",
    "pekerja_sosial": f"{_WHO}, {_SECRET}, {_PLACE}, jabatan VARCHAR, bersertifikat BOOLEAN, str_akhir DATE, berizin BOOLEAN",
    "rumah_aman": f"{_SECRET}, {_PLACE}, id_rumah_aman VARCHAR, kapasitas INTEGER, jenis_sertifikat VARCHAR, sertifikat_akhir DATE,"
    " bersertifikat BOOLEAN",
    "pengawasan": f"{_SECRET}, {_PLACE}, no_was VARCHAR, tanggal DATE, objek_jenis VARCHAR, nama_lks VARCHAR, no_td VARCHAR,"
    " status_lembaga VARCHAR, temuan VARCHAR, jumlah_temuan BIGINT, temuan_kekerasan BOOLEAN, ada_rekomendasi BOOLEAN, batas DATE,"
    " status VARCHAR, lewat_batas BOOLEAN",
    "temuan": f"{_SECRET}, {_PLACE}, no_was VARCHAR, tanggal DATE, nama_lks VARCHAR, no_td VARCHAR, status_lembaga VARCHAR,"
    " temuan VARCHAR, rekomendasi VARCHAR, batas DATE, status VARCHAR, selesai BOOLEAN, lewat_batas BOOLEAN, penghuni BIGINT",
    "child_category": f"person_id VARCHAR, agency VARCHAR, {_SECRET}, kategori VARCHAR, aturan VARCHAR, kecocokan VARCHAR, sumber VARCHAR,"
    " dari DATE, sampai DATE",
    "child_journey": f"{_WHO}, {_SECRET}, {_PLACE}, agency VARCHAR, nomor VARCHAR, tanggal DATE, kelompok_umur_kejadian VARCHAR,"
    " anak_saat_kejadian BOOLEAN, tahap VARCHAR, dirujuk BOOLEAN, sampai_layanan BOOLEAN, jarak_layanan VARCHAR, lama_layanan VARCHAR",
    "wilayah": "kode VARCHAR, nama VARCHAR, tingkat VARCHAR, kode_induk VARCHAR, kode_kini VARCHAR, dasar VARCHAR, dari DATE, sampai DATE",
    "indicator": "indicator_code VARCHAR, periode VARCHAR, tingkat VARCHAR, kode_kemendagri VARCHAR, kategori VARCHAR,"
    " jenis_kelamin VARCHAR, kelompok_umur VARCHAR, numerator BIGINT, denominator BIGINT, value DOUBLE, lower DOUBLE, upper DOUBLE,"
    " baseline DOUBLE, target DOUBLE, cakupan_sumber VARCHAR, dtsen_versi DATE, suppressed BOOLEAN, run_id VARCHAR",
    "indicator_definition": "indicator_code VARCHAR, nama VARCHAR, rumus VARCHAR, pembilang VARCHAR, penyebut VARCHAR, satuan VARCHAR,"
    " periode VARCHAR, kategori VARCHAR, sumber VARCHAR, pemilik VARCHAR, dasar_kebijakan VARCHAR, sensitif BOOLEAN,"
    " tingkat_terendah VARCHAR, baseline DOUBLE, baseline_keterangan VARCHAR, target DOUBLE, galat DOUBLE",
}
#: Tables of which an agency is shown its own view: there they lie, with whose row it is.
OWN = {table.name: table.relation for audience in AUDIENCES.values() for table in audience.tables if table.own_view}

# kpai-1 and both are in KPAI's rows; both, aid-1 and worker-1 in Kemensos's; abh-1 in Ditjenpas's alone.
_ROWS = {
    "anak": [
        {"person_id": "kpai-1", "agency": "kpai", "pkh_terlihat": False, "status_padanan": "ditemukan"},
        {"person_id": "both", "agency": "kpai", "pkh_terlihat": True, "status_padanan": "ditemukan"},
        {"person_id": "both", "agency": "kemensos", "pkh_terlihat": True},
        {"person_id": "aid-1", "agency": "kemensos", "pkh_terlihat": True},
        {"person_id": "abh-1", "agency": "ditjenpas", "pkh_terlihat": None, "status_padanan": "belum_ditemukan"},
    ],
    "kasus": [
        {"person_id": "kpai-1", "agency": "kpai", "nomor": "PGD-2026-03-00001", "dirujuk": True, "sampai_layanan": False},
        {"person_id": "kpai-1", "agency": "kpai", "nomor": "PGD-2026-04-00002", "dirujuk": False},
        {"person_id": "both", "agency": "kpai", "nomor": PLANTED_CASE, "dirujuk": True, "sampai_layanan": True},
        {"person_id": "abh-1", "agency": "ditjenpas", "nomor": "LIT-2026-77", "pasal": "363"},
    ],
    "child_category": [
        {"person_id": "both", "agency": "kpai", "kategori": "j", "aturan": "kpai: ANAK KORBAN KEKERASAN SEKSUAL"},
        {"person_id": "both", "agency": "kemensos", "kategori": "l", "aturan": "ppks: 05"},
    ],
    "child_journey": [{"person_id": "both", "agency": "kpai", "nomor": PLANTED_CASE, "tahap": "dilayani", "jarak_layanan": "4-7"}],
    "layanan": [
        {"person_id": "both", "agency": "kemensos", "jenis": "ATENSI", "no_kasus": "ATN-1", "no_rujukan": PLANTED_CASE}
    ],
    "bantuan": [
        {"person_id": "aid-1", "agency": "kemensos", "program": "PKH", "tahun": 2026, "tujuan": "layanan"},
        {"person_id": "both", "agency": "kemensos", "program": "PKH", "tahun": 2026, "tujuan": "layanan"},
    ],
    "hunian": [{"person_id": "both", "agency": "kemensos", "no_td": "3273/LKSA/00087", "tanggal_masuk": "2025-01-01", "terbuka": True}],
    "lembaga": [
        {"no_td": "3273/LKSA/00087", "nama_lks": "LKSA MELATI", "peringkat": "A", "tanggal_sk": "2024-01-01", "tanggal_akhir": "2029-01-01"}
    ],
    "pekerja_sosial": [{"person_id": "worker-1", "agency": "kemensos", "jabatan": "PEKSOS", "berizin": True}],
    "rumah_aman": [{"id_rumah_aman": "RA-01", "bersertifikat": True}],
    "pengawasan": [{"no_was": "WAS-1", "nama_lks": "LKSA MELATI", "temuan": "GIZI"}],
    "temuan": [
        {"no_was": "WAS-1", "temuan": "GIZI", "tanggal": "2026-01-05", "batas": "2026-02-05", "status": "TERBUKA"}
    ],
    "wilayah": [
        {"kode": "91.01", "nama": "KAB. MERAUKE", "tingkat": "kabupaten", "kode_kini": "93.01", "sampai": "2022-07-24"},
        {"kode": "93.01", "nama": "Kabupaten Merauke", "tingkat": "kabupaten", "kode_kini": "93.01", "dari": "2022-07-25"},
    ],
    "indicator_definition": [
        {"indicator_code": "I03", "nama": "Anak kasus", "satuan": "bagian", "sensitif": True, "tingkat_terendah": "kabupaten"},
        {"indicator_code": "I06", "nama": "LKSA terakreditasi", "satuan": "bagian", "sensitif": False, "tingkat_terendah": "kabupaten"},
    ],
    "indicator": [
        {"indicator_code": code, "tingkat": level, "kode_kemendagri": region, "numerator": n, "denominator": d}
        for code, level, region, n, d in (
            ("I03", "nasional", "ID", 103, 230),
            ("I03", "provinsi", "32", 63, 130),
            ("I03", "provinsi", "33", 40, 100),
            ("I03", "kabupaten", "32.73", 3, 30),
            ("I03", "kabupaten", "32.04", 20, 40),
            ("I03", "kabupaten", "32.05", 40, 60),
            ("I03", "kabupaten", "33.01", 40, 100),
            ("I06", "nasional", "ID", 1, 2),
        )
    ],
}  # fmt: skip


def make_home(root: Path) -> Home:
    """A home whose warehouse holds the small marts, one code list and one quality check."""
    home = Home(root).prepare()
    with duckdb.connect(str(home.warehouse)) as con:
        for schema in SCHEMAS:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, shape in MARTS.items():
            owned = ", agency VARCHAR" if name in OWN and "agency" not in shape else ""
            con.execute(f"CREATE TABLE {OWN.get(name, f'marts.{name}')} ({shape}{owned})")
        fill(con)
        con.execute("CREATE TABLE codes.codes_peran (kode VARCHAR, nama VARCHAR)")
        con.execute("INSERT INTO codes.codes_peran VALUES ('KORBAN', 'Korban'), ('PELAKU', 'Pelaku')")
        ensure_check_table(con)
        for table in ("raw.kpai__pengaduan", "raw.kemensos__pkh", "link.decision", "marts.kasus"):
            con.execute(
                """INSERT INTO quality."check" VALUES (?, 'baris_habis', ?, 'consistency', 'error', 0, 10, 0, true, now()::TIMESTAMP)""",
                [RUN, table],
            )
    return home


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Put the rows in, every person's row with the planted values in the columns that are not to be served."""
    secret = {"record_id": "rec-9", "nama": PLANTED_NAME, "nik": PLANTED_NIK, "no_kk": PLANTED_KK, "alamat": PLANTED_STREET}
    whole = {"periode": "2026-10", "kategori": "semua", "jenis_kelamin": "semua", "kelompok_umur": "semua", "suppressed": False}
    for name, rows in _ROWS.items():
        for row in rows:
            hidden = secret if "record_id" in MARTS[name] else whole if name == "indicator" else {}
            cells = {**hidden, **row}
            if name == "indicator":
                cells["value"] = row["numerator"] / row["denominator"]
            names, marks = ", ".join(cells), ", ".join("?" for _ in cells)
            con.execute(f"INSERT INTO {OWN.get(name, f'marts.{name}')} ({names}) VALUES ({marks})", list(cells.values()))
