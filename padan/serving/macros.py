"""Questions that analysts ask every day, as table macros inside each served file; those with `_pada` answer as of a day."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

#: Signature → the tables it needs, its body, what it answers. A file has those macros whose tables it has.
MACROS = {
    "marts.indikator_terbaru(kode)": (
        {"indicator"},
        "SELECT * FROM marts.indicator WHERE indicator_code = kode"
        " QUALIFY periode = coalesce(max(periode) FILTER (length(periode) = 4) OVER (), max(periode) OVER ())"
        " ORDER BY tingkat, kode_kemendagri, kategori, jenis_kelamin, kelompok_umur",
        "Baris periode terakhir satu indikator: tahun bila ada, selain itu bulan; mis. FROM marts.indikator_terbaru('I04').",
    ),
    "marts.indikator_wilayah(wilayah)": (
        {"indicator", "indicator_definition"},
        "SELECT i.*, d.nama, d.satuan FROM marts.indicator i LEFT JOIN marts.indicator_definition d USING (indicator_code)"
        " WHERE i.kode_kemendagri = wilayah ORDER BY i.indicator_code, i.periode, i.kategori",
        "Semua indikator satu wilayah dengan namanya, mis. FROM marts.indikator_wilayah('32.73').",
    ),
    "marts.wilayah_pada(hari)": (
        {"wilayah"},
        "SELECT * FROM marts.wilayah WHERE coalesce(dari <= hari, true) AND coalesce(sampai >= hari, true) ORDER BY kode",
        "Kode wilayah yang berlaku pada hari itu, mis. FROM marts.wilayah_pada(DATE '2022-01-01').",
    ),
    "marts.lembaga_pada(hari)": (
        {"lembaga"},
        "SELECT * REPLACE (CASE WHEN peringkat IS NULL AND tanggal_akhir IS NULL THEN 'tidak_ada'"
        " WHEN tanggal_sk > hari THEN 'belum_diketahui' WHEN tanggal_akhir < hari THEN 'kedaluwarsa'"
        " WHEN peringkat IS NULL OR tanggal_akhir IS NULL THEN 'tak_diketahui' ELSE 'berlaku' END AS akreditasi)"
        " FROM marts.lembaga ORDER BY no_td",
        "Keadaan akreditasi pada hari itu menurut SK yang kini berlaku; sebelum SK itu: belum_diketahui.",
    ),
    "marts.hunian_pada(hari)": (
        {"hunian"},
        "SELECT * REPLACE (true AS terbuka) FROM marts.hunian WHERE coalesce(tanggal_masuk <= hari, terbuka)"
        " AND coalesce(tanggal_keluar > hari, alasan_keluar IS NULL)",
        "Masa tinggal yang sedang berjalan pada hari itu.",
    ),
    "marts.temuan_pada(hari)": (
        {"temuan"},
        "SELECT * REPLACE (status = 'TERBUKA' AND coalesce(batas < hari, false) AS lewat_batas) FROM marts.temuan"
        " WHERE tanggal <= hari ORDER BY no_was, temuan",
        "Temuan kunjungan sampai hari itu, dan apakah waktu itu sudah lewat batas; statusnya menurut kiriman terakhir.",
    ),
    "marts.kategori_pada(hari)": (
        {"child_category"},
        "SELECT * FROM marts.child_category WHERE coalesce(dari <= hari, true) AND coalesce(sampai > hari, true)",
        "Kategori anak yang berlaku pada hari itu.",
    ),
}


def make_macros(con: duckdb.DuckDBPyConnection, database: str, tables: Collection[str]) -> None:
    """Create the macros over `tables` in an attached file; their bodies name no database, so they work under whatever name it is opened."""
    row = con.execute("SELECT current_database()").fetchone()
    assert row is not None
    con.execute(f"USE {database}")
    try:
        for signature, (needs, body, about) in MACROS.items():
            if needs <= set(tables):
                con.execute(f"CREATE MACRO {signature} AS TABLE {body}")
                con.execute(f"COMMENT ON MACRO TABLE {signature.split('(')[0]} IS '{about.replace(chr(39), chr(39) * 2)}'")
    finally:
        con.execute(f'USE "{row[0]}"')
