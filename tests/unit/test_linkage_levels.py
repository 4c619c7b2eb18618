"""Every level of every comparison of persons, fired on a case of its own, the same from either side."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

from padan.linkage.person_v1.definition import COMPARISONS
from padan.linkage.person_v1.levels import create_level_macros
from padan.register.postings import create_key_macros

#: Bits of agreement on a word: rarer than one in a thousand, one in thirty, one in four.
RARE, COMMON, VERY_COMMON = 12.0, 5.0, 2.0


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_key_macros(con)
    create_level_macros(con)
    return con


def words(**bits: float) -> list[dict[str, Any]]:
    return [{"k": w, "l": w.replace("Y", "I"), "b": b, "c": b - 1} for w, b in bits.items()]


def person(**known: Any) -> dict[str, Any]:
    """A row of a model table; `nama` and `ibu` are given as words with their bits."""
    row: dict[str, Any] = dict.fromkeys(
        ("nik", "nik_keluarga", "no_kk", "keluarga", "nik_wali", "tanggal_lahir", "kelompok_umur", "tanggal_acuan", "jenis_kelamin", "wali",
         "kode_kecamatan", "kode_kabupaten", "kode_kabupaten_lama")
    )  # fmt: skip
    for name in ("nama", "ibu"):
        tokens = known.pop(name, None)
        row[f"{name}_kata"] = tokens
        row[name] = " ".join(sorted(t["k"] for t in tokens)) if tokens else None
        row[f"{name}_longgar"] = " ".join(sorted(t["l"] for t in tokens)) if tokens else None
        row[f"{name}_rapat"] = "".join(t["k"] for t in tokens) if tokens else None
    return {**row, "presisi": "day" if known.get("tanggal_lahir") else "none", **known}


TYPES = {
    "nik": "VARCHAR", "nik_keluarga": "INTEGER", "no_kk": "VARCHAR", "keluarga": "INTEGER", "nik_wali": "VARCHAR", "tanggal_lahir": "DATE",
    "presisi": "VARCHAR", "kelompok_umur": "VARCHAR", "tanggal_acuan": "DATE", "jenis_kelamin": "VARCHAR", "wali": "VARCHAR[]",
    "kode_kecamatan": "VARCHAR", "kode_kabupaten": "VARCHAR", "kode_kabupaten_lama": "VARCHAR",
    **{f"{n}{s}": "VARCHAR" for n in ("nama", "ibu") for s in ("", "_longgar", "_rapat")},
    **{f"{n}_kata": "STRUCT(k VARCHAR, l VARCHAR, b DOUBLE, c DOUBLE)[]" for n in ("nama", "ibu")},
}  # fmt: skip


def level(con: duckdb.DuckDBPyConnection, name: str, left: dict[str, Any], right: dict[str, Any]) -> int | None:
    comparison = next(c for c in COMPARISONS if c.name == name)
    columns = [f"CAST($l.{c} AS {t}) AS {c}_l, CAST($r.{c} AS {t}) AS {c}_r" for c, t in TYPES.items()]
    sql = f"SELECT CASE WHEN {comparison.null} THEN NULL ELSE {comparison.sql} END FROM (SELECT {', '.join(columns)})"
    return con.execute(sql, {"l": left, "r": right}).fetchall()[0][0]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CASES: list[tuple[str, dict[str, Any], dict[str, Any], int | None]] = [
    ("nik", {"nik": "3273010101100001"}, {"nik": "3273010101100001"}, 5),
    ("nik", {"nik": "3273010101100001"}, {"nik": "3273010101100007"}, 4),
    ("nik", {"nik": "3273010101100001"}, {"nik": "3273010101010001"[:6] + "0110" + "100001"}, 4),  # neighbours swapped
    (
        "nik",
        {"nik": "3273010101100001", "tanggal_lahir": day("2010-01-01")},
        {"nik": "3273010101100007", "tanggal_lahir": day("2010-01-01")},
        3,
    ),
    ("nik", {"nik": "3273010101850001", "nik_keluarga": 7}, {"nik": "3273010101100001", "nik_keluarga": 7}, 2),
    ("nik", {"nik": "3273010101850001"}, {"nik": "3204020505120009"}, 1),
    ("nik", {"nik": None}, {"nik": "3204020505120009"}, None),
    ("nama", {"nama": words(BUDI=RARE, SANTOSO=RARE)}, {"nama": words(SANTOSO=RARE, BUDI=RARE)}, 14),
    ("nama", {"nama": words(RIZKY=RARE)}, {"nama": words(RIZKI=RARE)}, 13),
    ("nama", {"nama": words(NUR=COMMON, AISAH=RARE)}, {"nama": words(NURAISAH=RARE)}, 13),
    ("nama", {"nama": words(BUDI=RARE, SANTOSO=RARE)}, {"nama": words(BUDI=RARE, SANTOSO=RARE, JAYA=RARE)}, 12),
    ("nama", {"nama": words(BUDI=RARE, ADI=4.0)}, {"nama": words(BUDI=RARE, ADI=4.0, JAYA=RARE)}, 11),
    ("nama", {"nama": words(BUDI=RARE)}, {"nama": words(BUDI=RARE, JAYA=RARE)}, 10),
    ("nama", {"nama": words(BUDI=9.0)}, {"nama": words(BUDI=9.0, JAYA=RARE)}, 9),
    ("nama", {"nama": words(SITI=COMMON)}, {"nama": words(SITI=COMMON, JAYA=RARE)}, 8),
    ("nama", {"nama": words(SITI=VERY_COMMON)}, {"nama": words(SITI=VERY_COMMON, JAYA=RARE)}, 7),
    ("nama", {"nama": words(B=RARE)}, {"nama": words(BUDI=RARE, JAYA=RARE)}, 7),  # an initial
    ("nama", {"nama": words(SATRIOWIBOWO=RARE, X=RARE)}, {"nama": words(SATRIAWIBOWOX=RARE)}, 6),
    ("nama", {"nama": words(BUDIMAN=13.0, TONO=RARE)}, {"nama": words(BUDIMAN=13.0, HADI=RARE)}, 5),
    ("nama", {"nama": words(BUDI=9.0, TONO=RARE)}, {"nama": words(BUDI=9.0, HADI=RARE)}, 4),
    ("nama", {"nama": words(BUDI=6.0, TONO=RARE)}, {"nama": words(BUDI=6.0, HADI=RARE)}, 3),
    ("nama", {"nama": words(SITI=VERY_COMMON, TONO=RARE)}, {"nama": words(SITI=VERY_COMMON, HADI=RARE)}, 2),
    ("nama", {"nama": words(BUDI=RARE)}, {"nama": words(SLAMET=RARE)}, 1),
    ("nama", {}, {"nama": words(SLAMET=RARE)}, None),
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("2012-05-17")}, 8),
    ("lahir", {"tanggal_lahir": day("2012-05-11")}, {"tanggal_lahir": day("2012-11-05")}, 7),
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("2013-05-17")}, 6),
    ("lahir", {"tanggal_lahir": day("2012-01-01")}, {"tanggal_lahir": day("2012-05-27")}, 5),
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("2012-05-28")}, 4),
    ("lahir", {"tanggal_lahir": day("2009-05-17")}, {"tanggal_lahir": day("2010-05-17")}, 4),  # two digits of the year
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("2012-10-28")}, 3),
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("2013-10-28")}, 2),
    ("lahir", {"tanggal_lahir": day("2012-05-17")}, {"tanggal_lahir": day("1988-10-28")}, 1),
    ("lahir", {"tanggal_lahir": day("2012-05-15"), "presisi": "month"}, {"tanggal_lahir": day("2012-05-15")}, None),
    ("umur", {"tanggal_lahir": day("2012-05-15"), "presisi": "month"}, {"tanggal_lahir": day("2012-05-30")}, 5),
    ("umur", {"tanggal_lahir": day("2012-07-01"), "presisi": "year"}, {"tanggal_lahir": day("2012-12-30")}, 4),
    ("umur", {"tanggal_lahir": day("2012-05-24"), "presisi": "age"}, {"tanggal_lahir": day("2012-11-20")}, 4),
    ("umur", {"tanggal_lahir": day("2012-05-15"), "presisi": "month"}, {"tanggal_lahir": day("2012-08-30")}, 3),
    ("umur", {"tanggal_lahir": day("2012-07-01"), "presisi": "year"}, {"tanggal_lahir": day("2013-02-01")}, 2),
    ("umur", {"tanggal_lahir": day("2012-05-24"), "presisi": "age"}, {"tanggal_lahir": day("2013-08-01")}, 2),
    ("umur", {"tanggal_lahir": day("2012-05-24"), "presisi": "age"}, {"tanggal_lahir": day("1988-08-01")}, 1),
    ("umur", {"tanggal_lahir": day("2012-05-24")}, {"tanggal_lahir": day("2012-05-24")}, None),
    ("kelamin", {"jenis_kelamin": "L"}, {"jenis_kelamin": "L"}, 2),
    ("kelamin", {"jenis_kelamin": "L"}, {"jenis_kelamin": "P"}, 1),
    ("kecamatan", {"kode_kecamatan": "32.73.01"}, {"kode_kecamatan": "32.73.01"}, 4),
    ("kecamatan", {"kode_kecamatan": "32.73.01"}, {"kode_kecamatan": "32.73.09"}, 3),
    ("kecamatan", {"kode_kecamatan": "32.73.01"}, {"kode_kecamatan": "32.01.09"}, 2),
    ("kecamatan", {"kode_kecamatan": "32.73.01"}, {"kode_kecamatan": "11.01.09"}, 1),
    ("kabupaten", {"kode_kabupaten": "32.73"}, {"kode_kabupaten": "32.73"}, 3),
    ("kabupaten", {"kode_kabupaten": "94.01", "kode_kabupaten_lama": "91.04"}, {"kode_kabupaten": "91.04"}, 3),  # a re-coded regency
    ("kabupaten", {"kode_kabupaten": "32.73"}, {"kode_kabupaten": "32.01"}, 2),
    ("kabupaten", {"kode_kabupaten": "32.73"}, {"kode_kabupaten": "11.01"}, 1),
    ("ibu", {"ibu": words(DEWI=RARE)}, {"ibu": words(DEWI=RARE)}, 6),
    ("ibu", {"ibu": words(WATY=RARE)}, {"ibu": words(WATI=RARE)}, 5),
    ("ibu", {"ibu": words(DEWI=RARE)}, {"ibu": words(DEWI=RARE, LESTARI=RARE)}, 4),
    ("ibu", {"ibu": words(SITI=COMMON)}, {"ibu": words(SITI=COMMON, LESTARI=RARE)}, 3),
    ("ibu", {"ibu": words(DEWI=RARE, A=RARE)}, {"ibu": words(DEWI=RARE, LESTARI=RARE)}, 2),
    ("ibu", {"ibu": words(DEWI=RARE)}, {"ibu": words(SUMIATI=RARE)}, 1),
    ("keluarga", {"no_kk": "3273010101100001"}, {"no_kk": "3273010101100001"}, 3),
    ("keluarga", {"no_kk": "3273010101100001", "keluarga": 4}, {"no_kk": "3204010101100099", "keluarga": 4}, 3),  # the KK is an old one
    ("keluarga", {"no_kk": "3273010101100001"}, {"no_kk": "3273010101100009"}, 2),
    ("keluarga", {"no_kk": "3273010101100001"}, {"no_kk": "3204010101100099"}, 1),
    ("wali", {"wali": ["DEWI"]}, {"wali": ["BUDI", "DEWI"]}, 3),
    ("wali", {"wali": ["DEWI LESTARI"]}, {"wali": ["DEWI LESTARY"]}, 2),
    ("wali", {"wali": ["DEWI LESTARI"]}, {"wali": ["SUMIATI"]}, 1),
    ("wali", {"wali": ["DEWI"], "no_kk": "1"}, {"wali": ["DEWI"], "no_kk": "1"}, None),  # the KK has spoken already
]


@pytest.mark.parametrize(("name", "left", "right", "expected"), CASES)
def test_each_level_fires_on_its_own_case_from_either_side(con, name, left, right, expected) -> None:
    one, other = person(**left), person(**right)
    assert level(con, name, one, other) == expected
    assert level(con, name, other, one) == expected


def test_every_level_has_a_case() -> None:
    fired = {(name, expected) for name, _, _, expected in CASES}
    defined = {(c.name, v.code) for c in COMPARISONS if c.name != "generasi" for v in c.levels}
    assert defined <= fired


@pytest.mark.parametrize(("born", "expected"), [("2015-03-02", 2), ("2007-01-01", 2), ("2006-12-31", 1), ("1987-03-02", 1)])
def test_a_record_without_a_date_from_a_feed_of_children_is_a_child(con, born, expected) -> None:
    undated = person(kelompok_umur="anak", tanggal_acuan=day("2026-11-23"))
    assert level(con, "generasi", undated, person(tanggal_lahir=day(born))) == expected
    assert level(con, "generasi", person(tanggal_acuan=day("2026-11-23")), person(tanggal_lahir=day(born))) is None


BORN = day("2012-05-17")
BELIEF = [
    (person(nama=words(BUDI=RARE), tanggal_lahir=BORN), BORN, True),
    (person(nama=words(BUDI=RARE)), BORN, True),  # the NIK's own date
    (person(nama=words(BUDI=RARE)), day("2012-05-18"), False),
    (person(nama=words(BUDI=RARE, JAYA=RARE), tanggal_lahir=day("2022-01-09")), BORN, False),  # named after the father, with his NIK
    (person(nama=words(SRI=RARE), tanggal_lahir=BORN), BORN, False),
]


@pytest.mark.parametrize(("record", "born", "believed"), BELIEF)
def test_an_equal_nik_is_believed_only_when_name_and_birth_date_agree(con, record, born, believed) -> None:
    nik = "3273011705120001"
    columns = ", ".join(f"{c} := CAST($p.{c} AS {t})" for c, t in TYPES.items())
    left, right = (columns.replace("$p", side) for side in ("$l", "$r"))
    parameters = {"l": {**record, "nik": nik}, "r": person(nik=nik, nama=words(BUDI=RARE), tanggal_lahir=born)}
    assert con.execute(f"SELECT nik_guard(struct_pack({left}), struct_pack({right}))", parameters).fetchall() == [(believed,)]
