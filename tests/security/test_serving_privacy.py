from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import duckdb
import pytest
from served_marts import PLANTED, PLANTED_CASE, RUN, make_home

from padan.config import PadanConfig
from padan.home import Home
from padan.serving import publish
from schemas.extracts import contracts
from schemas.extracts.contract import Sensitivity
from schemas.sharing import AUDIENCES, CROSSING, FORBIDDEN, breaches
from schemas.sharing.vocabulary import Served


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("privacy") / "home")
    with duckdb.connect(str(home.warehouse)) as con:
        publish(con, home, PadanConfig(), run_id=RUN, as_of=dt.date(2026, 11, 24), versions={})
    return home


def everything_served(home: Home, audience: str) -> str:
    """Every cell of every table and Parquet copy of one audience, as text."""
    folder = home.serving / "current" / audience
    with duckdb.connect(str(folder / "padan.duckdb"), read_only=True) as con:
        tables = con.execute("SELECT schema_name || '.\"' || table_name || '\"' FROM duckdb_tables() WHERE NOT internal").fetchall()
        sources = [name for (name,) in tables] + [f"'{copy}'" for copy in folder.rglob("*.parquet")]
        return "\n".join(str(con.execute(f"FROM {source}").fetchall()) for source in sources)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("value", PLANTED)
def test_no_name_number_or_address_of_a_person_is_served(home: Home, audience: str, value: str) -> None:
    assert value not in everything_served(home, audience)


@pytest.mark.parametrize("value", PLANTED)
def test_nor_is_it_in_any_byte_of_any_file(home: Home, value: str) -> None:
    files = [path for path in home.serving.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        for needle in (value, value.lower()):
            assert needle.encode() not in path.read_bytes(), path.name
            assert needle.encode("utf-16-le") not in path.read_bytes(), path.name


@pytest.mark.parametrize("identifier", ["person_id", "rec-9", "kpai-1", "both", "abh-1", "aid-1", "worker-1"])
def test_no_internal_identifier_is_served(home: Home, identifier: str) -> None:
    for audience in AUDIENCES:
        assert f"'{identifier}'" not in everything_served(home, audience)


def test_kemensos_learns_nothing_of_any_case(home: Home) -> None:
    served = everything_served(home, "kemensos")
    for word in (PLANTED_CASE, "PGD-", "LIT-2026", "marts.kasus"):
        assert word not in served


def test_kpai_learns_nothing_of_children_in_conflict_with_the_law(home: Home) -> None:
    served = everything_served(home, "kpai")
    assert "LIT-2026" not in served
    assert "ditjenpas" not in served


def test_the_public_gets_no_row_of_a_person(home: Home) -> None:
    assert {t.name for t in AUDIENCES["publik"].tables} == {"indicator", "indicator_definition", "wilayah"}
    served = everything_served(home, "publik")
    for word in ("PGD-", "ATN-", "LKSA MELATI", "kpai__", "kemensos__"):
        assert word not in served


def test_what_counts_rows_of_another_agency_is_not_served(home: Home) -> None:
    assert "raw.kpai__pengaduan" in everything_served(home, "kpai")
    assert "raw.kpai__pengaduan" not in everything_served(home, "kemensos")
    assert "marts.kasus" not in everything_served(home, "kemensos")


def test_no_key_is_in_any_file(home: Home) -> None:
    keys = [path.read_text().strip() for path in home.keys.glob("*.key")]
    assert len(keys) == len(AUDIENCES)
    for path in home.serving.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(key.encode() in content or bytes.fromhex(key) in content for key in keys)


def test_nothing_is_left_of_the_pseudonyms_in_the_warehouse(home: Home) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        assert not con.execute(
            "SELECT * FROM duckdb_tables() WHERE table_name LIKE '%pseudonym%' OR table_name LIKE 'disclosure%'"
        ).fetchall()


def test_every_personal_column_of_every_contract_is_forbidden() -> None:
    personal = {c.name for contract in contracts().values() for c in contract.columns if c.sensitivity is Sensitivity.PERSONAL}
    assert personal <= FORBIDDEN


def test_the_list_as_it_is_breaks_no_rule() -> None:
    assert [fault for audience in AUDIENCES.values() for fault in breaches(audience)] == []


def test_kemensos_and_the_public_have_no_exception() -> None:
    assert CROSSING["kemensos"] == CROSSING["publik"] == {}


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        (Served("nama", "nama anak", "kpai"), "terlarang"),
        (Served("jenis_kasus", "jenis kasus", "kpai"), "milik kpai"),
        (Served("pasal", "pasal", "ditjenpas"), "milik ditjenpas"),
    ],
)
def test_a_list_that_names_what_it_must_not_is_a_breach(column: Served, fault: str) -> None:
    audience = AUDIENCES["kemensos"]
    table = dataclasses.replace(audience.table("anak"), columns=(*audience.table("anak").columns, column))
    assert any(fault in breach for breach in breaches(dataclasses.replace(audience, tables=(table,))))


def test_rows_of_another_agency_are_a_breach() -> None:
    audience = AUDIENCES["kpai"]
    table = dataclasses.replace(audience.table("kasus"), agency="ditjenpas")
    assert any("baris instansi lain" in breach for breach in breaches(dataclasses.replace(audience, tables=(table,))))


def test_rows_of_persons_without_an_owner_are_a_breach() -> None:
    audience = AUDIENCES["kpai"]
    table = dataclasses.replace(audience.table("kasus"), agency=None)
    assert any("tanpa instansi pemiliknya" in breach for breach in breaches(dataclasses.replace(audience, tables=(table,))))


def test_the_folder_of_keys_is_closed(home: Home) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in Path(home.keys).glob("*.key")} == {"0o600"}
