"""From a regency's sheet nobody can tell which child is in a case: whoever has one, the sheet is the same to the last cell.

The attacker holds the sheets of two nights, knows the program, DTSEN and every record of his own agency, and what import answered; only
the records of cases are unknown to him. If nothing that he holds changes with them, there is nothing to tell them by.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

import duckdb
import pytest
from nights import REPO

from padan.home import Home
from padan.keys import load_key
from padan.register import Release
from padan.review.office import KEY, _refusal, _take, export_cases
from padan.review.queue import build_queue
from padan.review.sheet import CASES, HEADS
from padan.workbook import opened

sys.path.append(str(REPO / "tests" / "unit"))
from linkage_world import Row, built, child, crowd, home_of, linked, record, warehouse  # noqa: E402

REGENCY, DAYS = "32.73", (dt.date(2026, 11, 24), dt.date(2026, 11, 25))
#: Between an own record's evidence and a case's, so that the one is in doubt and the other is linked.
SURE = 0.9999
NAMES = ("DEWI SEKARWANGI", "BAGUS PRAKOSA", "RATIH KUSUMADEWI", "YOGA PRATIWANGGA", "LINTANG CAHYANI", "GALIH RAKASIWI", "SEKAR NAWANGSIH",
         "PANDU WIRATSONGKO", "KINANTI LARASATI", "BIMA ANGGARAKSA", "WULAN TRIHAPSARI", "RADEN CAKRABUANA")  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    home = home_of(tmp_path_factory.mktemp("attack") / "home")
    children = [child(n, name, f"20{10 + n % 6}-0{1 + n % 8}-19") for n, name in enumerate(NAMES, 1)]
    return home, built(home, [*children, *crowd(200)])


def own_records() -> list[Row]:
    """What the regency's office knows: a record of each child with a year that is off."""
    return [
        record(n, name, f"20{11 + n % 6}-0{1 + n % 8}-19", feed="ppks", kode_kabupaten=REGENCY, kode_kecamatan=None)
        for n, name in enumerate(NAMES, 1)
    ]


def case_records(secret: set[int]) -> list[Row]:
    """Sure records of those who have a case, at KPAI, in court or in an institution."""
    feeds = (("kpai", "pengaduan"), ("ditjenpas", "abh"), ("kemensos", "lksa_anak"), ("kemensos", "rumah_aman"))
    return [
        record(
            100 + n,
            NAMES[n - 1],
            f"20{10 + n % 6}-0{1 + n % 8}-19",
            agency=feeds[n % 4][0],
            feed=feeds[n % 4][1],
            kode_kecamatan="32.73.01",
        )
        for n in sorted(secret)
    ]


def sheet(con: duckdb.DuckDBPyConnection, home: Home, release: Release, day: dt.date, path: Path) -> list[list[str]]:
    """What goes out, cell by cell in its order, read back as the office opens it."""
    import io

    import openpyxl

    from padan.keys import load_password

    export_cases(con, home, release.path, REGENCY, path, day, "surat tugas 9")
    book = openpyxl.load_workbook(io.BytesIO(opened(path, load_password(home.keys, f"review-{REGENCY}"))))
    return [[str(cell or "") for cell in row] for row in book[CASES].iter_rows(values_only=True)]


def all_that_the_office_sees(place: tuple[Home, Release], secret: set[int], folder: Path) -> list[object]:
    """Two nights: a sheet, what the import of half of it says, and the sheet after."""
    home, release = place
    con, key, seen = warehouse([*own_records(), *case_records(secret)]), load_key(home.keys, KEY), []
    for night, day in enumerate(DAYS):
        linked(con, home, release, f"uji-{night}", link_probability=SURE)
        build_queue(con, lambda *ids: "K-" + "-".join(ids), day, f"uji-{night}")
        rows = sheet(con, home, release, day, folder / f"{night}.xlsx")
        seen.append(rows)
        for row in rows[1::2]:
            cells, seal = tuple(row[: len(HEADS) - 3]), row[-1]
            seen.append(_refusal(con, key, cells, "SAMA", "dokumen diperiksa", seal, REGENCY))
            seen.append(_take(con, release.path, cells[0], "SAMA", "dokumen diperiksa", "petugas", key, 0.1))
    return seen


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))])
def test_whoever_has_a_case_the_office_sees_the_same(place: tuple[Home, Release], seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    without = all_that_the_office_sees(place, set(), tmp_path / "a")
    secret = set(dice.sample(range(1, len(NAMES) + 1), 6))
    assert all_that_the_office_sees(place, secret, tmp_path / "b") == without
    first, second = (rows for rows in without if isinstance(rows, list))
    assert len(first) > 6, "a sheet without rows proves nothing"
    assert len(second) < len(first), "what was answered does not come again, decided or not"


def test_the_centre_still_decides_whom_a_case_touches(place: tuple[Home, Release], tmp_path: Path) -> None:
    home, release = place
    con = warehouse([*own_records(), *case_records({1, 2, 3, 4})])
    linked(con, home, release, link_probability=SURE)
    build_queue(con, lambda *ids: "K-" + "-".join(ids), DAYS[0], "uji")
    touched = con.execute(
        """SELECT bool_and(c.centre_decides), count(*) FROM review.case c JOIN link.decision d USING (record_id)
        WHERE NOT centre_only AND d.person_id IN (SELECT person_id FROM link.decision WHERE agency IN ('kpai', 'ditjenpas'))"""
    ).fetchall()[0]
    assert touched[0] and touched[1] > 0
    rows, key = sheet(con, home, release, DAYS[0], tmp_path / "x.xlsx"), load_key(home.keys, KEY)
    for row in rows[1:]:
        _take(con, release.path, row[0], "SAMA", "dokumen diperiksa", "petugas", key, 0.0)
    ruled = {row[0] for row in con.execute("SELECT record_id FROM review.ruling").fetchall()}
    decides = dict(con.execute("SELECT record_id, centre_decides FROM review.case WHERE NOT centre_only").fetchall())
    assert ruled == {record_id for record_id, centre in decides.items() if not centre} and any(decides.values())
