"""Non-interference over a whole night: take every case away, link anew, and nothing that goes to Kemensos about a person changes."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest
from nights import AS_OF, RanNight, run_night, same_keys

from padan.home import Home
from padan.keys import load_password
from padan.register import current_release
from padan.review.office import export_cases
from padan.review.sheet import CASES
from padan.workbook import opened
from schemas.sharing import AUDIENCES

OF_CASES = ("kpai/pengaduan", "ditjenpas/abh")


def own_rows(night: RanNight, table: str, columns: str) -> list[tuple[object, ...]]:
    """Rows of Kemensos's file, persons by what they have in common and not by their pseudonym (keys differ from home to home)."""
    with duckdb.connect(str(night.home / "serving" / "current" / "kemensos" / "padan.duckdb"), read_only=True) as con:
        return con.execute(f"SELECT {columns} FROM marts.{table} ORDER BY ALL").fetchall()


def lists(night: RanNight) -> dict[str, list[list[str]]]:
    """Office → rows of its list but for their ids, in the order of file and row."""
    found = {}
    for path in sorted((night.home / "returns" / "kemensos" / "daftar").rglob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            found[path.name] = sorted(row[1:] for row in list(csv.reader(file, delimiter=";"))[1:])
    return found


def sheets(night: RanNight, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Regency → every cell of the sheet of doubtful matches that its office gets, in the order in which it reads them."""
    home = Home(Path(shutil.copytree(night.home, folder, symlinks=True)))
    release = current_release(home, AS_OF)
    assert release is not None
    with duckdb.connect(str(home.warehouse)) as con:
        regencies = [
            row[0] for row in con.execute("SELECT DISTINCT kode_kabupaten FROM review.case WHERE NOT centre_only ORDER BY 1").fetchall()
        ]
        found = {}
        for regency in filter(None, regencies):
            path = folder / f"{regency}.xlsx"
            export_cases(con, home, release.path, regency, path, AS_OF, "surat tugas 9")
            book = openpyxl.load_workbook(io.BytesIO(opened(path, load_password(home.keys, f"review-{regency}"))))
            found[regency] = list(book[CASES].iter_rows(values_only=True))
    return found


@pytest.mark.long
def test_whatever_is_delivered_about_cases_kemensos_is_shown_the_same(small_night: RanNight, tmp_path: Path) -> None:
    same_keys(small_night, tmp_path / "home")
    landing = tmp_path / "landing"
    shutil.copytree(small_night.landing, landing)
    for feed in OF_CASES:
        shutil.rmtree(landing / feed)
    bare = run_night(landing, tmp_path / "home")
    assert bare.exit_code == 0, bare.stderr
    for table in AUDIENCES["kemensos"].tables:
        if table.has_persons:
            columns = ", ".join(column.name for column in table.columns if column.name != "pseudonim")
            assert own_rows(bare, table.name, columns) == own_rows(small_night, table.name, columns), table.name
    assert lists(bare) == lists(small_night)
    assert lists(bare), "no list, nothing proven"
    ours = sheets(small_night, tmp_path / "with")
    assert sheets(bare, tmp_path / "without") == ours
    assert sum(len(rows) - 1 for rows in ours.values()) > 0, "no sheet, nothing proven"
