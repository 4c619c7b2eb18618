"""An installation with a landing folder of its own, in which tests deliver files and take them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from padan.config import PadanConfig, WithdrawalAnswer
from padan.home import Home
from padan.intake.feed import take_feed
from padan.intake.outcome import FeedIntake, IntakeContext
from padan.intake.tables import prepare
from padan.warehouse import connect
from schemas.extracts import contracts
from schemas.extracts.contract import Contract, Csv

NIGHT = dt.date(2026, 11, 24)
DAY = "2026-11-23"
KEY = b"k" * 32


@dataclass
class Desk:
    """One installation: deliver files, take them, look at what came of them."""

    root: Path
    con: duckdb.DuckDBPyConnection
    home: Home
    answers: tuple[WithdrawalAnswer, ...] = ()
    contracts: dict[str, Contract] = field(default_factory=contracts)
    prepared: dt.date | None = None

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    def deliver(self, feed: str, content: bytes | str, name: str = "data.csv", day: str = DAY, manifest: str | None = None) -> Path:
        folder = self.landing / feed / day
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        if manifest is not None:
            (folder / "MANIFEST.sha256").write_text(manifest)
        return folder / name

    def context(self, as_of: dt.date = NIGHT, **changes: Any) -> IntakeContext:
        config = PadanConfig(withdrawals=self.answers)
        return replace(IntakeContext(self.con, self.home, config, self.landing, as_of, "malam-1", KEY), **changes)

    def take(self, feed: str, as_of: dt.date = NIGHT, **changes: Any) -> FeedIntake:
        if self.prepared != as_of:
            prepare(self.con, as_of)
            self.prepared = as_of
        return take_feed(self.context(as_of, **changes), self.contracts[feed])

    def all(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, list(parameters)).fetchall()

    def in_force(self, feed: str, columns: str = "*") -> list[tuple[Any, ...]]:
        return sorted(self.all(f"SELECT {columns} FROM raw.{feed.replace('/', '__')}__in_force"))

    def quarantine(self) -> list[tuple[int, str]]:
        return self.all("SELECT source_row, rule FROM quality.quarantine WHERE status = 'open' ORDER BY ALL")


@contextmanager
def desk(root: Path) -> Iterator[Desk]:
    home = Home(root / "home").prepare()
    with connect(home, PadanConfig().machine) as con:
        (root / "landing").mkdir(exist_ok=True)
        yield Desk(root, con, home)


def sha256_line(path: Path, name: str | None = None) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name or path.name}\n"


#: One good row of each kind of feed that tests deliver; overrides are by standard column name.
GOOD = {
    "kemensos/pkh": {
        "id_pkh": "0001", "nik_wali": "3201015001800001", "nama_wali": "SITI", "no_kk": "3201010101010001", "nik": "3201010101150001",
        "nama": "BUDI", "tanggal_lahir": "01/01/2015", "jenis_kelamin": "L", "komponen": "SD", "tahap": "1", "tahun": "2026",
        "nominal": "225.000,00", "bank": "BRI", "status_salur": "SALUR", "kode_kabupaten": "32.01",
    },
    "kemensos/ppks": {
        "no": "1", "kode_ppks": "09", "nik": "3201010101150001", "no_kk": "3201010101010001", "nama": "BUDI",
        "tanggal_lahir": "2015-01-01", "jenis_kelamin": "L", "ragam_disabilitas": "FISIK", "kode_kecamatan": "32.01.01",
        "terlayani": "BELUM", "tanggal_data": "2026-10-25",
    },
    "kemensos/rumah_aman": {
        "id_rumah_aman": "RA-1", "kode_kabupaten": "32.01", "kapasitas": "7", "jenis_sertifikat": "LPKRA", "no_sertifikat": "L-1",
        "sertifikat_akhir": "2027-01-13",
    },
    "kemensos/lks": {
        "no": 1, "no_td": "3201/LKSA/1", "nama_lks": "LKSA SATU", "jenis": "LKSA", "alamat": "JL MAWAR", "kode_kabupaten": "32.01",
        "kapasitas": 75, "jumlah_anak": 13, "peringkat": "A", "tanggal_sk": "1-9-24", "tanggal_akhir": "2029-09-01", "aktif": "YA",
    },
    "kpai/pengawasan": {
        "no_was": "WAS-1", "tanggal": "2026-05-10", "objek_jenis": "LKSA", "nama_lks": "LKSA SATU", "kabupaten": "KAB. BOGOR",
        "temuan": [], "rekomendasi": ["PERBAIKAN"], "batas": "2026-12-31", "status": "SELESAI",
    },
}  # fmt: skip


def row(feed: str, **changes: Any) -> dict[str, Any]:
    """A good row of the feed with some cells changed."""
    return GOOD[feed] | changes


def header(feed: str) -> list[str]:
    return [c.delivered for c in contracts()[feed].columns]


def cells(feed: str, values: dict[str, Any]) -> list[Any]:
    return [values[c.name] for c in contracts()[feed].columns]


def csv_text(feed: str, rows: Sequence[dict[str, Any]], *, columns: Sequence[str] | None = None, end: str = "\n", tail: str = "") -> str:
    """A delivery in the contract's own delimiter, unquoted."""
    form = contracts()[feed].feed.format
    assert isinstance(form, Csv)
    lines = [list(columns or header(feed)), *(cells(feed, r) for r in rows)]
    return "".join(form.delimiter.join(str(c) for c in line) + end for line in lines) + tail


def pkh(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Good PKH rows with keys of their own."""
    return [row("kemensos/pkh", id_pkh=f"{n:04d}", **changes) for n in range(1, count + 1)]


def workbook(rows: Sequence[Sequence[Any]], *, merge: Sequence[tuple[int, int, int, Any]] = (), sheets: int = 1) -> bytes:
    """An XLSX of the given cells; `merge`: first row, last row, column, value; `sheets`: the same sheet so many times."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for at, line in enumerate(rows):
                for column, cell in enumerate(line):
                    if cell is not None:
                        sheet.write(at, column, cell)
            for first, last, column, value in merge:
                sheet.merge_range(first, column, last, column, value)
    return buffer.getvalue()
