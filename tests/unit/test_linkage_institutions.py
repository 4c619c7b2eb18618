"""Institutions as they are named: the kind apart, the core shared by many, the regency and the number to tell them."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from linkage_world import CONFIG

from padan.linkage import link_institutions
from padan.linkage.institution_v1.definition import create_institution_macros
from padan.linkage.person_v1.levels import create_level_macros

LKS = [
    ("3273/LKSA/00001", "PANTI ASUHAN AL HIKMAH", "LKSA", "32.73"),
    ("3204/LKSA/00002", "PANTI ASUHAN AL HIKMAH", "LKSA", "32.04"),
    ("3171/LKSA/00003", "YAYASAN AL HIKMAH", "LKSA", "31.71"),
    ("1101/LKSA/00004", "PSAA HARAPAN BANGSA 12", "LKSA", "11.01"),
    ("1102/LKSA/00005", "PSAA HARAPAN BANGSA", "LKSA", "11.02"),
    ("5171/LKSA/00006", "LKSA SANTO YUSUP", "LKSA", "51.71"),
    ("6171/LKSA/00007", "YAYASAN KASIH BUNDA", "LKSA", "61.71"),
    ("7171/LKSA/00008", "PANTI ASUHAN TUNAS MUDA", "LKSA", "71.71"),
    *[(f"35{n:02d}/LKSA/1{n:04d}", f"PANTI ASUHAN CAHAYA {n}", "LKSA", f"35.{n:02d}") for n in range(1, 30)],
]


def decided(*mentions: tuple[str | None, str | None, str | None], lks=LKS) -> list[tuple[str, str, str | None, str]]:
    """(no_td, name, regency) of each mention → decision, method, no_td, reason."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA intermediate; CREATE SCHEMA staging")
    con.execute(
        """CREATE TABLE intermediate.int_institution__named (mention_id VARCHAR, agency VARCHAR, feed VARCHAR, delivery_date DATE,
        source_file VARCHAR, source_row BIGINT, no_td VARCHAR, nama_lks VARCHAR, jenis VARCHAR, kode_kabupaten VARCHAR)"""
    )
    con.execute("CREATE TABLE staging.stg_kemensos__lks (no_td VARCHAR, nama_lks VARCHAR, jenis VARCHAR, kode_kabupaten VARCHAR)")
    for row in lks:
        con.execute("INSERT INTO staging.stg_kemensos__lks VALUES (?, ?, ?, ?)", row)
    for n, (no_td, name, regency) in enumerate(mentions, 1):
        con.execute(
            "INSERT INTO intermediate.int_institution__named VALUES (?, 'kpai', 'pengawasan', ?, 'a.json', ?, ?, ?, 'LKSA', ?)",
            [f"m{n:03d}", dt.date(2026, 11, 23), n, no_td, name, regency],
        )
    link_institutions(con, CONFIG, "uji-1")
    decided = con.execute("SELECT decision, method, no_td, reason FROM link.institution_decision ORDER BY source_row").fetchall()
    assert len(decided) == len(mentions)
    return decided


@pytest.mark.parametrize(
    ("mention", "no_td"),
    [
        (("3273/LKSA/00001", "PA. AL HIKMAH", None), "3273/LKSA/00001"),
        ((None, "Panti Asuhan Al-Hikmah", "32.73"), "3273/LKSA/00001"),
        ((None, "PA AL HIKMAH", "32.04"), "3204/LKSA/00002"),
        ((None, "Al Hikmah", "31.71"), "3171/LKSA/00003"),  # the regency tells three of one name apart
        ((None, "PSAA HARAPAN BANGSA 12", None), "1101/LKSA/00004"),
        ((None, "LKSA ST. YUSUP", "51.71"), "5171/LKSA/00006"),
        ((None, "YAYASAN KASIH BUNDHA", "61.71"), "6171/LKSA/00007"),
        ((None, "PANTI SOSIAL ASUHAN ANAK HARAPAN BANGSA", "11.02"), "1102/LKSA/00005"),
        ((None, "PANTI ASUHAN CAHAYA 07", "35.07"), "3507/LKSA/10007"),
    ],
)
def test_a_mention_finds_its_institution(mention, no_td) -> None:
    ((decision, _, found, _),) = decided(mention)
    assert (decision, found) == ("link", no_td)


def test_a_licence_number_is_believed_when_the_name_agrees() -> None:
    agreed, other = decided(("3273/LKSA/00001", "PANTI ASUHAN AL HIKMAH", None), ("3273/LKSA/00001", "YAYASAN KASIH BUNDA", "61.71"))
    assert agreed[1] == "no_td"
    assert other[0] != "link" or other[1] != "no_td"


def test_a_name_that_three_institutions_bear_goes_to_review() -> None:
    assert decided((None, "AL HIKMAH", None)) == [("review", "probabilistic", None, "pelari_kedua_dekat")]


def test_an_institution_that_is_not_registered_is_not_linked() -> None:
    (unknown, nameless) = decided((None, "PANTI ASUHAN BUKIT ZAITUN", "32.73"), (None, None, "32.73"))
    assert unknown[0] == "no_link"
    assert nameless[0] == "no_link"


def test_without_a_register_of_institutions_every_mention_waits() -> None:
    assert decided((None, "PANTI ASUHAN AL HIKMAH", "32.73"), lks=[]) == [("no_link", "none", None, "tak_ada_register")]


@pytest.mark.parametrize(
    ("name", "kind", "core", "number"),
    [
        ("PANTI ASUHAN AL HIKMAH 6", "PANTI", "AL HIKMAH", "6"),
        ("P.A. Kasih Ibu", "PANTI", "KASIH IBU", None),
        ("YAYASAN PANTI ASUHAN MUHAMMADIYAH", "YAYASAN", "MUHAMMADIYAH", None),
        ("LKSA NURUL IMAN NO. 012", "LKSA", "NURUL IMAN", "12"),
        ("PELANGI", None, "PELANGI", None),
        ("LKSA ST YUSUP", "LKSA", "SANTO YUSUP", None),
    ],
)
def test_a_name_is_read_as_kind_core_and_number(name, kind, core, number) -> None:
    con = duckdb.connect()
    create_level_macros(con)
    create_institution_macros(con)
    sql = "SELECT lks_kind(lks_plain($1)), lks_core(lks_plain($1)), lks_number(lks_plain($1))"
    assert con.execute(sql, [name]).fetchall() == [(kind, core, number)]
