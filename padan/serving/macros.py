"""Questions that analysts ask every day, as table macros inside each served file."""

from __future__ import annotations

import duckdb

MACROS = {
    "marts.indikator_terbaru(kode)": (
        "SELECT * FROM marts.indicator WHERE indicator_code = kode"
        " QUALIFY periode = coalesce(max(periode) FILTER (length(periode) = 4) OVER (), max(periode) OVER ())"
        " ORDER BY tingkat, kode_kemendagri, kategori, jenis_kelamin, kelompok_umur",
        "Baris periode terakhir satu indikator: tahun bila ada, selain itu bulan; mis. FROM marts.indikator_terbaru('I04').",
    ),
    "marts.indikator_wilayah(wilayah)": (
        "SELECT i.*, d.nama, d.satuan FROM marts.indicator i LEFT JOIN marts.indicator_definition d USING (indicator_code)"
        " WHERE i.kode_kemendagri = wilayah ORDER BY i.indicator_code, i.periode, i.kategori",
        "Semua indikator satu wilayah dengan namanya, mis. FROM marts.indikator_wilayah('32.73').",
    ),
}


def make_macros(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Create the macros in an attached file; their bodies name no database, so they work under whatever name it is opened."""
    row = con.execute("SELECT current_database()").fetchone()
    assert row is not None
    con.execute(f"USE {database}")
    try:
        for signature, (body, about) in MACROS.items():
            con.execute(f"CREATE MACRO {signature} AS TABLE {body}")
            con.execute(f"COMMENT ON MACRO TABLE {signature.split('(')[0]} IS '{about.replace(chr(39), chr(39) * 2)}'")
    finally:
        con.execute(f'USE "{row[0]}"')
