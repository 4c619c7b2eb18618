"""Faults of a feed's rows in force, by column: how staging read each cell, and what was set aside. Own keys, no other value.

`quality.scorecard` keeps the counts of every night, for the trend: one row a run, feed, column and fault.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from schemas.extracts.contract import Contract

#: How staging read a cell → what an agency reads of it, and how to mend it.
FAULTS: dict[str, tuple[str, str]] = {
    "kosong": ("kosong", "Isi dari dokumen anak."),
    "missing": ("kosong", "Isi dari kartu keluarga atau akta."),
    "tak_terbaca": ("tidak terbaca", "Tulis ulang dalam bentuk yang dijanjikan kontrak."),
    "tak_dikenal": ("kode tidak dikenal", "Pakai kode dari daftar pada docs/codes.md."),
    "ambigu": ("wilayah bermakna ganda", "Tulis KABUPATEN atau KOTA di depan namanya, atau kirim kodenya."),
    "sebagian": ("tanggal tidak lengkap", "Lengkapi hari dan bulan dari akta."),
    "malformed": ("bukan 16 angka yang mungkin", "Salin ulang dari kartu keluarga sebagai teks."),
    "placeholder": ("isian sementara", "Ganti dengan nomor yang sebenarnya, atau kosongkan."),
    "truncated_by_spreadsheet": ("angka hilang di lembar kerja", "Simpan kolomnya sebagai teks; salin ulang dari sumber."),
    "sex_or_date_conflict": ("NIK berbeda dari tanggal lahir atau jenis kelamin", "Periksa keduanya pada akta; jangan mengubah NIK."),
}
FINE = ("ok", "valid")
#: Columns by which a child is found: an empty one is a fault, and theirs are mended first.
FINDING = ("nik", "nama", "tanggal_lahir", "jenis_kelamin", "kode_kabupaten", "kabupaten", "kode_kecamatan")
_EMPTY = ("kosong", "missing")

_TABLE = """CREATE TABLE IF NOT EXISTS quality.scorecard (run_id VARCHAR NOT NULL, as_of DATE NOT NULL, agency VARCHAR NOT NULL,
    feed VARCHAR NOT NULL, kolom VARCHAR NOT NULL, cela VARCHAR NOT NULL, baris BIGINT NOT NULL, dari BIGINT NOT NULL,
    PRIMARY KEY (run_id, agency, feed, kolom, cela))"""


@dataclass(frozen=True)
class Fault:
    """So many of a feed's rows have this fault in this column."""

    feed: str
    kolom: str
    cela: str
    baris: int
    dari: int

    @property
    def found_by_it(self) -> bool:
        """Whether the column is one by which a child is found."""
        return self.kolom in FINDING


def collect(con: duckdb.DuckDBPyConnection, contract: Contract) -> str | None:
    """Put every fault of the feed's rows in force into the temporary table `cela` (feed, source_file, source_row, kunci, kolom, cela).

    Returns its name, or None where the night did not read the feed.
    """
    feed = contract.feed
    staging, raw = f"staging.stg_{feed.table}", f"raw.{feed.table}__in_force"
    columns = _read_columns(con, feed.table, contract)
    if not columns:
        return None
    key = " || ' / ' || ".join(f"coalesce(r.{name}, '')" for name in feed.key) or "''"
    faulty = {name: f"s.{name}_status NOT IN {FINE if name in FINDING else FINE + _EMPTY}" for name in columns}
    cells = ", ".join(f"CASE WHEN {is_so} THEN {{'kolom': '{name}', 'status': s.{name}_status}} END" for name, is_so in faulty.items())
    # a feed of a nation is mostly sound: its rows are looked up only where a cell is not
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE cela AS
        SELECT '{feed.path}' AS feed, r.source_file, r.source_row, {key} AS kunci, u.kolom, u.status AS cela
        FROM (SELECT record_id, unnest(list_filter([{cells}], lambda u: u IS NOT NULL)) AS u FROM {staging} s
            WHERE {" OR ".join(faulty.values())}) JOIN {raw} r USING (record_id)"""
    )
    return "cela"


def _read_columns(con: duckdb.DuckDBPyConnection, table: str, contract: Contract) -> list[str]:
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'staging' AND table_name = ?", [f"stg_{table}"]
    ).fetchall()
    there = {row[0] for row in found}
    return [c.name for c in contract.columns if f"{c.name}_status" in there]


def remember(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date, contract: Contract) -> list[Fault]:
    """Keep tonight's counts of `cela` in quality.scorecard, instead of those that the run had; the faults, what to mend first first."""
    feed = contract.feed
    con.execute(_TABLE)
    con.execute("DELETE FROM quality.scorecard WHERE run_id = ? AND agency = ? AND feed = ?", [run_id, feed.agency, feed.name])
    con.execute(
        f"""INSERT INTO quality.scorecard SELECT ?, ?, ?, ?, kolom, cela, count(*), (SELECT count(*) FROM raw.{feed.table}__in_force)
        FROM cela GROUP BY kolom, cela""",
        [run_id, as_of, feed.agency, feed.name],
    )
    rows = con.execute(
        "SELECT kolom, cela, baris, dari FROM quality.scorecard WHERE run_id = ? AND agency = ? AND feed = ?",
        [run_id, feed.agency, feed.name],
    ).fetchall()
    faults = [Fault(feed.path, *row) for row in rows]
    return sorted(faults, key=lambda f: (not f.found_by_it, -f.baris, f.kolom, f.cela))


def past(con: duckdb.DuckDBPyConnection, fault: Fault, as_of: dt.date, nights: int) -> list[float]:
    """The fault's share of rows on the last nights up to `as_of`, oldest first; a night that had none counts as nought."""
    agency, name = fault.feed.split("/")
    rows = con.execute(
        """WITH night AS (SELECT as_of, arg_max(run_id, started_at) AS run_id FROM ledger.night
            WHERE as_of <= $as_of AND run_id IN (SELECT run_id FROM quality.scorecard WHERE agency = $agency AND feed = $feed)
            GROUP BY as_of ORDER BY as_of DESC LIMIT $nights)
        SELECT coalesce(max(baris / dari), 0) FROM night LEFT JOIN quality.scorecard s
            ON s.run_id = night.run_id AND agency = $agency AND feed = $feed AND kolom = $kolom AND cela = $cela
        GROUP BY night.as_of ORDER BY night.as_of""",
        {"as_of": as_of, "agency": agency, "feed": name, "kolom": fault.kolom, "cela": fault.cela, "nights": nights},
    ).fetchall()
    return [float(row[0]) for row in rows]
