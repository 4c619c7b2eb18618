"""Deliveries of a first real night, in proportion: a register release, and PKH, PPKS and cases drawn from its children.

The release is written as it is made (bench.population); the others are drawn in SQL from its file. The small feeds (institutions,
workers, visits, services) are those of `padan.synth`, whose few persons join the register.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb

from bench.population import STREAMED, address_sql, delivered_sql, load_lists, persons_sql
from padan.synth import generate
from padan.synth.deliver import Dress, write_file, write_manifest
from schemas.extracts import contracts
from schemas.extracts.contract import Csv

REGIONS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds" / "codes_wilayah.csv"

REGISTER = ("dtsen/anggota", "dtsen/keluarga")
#: Feeds whose rows are drawn here; `padan.synth` makes the rest.
DRAWN = ("kemensos/pkh", "kemensos/ppks", "kpai/pengaduan", "ditjenpas/abh")

SEED = 1

_MACROS = (
    # a draw from [0, 1) that depends on the row and on what is drawn, never on order or threads
    "draw(which, what) AS (md5_number_lower(which || what) % 1000000) / 1000000.0",
    "one_of(which, what, things) AS things[1 + CAST(floor(draw(which, what) * len(things)) AS INTEGER)]",
    "typed_nik(which, nik) AS CASE WHEN draw(which, 'nik') < 0.11 THEN NULL WHEN draw(which, 'nik') < 0.16 THEN "
    "substr(nik, 1, 11) || ((CAST(substr(nik, 12, 1) AS INTEGER) + 3) % 10) || substr(nik, 13) ELSE nik END",
    "typed_name(which, nama) AS CASE WHEN draw(which, 'nama') < 0.04 THEN substr(nama, 1, 3) || substr(nama, 5) "
    "WHEN draw(which, 'nama') < 0.07 THEN regexp_replace(nama, ' [A-Z]+$', '') ELSE nama END",
    "typed_date(which, day, form) AS CASE WHEN draw(which, 'lahir') < 0.02 THEN NULL "
    "WHEN draw(which, 'lahir') < 0.04 THEN strftime(CAST(day AS DATE) + INTERVAL 1 YEAR, form) ELSE strftime(CAST(day AS DATE), form) END",
    "sex(code) AS CASE code WHEN '1' THEN 'L' WHEN '2' THEN 'P' END",
)

_CHILD = """
CREATE TEMP TABLE child AS
SELECT concat_ws('/', a.id_keluarga, a.nik, a.nama) AS which, a.*, k.kode_kecamatan
FROM (SELECT id_keluarga, no_kk, nik, nama, nama_ibu, tanggal_lahir, jenis_kelamin FROM anggota
    WHERE hubungan_kepala = '3' AND CAST(tanggal_lahir AS DATE) > DATE '{as_of}' - INTERVAL 18 YEAR
    AND draw(id_keluarga, 'dipilih') < {share}) a
JOIN keluarga k USING (id_keluarga)
"""

_PKH = """
SELECT substr(md5(c.which), 1, 12) AS "ID_PKH", w.nik AS "NIK_PENGURUS", w.nama AS "NAMA_PENGURUS", c.no_kk AS "NOKK",
    typed_nik(c.which, c.nik) AS "NIK_KOMPONEN",
    typed_name(c.which, c.nama) AS "NAMA_KOMPONEN", typed_date(c.which, c.tanggal_lahir, '%d/%m/%Y') AS "TGL_LAHIR",
    sex(c.jenis_kelamin) AS "JK",
    one_of(c.which, 'komponen', ['AUD', 'SD', 'SMP', 'SMA']) AS "KOMPONEN", '4' AS "TAHAP", '{year}' AS "TAHUN", '225.000,00' AS "NOMINAL",
    one_of(c.which, 'bank', ['BRI', 'BNI', 'MANDIRI', 'BSI']) AS "BANK",
    one_of(c.which, 'salur', ['SALUR', 'SALUR', 'GAGAL']) AS "STATUS_SALUR",
    replace(substr(c.kode_kecamatan, 1, 5), '.', '') AS "KDKAB"
FROM {drawn} c
LEFT JOIN (SELECT id_keluarga, min(nik) AS nik, min_by(nama, nik) AS nama FROM anggota
    WHERE hubungan_kepala IN ('1', '2') AND jenis_kelamin = '2' AND id_keluarga IN (SELECT id_keluarga FROM child) GROUP BY 1) w
    USING (id_keluarga)
ORDER BY md5(c.which)
"""

_PPKS = """
SELECT row_number() OVER (ORDER BY md5(which || 'ppks')) AS "NO",
    one_of(which, 'ppks', ['01', '02', '04', '05', '06', '07']) AS "KODE_PPKS",
    CASE WHEN draw(which, 'ada') < 0.6 THEN typed_nik(which, nik) END AS "NIK", CASE WHEN draw(which, 'kk') < 0.3 THEN no_kk END AS "NOKK",
    typed_name(which, nama) AS "NAMA", typed_date(which, tanggal_lahir, '%Y-%m-%d') AS "TGL_LAHIR", sex(jenis_kelamin) AS "JK",
    NULL AS "RAGAM_DISABILITAS", kode_kecamatan AS "KDKEC", one_of(which, 'layan', ['SUDAH', 'BELUM']) AS "TERLAYANI",
    '{as_of}' AS "TGL_DATA"
FROM {drawn} ORDER BY md5(which || 'ppks')
"""

_PENGADUAN = """
SELECT NULL AS no, 'PGD-{month}-' || lpad(CAST(row_number() OVER (ORDER BY md5(which || 'kpai')) AS VARCHAR), 7, '0') AS no_pengaduan,
    DATE '{as_of}' - CAST(draw(which, 'hari') * 300 AS INTEGER) AS tanggal,
    one_of(which, 'kanal', ['DARING', 'TELEPON', 'LANGSUNG', 'SURAT']) AS kanal,
    one_of(which, 'pelapor', ['IBU', 'AYAH', 'KERABAT']) AS hubungan_pelapor, typed_name(which, nama) AS nama,
    sex(jenis_kelamin) AS jenis_kelamin,
    NULL AS usia, CASE WHEN draw(which, 'ada') < 0.8 THEN typed_date(which, tanggal_lahir, '%d/%m/%Y') END AS tanggal_lahir,
    CASE WHEN draw(which, 'nikada') < 0.3 THEN typed_nik(which, nik) END AS nik, CASE WHEN draw(which, 'kk') < 0.25 THEN no_kk END AS no_kk,
    CASE WHEN draw(which, 'ibu') < 0.6 THEN nama_ibu END AS nama_ibu, r.nama_kab AS kabupaten,
    'LINGKUNGAN KELUARGA DAN PENGASUHAN ALTERNATIF' AS klaster,
    'PENELANTARAN' AS jenis_kasus, 'KORBAN' AS peran, 'AYAH' AS hubungan_pelaku, NULL AS nama_lks, 'RUJUKAN' AS tindak_lanjut,
    one_of(which, 'status', ['PROSES', 'DIRUJUK', 'TERMINASI']) AS status
FROM {drawn} JOIN region r ON r.kode = substr(kode_kecamatan, 1, 5) ORDER BY md5(which || 'kpai')
"""

_ABH = """
SELECT 'LIT-' || lpad(CAST(row_number() OVER (ORDER BY md5(which || 'abh')) AS VARCHAR), 7, '0') AS no_litmas,
    typed_name(which, nama) AS nama,
    typed_date(which, tanggal_lahir, '%d/%m/%Y') AS tanggal_lahir, sex(jenis_kelamin) AS jenis_kelamin,
    CASE WHEN draw(which, 'nikada') < 0.6 THEN typed_nik(which, nik) END AS nik, r.nama_kab AS kabupaten, '476 UU 1/2023' AS pasal,
    'PENYIDIKAN' AS tahap, NULL AS diversi, NULL AS penempatan,
    DATE '{as_of}' - CAST(draw(which, 'hari') * 200 AS INTEGER) AS tanggal_litmas
FROM {drawn} JOIN region r ON r.kode = substr(kode_kecamatan, 1, 5) ORDER BY md5(which || 'abh')
"""


def write_landing(out: Path, release: dt.date, as_of: dt.date, *, register: int, pkh: int, ppks: int, cases: int, tmp: Path) -> None:
    """Write `out/<agency>/<feed>/<date>/` for every feed; `cases` rows are split between complaints and inquiries.

    A family and its children are drawn by hash, so that the same register gives the same files.
    """
    _write_small_feeds(out, as_of)
    con = _open(tmp)
    _write_register(con, out, release, register)
    _draw_children(con, as_of, register, max(pkh, ppks, cases))
    day = {"as_of": as_of.isoformat(), "year": as_of.year, "month": f"{as_of:%Y-%m}"}
    _write_csv(con, out, "kemensos/pkh", as_of, _PKH.format(drawn=_drawn("", pkh), **day))
    _write_csv(con, out, "kemensos/ppks", as_of, _PPKS.format(drawn=_drawn("ppks", ppks), **day))
    _write_workbook(con, out, "kpai/pengaduan", as_of, _PENGADUAN.format(drawn=_drawn("kpai", cases * 3 // 4), **day))
    _write_workbook(con, out, "ditjenpas/abh", as_of, _ABH.format(drawn=_drawn("abh", cases // 4), **day))
    con.close()


def write_next_pkh(out: Path, first: dt.date, following: dt.date, tmp: Path) -> None:
    """The PKH delivery of `first` again on `following`: one row in a hundred has another status, one in a thousand another name."""
    con = duckdb.connect()
    con.execute("SET temp_directory = ?", [str(tmp)])
    for macro in _MACROS:
        con.execute(f"CREATE TEMP MACRO {macro}")
    source = out / "kemensos" / "pkh" / first.isoformat() / "pkh.csv"
    sql = f"""SELECT * REPLACE (CASE WHEN draw("ID_PKH", 'ubah') < 0.01 THEN 'SALUR - KKS' ELSE "STATUS_SALUR" END AS "STATUS_SALUR",
        CASE WHEN draw("ID_PKH", 'ubah') < 0.001 THEN substr("NAMA_KOMPONEN", 2) ELSE "NAMA_KOMPONEN" END AS "NAMA_KOMPONEN")
        FROM read_csv('{source}', delim = ';', all_varchar = true, header = true)"""
    _write_csv(con, out, "kemensos/pkh", following, sql)
    con.close()


def _drawn(what: str, rows: int) -> str:
    """The children whom a feed is about, drawn by hash: by their names alone, since what a LIMIT keeps stays in memory."""
    return f"(SELECT * FROM child SEMI JOIN (SELECT which FROM child ORDER BY md5(which || '{what}') LIMIT {rows}) USING (which))"


def _open(tmp: Path) -> duckdb.DuckDBPyConnection:
    tmp.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    for setting in ("memory_limit = '14GB'", "threads = 2", f"temp_directory = '{tmp}'", "preserve_insertion_order = false"):
        con.execute(f"SET {setting}")
    for macro in _MACROS:
        con.execute(f"CREATE TEMP MACRO {macro}")
    con.execute(
        f"CREATE TEMP TABLE region AS SELECT kode, upper(nama) AS nama_kab FROM read_csv('{REGIONS}', all_varchar = true) "
        "WHERE tingkat IN ('kabupaten', 'kota')"
    )
    return con


def _draw_children(con: duckdb.DuckDBPyConnection, as_of: dt.date, persons: int, wanted: int) -> None:
    """Table `child`: children of whole families, somewhat more than `wanted`."""
    # about 0.35 of the persons are children of a head of family; a quarter more, so that no delivery comes short
    con.execute(_CHILD.format(as_of=as_of.isoformat(), share=min(1.0, 1.25 * wanted / (0.25 * persons))))


def _write_small_feeds(out: Path, as_of: dt.date) -> None:
    made = out.with_name(out.name + ".synth")
    generate(made, persons=2000, seed=7, nights=1, as_of=as_of)
    shutil.copytree(made / "landing", out)
    shutil.rmtree(made)
    for feed in DRAWN:
        shutil.rmtree(out / feed, ignore_errors=True)


def _write_register(con: duckdb.DuckDBPyConnection, out: Path, release: dt.date, persons: int) -> None:
    """The release and the persons of the small feeds, as one delivery; views `anggota` and `keluarga` of the release in it."""
    load_lists(con)
    con.execute(STREAMED)
    con.execute(f"CREATE TEMP TABLE nomor AS SELECT i AS n FROM range({persons}) t(i)")
    con.execute(f"CREATE TEMP VIEW orang AS {persons_sql(address_sql('FROM nomor'), SEED, release)}")
    for feed in REGISTER:
        contract = contracts()[feed]
        table = contract.feed.name
        small = next((out / feed).glob("*/*.parquet"))
        large = ", ".join(f'"{column.name}" AS "{column.delivered}"' for column in contract.columns)
        known = ", ".join(f'CAST("{column.delivered}" AS VARCHAR) AS "{column.delivered}"' for column in contract.columns)
        added = known.replace('CAST("dtsen_versi" AS VARCHAR)', f"'{release}'").replace(
            'CAST("id_keluarga" AS VARCHAR)', "'SYN-' || id_keluarga"
        )
        aside = small.rename(out / f"{table}.small")
        shutil.rmtree(out / feed)
        path = _folder(out, feed, release) / "rilis.parquet"
        con.execute(
            f"COPY (SELECT {large} FROM ({delivered_sql(table, release)}) UNION ALL SELECT {added} FROM read_parquet('{aside}')) "
            f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )
        aside.unlink()
        write_manifest(path.parent)
        read = ", ".join(f'"{column.delivered}" AS "{column.name}"' for column in contract.columns)
        con.execute(f"CREATE TEMP VIEW {table} AS SELECT {read} FROM read_parquet('{path}') WHERE id_keluarga NOT LIKE 'SYN-%'")
    con.execute("DROP TABLE nomor CASCADE; RESET disabled_optimizers")


def _write_csv(con: duckdb.DuckDBPyConnection, out: Path, feed: str, day: dt.date, sql: str) -> None:
    form = contracts()[feed].feed.format
    assert isinstance(form, Csv)
    folder = _folder(out, feed, day)
    con.execute(f"COPY ({sql}) TO '{folder / (feed.split('/')[1] + '.csv')}' (FORMAT csv, HEADER, DELIMITER '{form.delimiter}')")
    write_manifest(folder)


def _write_workbook(con: duckdb.DuckDBPyConnection, out: Path, feed: str, day: dt.date, sql: str) -> None:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    folder = _folder(out, feed, day)
    write_file(contracts()[feed], folder / f"{feed.split('/')[1]}.xlsx", rows, Dress(title=contracts()[feed].feed.title), day)
    write_manifest(folder)


def _folder(out: Path, feed: str, day: dt.date) -> Path:
    folder = out / feed / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
