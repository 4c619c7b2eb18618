"""How Indonesian names are read: spelling undone in the strict key, alike sounds merged in the loose one."""

from __future__ import annotations

import duckdb
import pytest

from padan.register.names import create_name_macros, tokenize


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_name_macros(con)
    con.execute("CREATE TABLE name (id INTEGER, raw VARCHAR)")
    return con


def read(con: duckdb.DuckDBPyConnection, *names: str | None) -> list[tuple[list[str], list[str]] | None]:
    con.execute("DELETE FROM name")
    con.executemany("INSERT INTO name VALUES (?, ?)", [[i, n] for i, n in enumerate(names)])
    tokenize(con, "SELECT id, raw FROM name", "read")
    found = {i: (strict, loose) for i, strict, loose in con.execute("SELECT id, strict, loose FROM read").fetchall()}
    return [found.get(i) for i in range(len(names))]


@pytest.mark.parametrize(
    ("written", "strict"),
    [
        ("NUR AISYAH", ["NUR", "AISYAH"]),
        ("  nur   aisyah ", ["NUR", "AISYAH"]),
        ("NOER AISJAH", ["NUR", "AISYAH"]),  # spelling before 1947 and before 1972
        ("DJOKO TJAHJONO", ["JOKO", "CAHJONO"]),
        ("MUH. RIZKI", ["MUHAMMAD", "RIZKI"]),
        ("M. RIZKI", ["MUHAMMAD", "RIZKI"]),  # one letter in first place only
        ("RIZKI M.", ["RIZKI", "M"]),
        ("ST AMINAH", ["SITI", "AMINAH"]),
        ("ABD. RAHMAN", ["ABDUL", "RAHMAN"]),
        ("H. ABDUL RAHMAN, S.PD.", ["ABDUL", "RAHMAN"]),
        ("DRA. HJ. SRI REJEKI", ["SRI", "REJEKI"]),
        ("NUR'AINI", ["NURAINI"]),
        ("NUR AISYAH BINTI AHMAD", ["NUR", "AISYAH"]),  # the father's name is not the child's
        ("ANDI SAPUTRA ALS. ANDI BIN RUSLI", ["ANDI", "SAPUTRA"]),  # as courts write a name
        ("AGUS alias GUGUN", ["AGUS"]),
        ("ALM. SITI AMINAH", ["SITI", "AMINAH"]),
        ("SITI AMINAH (ALMARHUMAH)", ["SITI", "AMINAH"]),
        ("ALMIRA ALSA", ["ALMIRA", "ALSA"]),  # words that only begin so
        ("BUD1 HARTONO", ["BUDI", "HARTONO"]),
        ("5ITI 4M1NAH", ["SITI", "AMINAH"]),  # as scanned
        ("YAKU8 YUNU5 A6UNG", ["YAKUB", "YUNUS", "AGUNG"]),
        ("1 MADE SUDIRA", ["I", "MADE", "SUDIRA"]),
        ("BUDI 2", ["BUDI"]),  # a number of its own
        ("ＳＩＴＩ", ["SITI"]),  # full-width forms
        ("SІTI", ["SITI"]),  # a Cyrillic letter inside
        ("SI\u200bTI", ["SITI"]),  # zero width
        ("H", ["H"]),  # a title is never the whole name
        ("I MADE SUDIRA", ["I", "MADE", "SUDIRA"]),
        ("A.R.", ["A", "R"]),
    ],
)
def test_the_strict_key_undoes_spelling(con, written, strict) -> None:
    (found,) = read(con, written)
    assert found is not None
    assert found[0] == strict


@pytest.mark.parametrize(
    "written",
    ["ANAK KORBAN 1", "KORBAN 12", "ANAK 2", "BY NY", "NN", "XXX", "TIDAK DIKETAHUI", "TANPA NAMA", "-", "", None, "123 456", "KORBAN"],
)
def test_what_only_stands_for_a_name_is_no_name(con, written) -> None:
    assert read(con, written) == [None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FITRIYAH", "PITRIA"),
        ("ZAHRA", "JAHRA"),
        ("SYAFIRA", "SAPIRA"),
        ("RIZQY", "RIZKI"),
        ("HADI", "HADHI"),
        ("USMAN", "OSMAN"),
        ("SARTIKA", "SARTIKHA"),
    ],
)
def test_the_loose_key_hears_alike_sounds(con, one, other) -> None:
    left, right = read(con, one, other)
    assert left is not None
    assert right is not None
    assert left[1] == right[1]


def test_different_names_keep_different_loose_keys(con) -> None:
    names = read(con, "SITI", "SARI", "BUDI", "BAYU", "HANI", "ANI", "DEWI", "DWI", "RINA", "RANI")
    loose = [" ".join(found[1]) for found in names if found]
    assert len(set(loose)) == len(names)


def test_a_repeated_word_stays_repeated_and_long_names_are_cut_at_eight(con) -> None:
    twice, long = read(con, "MUHAMMAD MUHAMMAD", "A B C D E F G HI JK")
    assert twice is not None
    assert long is not None
    assert twice[0] == ["MUHAMMAD", "MUHAMMAD"]
    assert long[0] == ["A", "B", "C", "D", "E", "F", "G", "HI"]
