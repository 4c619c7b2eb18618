"""What the reading macros do with any text at all: nothing raises (a bad cell never stops a night), nothing is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
AS_OF = dt.date(2026, 11, 23)
# Few examples of many cells each: planning the SQL costs more than running it.
# Cells as clerks, phones and spreadsheets make them, and letters and figures shuffled
CELL = st.one_of(
    st.text(max_size=25),
    st.text(alphabet="0123456789.,-/ :TZE+'=\"", max_size=20),
    st.text(alphabet="ABCDEINORSTY0123456789.,-/ \u00a0\u200bА１’–", max_size=25),
    st.from_regex(r"[0-3]?[0-9][-/. ][01]?[0-9][-/. ]([0-9]{2}|[0-9]{4})", fullmatch=True),
    st.from_regex(r"[0-9]{1,2} (JAN|PEB|Agustus|Nopember|DES)[.]? [0-9]{2,4}", fullmatch=True),
    st.from_regex(r"['=\"]{0,2}[A-Za-z]{2}[ \t]{1,3}[A-Z.]{2}['\"]?", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{3}[ .-][0-9]{4}[ .-]?[0-9]{4,6}[ .-]?[0-9]{2,4}", fullmatch=True),
    st.from_regex(r"[0-9]{1,17}([.][0-9]{1,2})?", fullmatch=True),
)
CELLS = st.lists(CELL, min_size=100, max_size=150)
# no shrinking: the assertion shows the one cell that failed
PHASES = (Phase.explicit, Phase.generate)
any_cells = settings(
    phases=PHASES,
    max_examples=5,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@pytest.fixture(scope="module")
def render() -> Callable[[str], str]:
    """SQL of a macro call, as dbt would render it."""
    source = "\n".join(
        p.read_text(encoding="utf-8") for p in sorted(MACROS.glob("*.sql")) if p.stem not in {"generate_schema_name", "kolom_orang"}
    )
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)
    return lambda call: environment.from_string(f"{source}\n{{{{ {call} }}}}").render().strip()


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


Read = Callable[[str, list[str]], list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def read(render: Callable[[str], str], con: duckdb.DuckDBPyConnection) -> Read:
    """Rows (cleaned text, reading) of a macro over cells."""

    cleaned = render("bersihkan('mentah')")

    def run(call: str, cells: list[str]) -> list[tuple[object, ...]]:
        con.execute("CREATE OR REPLACE TEMP TABLE sel AS SELECT unnest(?::VARCHAR[]) AS mentah, ?::DATE AS acuan", [cells, AS_OF])
        con.execute(f"CREATE OR REPLACE TEMP TABLE bersih AS SELECT {cleaned} AS teks, acuan FROM sel")
        return con.execute(f"SELECT teks, {render(call)} FROM bersih").fetchall()

    return run


@given(cells=CELLS)
@any_cells
def test_cleaned_text_has_no_hidden_characters_and_cleaning_it_again_changes_nothing(read: Read, cells: list[str]) -> None:
    for once, twice in read("bersihkan('teks')", cells):
        if isinstance(once, str):
            assert once == twice
            assert once == once.strip()
            assert "  " not in once
            assert not set(once) & set("\u00a0\u200b\u200e\u200f\u202e\ufeff\t\n\r")


@given(cells=CELLS)
@any_cells
def test_a_birth_date_lies_between_1900_and_the_delivery_or_is_none(read: Read, cells: list[str]) -> None:
    for _, value in read("baca_tanggal('teks', 'acuan')", cells):
        assert isinstance(value, dict)
        assert (value["nilai"] is None) == (value["presisi"] == "none")
        if value["nilai"] is not None and value["presisi"] != "age":
            assert dt.date(1900, 1, 1) <= value["nilai"] <= AS_OF


@given(cells=CELLS)
@any_cells
def test_an_expiry_or_event_is_read_or_none_and_never_raises(read: Read, cells: list[str]) -> None:
    for call in ("baca_tanggal('teks', 'acuan', 'berlaku')", "baca_tanggal('teks', 'acuan', 'kejadian')"):
        for _, value in read(call, cells):
            assert isinstance(value, dict)
            assert value["presisi"] in {"day", "month", "year", "age", "none"}


@given(cells=CELLS)
@any_cells
def test_the_figures_of_a_number_are_those_that_were_delivered(read: Read, cells: list[str]) -> None:
    for text, value in read("baca_nomor('teks')", cells):
        assert isinstance(value, dict)
        if value["angka"] is not None:
            assert isinstance(text, str)
            assert value["angka"] == "".join(c for c in text.removesuffix(".0").removesuffix(".00") if c in "0123456789")[:16]
            assert len(value["angka"]) == 16


@pytest.mark.parametrize(
    "call",
    [
        "baca_nama('teks')",
        "baca_bulan('teks', 'acuan')",
        "baca_bilangan('teks')",
        "baca_usia('teks')",
        "baca_rupiah('teks')",
        "baca_daftar('teks')",
        "kunci_kode('teks')",
        "kunci_wilayah('teks')",
        "angka_wilayah('teks')",
        "isi('teks')",
    ],
)
def test_no_reader_raises_on_any_cell(read: Read, call: str) -> None:
    @given(cells=CELLS)
    @settings(max_examples=2, deadline=None, phases=PHASES)
    def check(cells: list[str]) -> None:
        assert len(read(call, cells)) == len(cells)

    check()


@given(day=st.dates(dt.date(1927, 1, 1), AS_OF))
@any_cells
def test_a_day_written_in_any_accepted_way_is_that_day(read: Read, day: dt.date) -> None:
    months = ["Januari", "Pebruari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "Nopember", "Desember"]
    serial = (day - dt.date(1899, 12, 30)).days
    written = [f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day:%Y}", f"{day:%Y-%m-%d}", f"{day.day} {months[day.month - 1]} {day.year}"]
    written += [
        f"{day:%d-%m-%y}",
        f"{day.day} {months[day.month - 1][:3].upper()} {day:%y}",
        f"{serial}.0" if serial > 9999 else f"{day:%d.%m.%Y}",
    ]
    assert {row[1]["nilai"] for row in read("baca_tanggal('teks', 'acuan')", written)} == {day}  # type: ignore[index]
