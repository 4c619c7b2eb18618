"""How a workbook, a JSON file and a Parquet file become rows of text; how records of delimited text are cut."""

import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landed import Desk, cells, csv_text, desk, header, row, workbook

from padan.intake.csv_lines import Assembler, Broken, Decoder, blocks, cells_of
from padan.intake.opening import open_file
from padan.keys import keyed_hash, keyed_hashes
from schemas.extracts import contracts

LKS, WAS, FAMILY = "kemensos/lks", "kpai/pengawasan", "dtsen/keluarga"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def lks(count: int, **changes: object) -> list[list[object]]:
    return [cells(LKS, row(LKS, no=n, no_td=f"TD-{n}", **changes)) for n in range(1, count + 1)]


def test_a_number_cell_shows_its_point_and_a_date_cell_is_iso(office: Desk) -> None:
    values = row(LKS, no_td=1277064711140030, tanggal_akhir=dt.datetime(2029, 9, 1), alamat=dt.datetime(2029, 9, 1, 7, 30), nama_lks=True)
    office.deliver(LKS, workbook([header(LKS), cells(LKS, values)]), "a.xlsx")
    office.take(LKS)
    assert office.in_force(LKS, "no_td, kapasitas, tanggal_akhir, alamat, nama_lks, tanggal_sk") == [
        ("1277064711140030.0", "75.0", "2029-09-01", "2029-09-01 07:30:00", "TRUE", "1-9-24")
    ]


def test_titles_blank_rows_footers_and_other_sheets_are_no_data(office: Desk) -> None:
    rows = [["DAFTAR LKS"], ["Sumber: uji"], [], header(LKS), *lks(3), [], ["Jumlah", 4], [None, "TOTAL"], []]
    office.deliver(LKS, workbook(rows), "a.xlsx")
    intake = office.take(LKS)
    assert intake.accepted == 3 and office.in_force(LKS, "source_row, no") == [(1, "1.0"), (2, "2.0"), (3, "3.0")]
    notes = intake.deliveries[0].notes
    assert (notes["baris_kaki"], notes["jumlah_di_kaki_berbeda"], notes["baris_kosong"]) == (2, 1, 1)


def test_a_vertically_merged_cell_holds_for_all_its_rows_and_is_counted(office: Desk) -> None:
    column = header(LKS).index("ALAMAT")
    rows = lks(4, alamat=None)
    office.deliver(LKS, workbook([["JUDUL"], header(LKS), *rows], merge=[(3, 4, column, "JL MELATI")]), "a.xlsx")
    assert office.take(LKS).deliveries[0].notes["sel_gabung_diisi"] == 1
    assert office.in_force(LKS, "source_row, alamat") == [(1, None), (2, "JL MELATI"), (3, "JL MELATI"), (4, None)]


def test_a_table_that_starts_to_the_right_is_read_by_its_header(office: Desk) -> None:
    moved = [[None, None, *line] for line in ([], header(LKS), *lks(3, alamat=None))]
    column = 2 + header(LKS).index("ALAMAT")
    office.deliver(LKS, workbook(moved, merge=[(2, 4, column, "JL MELATI")]), "a.xlsx")
    office.take(LKS)
    assert office.in_force(LKS, "no, alamat") == [("1.0", "JL MELATI"), ("2.0", "JL MELATI"), ("3.0", "JL MELATI")]


def test_a_cell_beside_the_table_sets_its_row_aside(office: Desk) -> None:
    rows = lks(30)
    rows[4] = [*rows[4], "catatan"]
    office.deliver(LKS, workbook([header(LKS), *rows]), "a.xlsx")
    assert office.take(LKS).accepted == 29 and office.quarantine() == [(5, "jumlah_sel_salah")]


def test_json_numbers_keep_every_digit_and_nested_fields_have_dotted_names(office: Desk) -> None:
    visit = {"no_was": 9007199254740993123, "tgl": "2026-05-10", "objek": {"jenis": "LKSA", "nama": "SATU", "kab": "BOGOR"}}
    more = {"temuan": ["A", "B"], "status": "SELESAI", "baru": {"x": 1.50}}
    office.deliver(WAS, b"\xef\xbb\xbf" + json.dumps([visit | more]).replace("1.5", "1.50").encode(), "a.json")
    intake = office.take(WAS)
    assert intake.deliveries[0].notes["bom"] == 1
    found = office.in_force(WAS, "no_was, nama_lks, temuan, rekomendasi, lainnya")
    assert found == [("9007199254740993123", "SATU", '["A", "B"]', None, '{"baru.x":"1.50"}')]


def test_a_json_element_that_is_no_object_and_a_bad_byte_cost_their_own_row(office: Desk) -> None:
    visits = [
        {"no_was": f"W{n}", "tgl": "2026-05-10", "objek": {"jenis": "L", "nama": "X", "kab": "B"}, "temuan": [], "status": "SELESAI"}
        for n in range(60)
    ]
    text = json.dumps([*visits, 7]).encode().replace(b'"W3"', b'"W\xff"').replace(b'"W4"', b'"W\\ud800"')
    office.deliver(WAS, text, "a.json")
    assert office.take(WAS).accepted == 58
    assert office.quarantine() == [(4, "byte_rusak"), (5, "byte_rusak"), (61, "bukan_objek")]


def family(count: int, **columns: pa.Array) -> bytes:
    made = {c.delivered: pa.array(["1"] * count) for c in contracts()[FAMILY].columns}
    made["dtsen_versi"], made["id_keluarga"] = pa.array(["2026-10-01"] * count), pa.array([f"K{n}" for n in range(count)])
    made["kode_kecamatan"] = pa.array(["32.01.01"] * count)
    buffer = io.BytesIO()
    pq.write_table(pa.table(made | columns), buffer)
    return buffer.getvalue()


def delivered(office: Desk, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(office.home.register / "2026-10-01" / "delivered.duckdb"), read_only=True) as con:
        return sorted(con.execute(f"SELECT {columns} FROM raw.dtsen__keluarga").fetchall())


def test_parquet_columns_of_any_type_become_text(office: Desk) -> None:
    content = family(
        2,
        nomor_kartu_keluarga=pa.array([1277064711140030.0, None]),
        alamat=pa.array([dt.datetime(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4)]),
        rt=pa.array([dt.date(2020, 1, 2), None]),
        rw=pa.array([True, False]),
        jumlah_anggota_keluarga=pa.array([3, 4]),
        tambahan=pa.array([[1, 2], None]),
    )
    office.deliver(FAMILY, content, "k.parquet", "2026-10-01")
    assert office.take(FAMILY).accepted == 2
    assert delivered(office, "id_keluarga, no_kk, alamat, rt, rw, jumlah_anggota, lainnya, record_id") == [
        ("K0", "1277064711140030.0", "2020-01-02", "2020-01-02", "true", "3", '{"tambahan":"[1, 2]"}', None),
        ("K1", None, "2020-01-02 03:04:00", None, "false", "4", None, None),
    ]


def test_what_was_read_of_a_large_parquet_file_leaves_the_memory(tmp_path: Path) -> None:
    texts = [f"{n:0400d}" for n in range(200_000)]  # 80 MB in 40 row groups
    path = tmp_path / "besar.parquet"
    pq.write_table(pa.table({name: texts for name in ("id_keluarga", "kode_kecamatan")}), path, row_group_size=5_000, compression="none")
    del texts
    before, most = pa.total_allocated_bytes(), 0
    reading = open_file(path.name, path, contracts()[FAMILY])
    for batch in reading.batches:
        assert batch.rows.height
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < path.stat().st_size / 2, "pages of earlier batches are held"


def test_a_release_goes_to_its_own_file_as_parquet_or_csv_with_duplicates_counted(office: Desk) -> None:
    table = pq.read_table(io.BytesIO(family(5)))
    lines = [",".join(table.column_names), *(",".join(str(v) for v in r.values()) for r in [*table.to_pylist(), table.to_pylist()[2]])]
    office.deliver(FAMILY, "\n".join(lines), "k.csv", "2026-10-01")
    intake = office.take(FAMILY)
    assert (intake.received, intake.accepted, intake.duplicates) == (6, 5, 1)
    assert len(delivered(office, "*")) == 5
    assert office.all("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name LIKE 'dtsen%'") == [(0,)]
    assert office.take(FAMILY).deliveries[0].status == "unchanged"


def test_a_release_that_became_the_register_is_not_replaced(office: Desk) -> None:
    office.deliver(FAMILY, family(5), "k.parquet", "2026-10-01")
    office.take(FAMILY)
    office.deliver(FAMILY, family(6), "k.parquet", "2026-10-01")
    assert office.take(FAMILY).accepted == 6
    (office.home.register / "2026-10-01" / "register.duckdb").touch()
    office.deliver(FAMILY, family(7), "k.parquet", "2026-10-01")
    assert [r.rule for r in office.take(FAMILY).refused] == ["rilis_sudah_dibangun"]
    assert len(delivered(office, "*")) == 6


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
def test_the_size_of_the_blocks_never_changes_the_records(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfa;b;c\r\n1;"dua\r\nbaris";3\r\n4;"lima;5;6\n7;8;9\r\r\n"a""b";;\nx;y;"z\n')
    decoder, assembler, records, waiting = Decoder("utf-8"), Assembler(";", 3), [], []
    for block in blocks(path, Counter(), size):
        got, waiting = assembler.records(waiting + decoder.lines(block), final=False)
        records += got
    records += assembler.records(waiting, final=True)[0]
    seen = [r.rule if isinstance(r, Broken) else (cells_of(r, ";") if isinstance(r, str) else r) for r in records]
    assert [s for s in seen if s != [""]] == [
        ["a", "b", "c"],
        ["1", "dua\nbaris", "3"],
        "kutip_terbuka",
        ["7", "8", "9"],
        ['a"b', "", ""],
        "kutip_terbuka",
    ]


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("following", ['2;b;"y"', '"2";b;y', '2;"b";y', '2;b;y"', '"2;z";b;y', "2;b;y", '"";b;y'])
def test_an_unclosed_quote_never_swallows_the_row_after_it(column: int, following: str) -> None:
    first = ["1", "a", "x"]
    first[column] = '"' + first[column]
    records, _ = Assembler(";", 3).records([";".join(first), following, "3;c;z"], final=True)
    assert isinstance(records[0], Broken) and records[0].rule == "kutip_terbuka"
    assert [cells_of(r, ";") if isinstance(r, str) else r for r in records[1:]] == [cells_of(following, ";"), ["3", "c", "z"]]


@given(st.lists(st.lists(st.text(alphabet='ab;"\n é', max_size=6), min_size=3, max_size=3), min_size=1, max_size=8))
def test_well_quoted_text_is_read_back_cell_by_cell(table: list[list[str]]) -> None:
    lines = "\n".join(";".join('"' + c.replace('"', '""') + '"' for c in cells) for cells in table).split("\n")
    records, waiting = Assembler(";", 3).records(list(lines), final=True)
    rows = [cells_of(r, ";") if isinstance(r, str) else r for r in records]
    inside = any(part.count(";") >= 2 for cells in table for c in cells for part in c.split("\n")[1:])
    assert waiting == []
    assert rows == table or inside, "only a cell that holds what looks like a row may be set aside"


@given(st.binary(min_size=1, max_size=32), st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_many_hashes_at_once_are_the_hashes_one_by_one(key: bytes, rows: list[tuple[str, str]]) -> None:
    rows = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in rows]
    assert keyed_hashes(key, ("a", "b"), rows) == [keyed_hash(key, "a", "b", *r) for r in rows]


def test_reading_a_file_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text("kemensos/rumah_aman", [row("kemensos/rumah_aman")]))
    reading = open_file("a.csv", path, contracts()["kemensos/rumah_aman"])
    assert [b.received for b in reading.batches] == [1] and reading.layout.delimiter == ","
