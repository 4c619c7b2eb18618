"""Lists to offices: who is told what, how they come back, and what of them could be used against a child or a family."""

from __future__ import annotations

import datetime as dt
import io
import random
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from padan.errors import InputRefused
from padan.home import Home
from padan.keys import load_password
from padan.night import Night
from padan.returns import Written, create_return_tables, import_answers, write_lists
from padan.returns.offices import CENTRE, CHILDREN, REASONS, Need, lists_of, mixed
from padan.workbook import opened

PROJECT = Path(__file__).parents[2]
NOVEMBER, DECEMBER = dt.date(2026, 11, 24), dt.date(2026, 12, 24)
LAYANAN, DAFTAR = "perlu_layanan", "perlu_pendaftaran"


def needs(counts: dict[str | None, int], reasons: tuple[str, ...] = (LAYANAN, DAFTAR)) -> list[Need]:
    """So many children of each regency, their reasons in turn."""
    made = []
    for kabupaten, many in counts.items():
        for n in range(many):
            made.append(Need(f"R-{kabupaten}-{n:03d}", f"rec-{kabupaten}-{n}", "ppks", kabupaten, (reasons[n % len(reasons)],), None))
    return made


def test_a_regency_with_enough_children_and_reasons_gets_its_own_list() -> None:
    lists, waiting = lists_of(needs({"32.73": 12, "32.04": 10}))
    assert [(office.wilayah, len(office.rows)) for office in lists] == [("32.04", 10), ("32.73", 12)]
    assert waiting == []


def test_what_is_too_little_goes_up_to_the_province_then_to_the_centre_then_waits() -> None:
    lists, waiting = lists_of(needs({"32.73": 4, "32.04": 6, "33.01": 5, "34.01": 3, None: 4}))
    assert [(office.wilayah, len(office.rows)) for office in lists] == [("32", 10), (CENTRE, 12)]
    assert waiting == []
    lists, waiting = lists_of(needs({"32.73": 4, None: 3}))
    assert lists == []
    assert len(waiting) == 7


def test_a_list_of_one_reason_never_goes_out() -> None:
    lists, waiting = lists_of(needs({"32.73": 40}, reasons=(LAYANAN,)))
    assert lists == []
    assert len(waiting) == 40


@given(st.dictionaries(st.sampled_from(["32.73", "32.04", "33.01", "91.01", None]), st.integers(0, 25), min_size=1), st.randoms())
def test_whatever_comes_every_list_is_mixed_and_nobody_is_lost_or_doubled(counts: dict[str | None, int], dice: random.Random) -> None:
    rows = needs(counts, reasons=tuple(dice.sample([LAYANAN, DAFTAR, "perlu_dinilai_pkh"], dice.randint(1, 3))))
    lists, waiting = lists_of(rows)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert lists_of(shuffled) == (lists, waiting)
    told = [need for office in lists for need in office.rows]
    assert sorted([*told, *waiting], key=lambda n: n.row_id) == sorted(rows, key=lambda n: n.row_id)
    assert all(len(o.rows) >= CHILDREN and len({a for n in o.rows for a in n.alasan}) >= REASONS for o in lists)
    assert not mixed(waiting)


class Office:
    """A warehouse with fifteen children in one regency, five in another and two cases, and what a night does with them."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root / "home").prepare()
        self.con = duckdb.connect()
        for schema in ("intermediate", "link", "raw", "returns"):
            self.con.execute(f"CREATE SCHEMA {schema}")
        create_return_tables(self.con)
        cells = "record_id VARCHAR, source_file VARCHAR, source_row BIGINT, nama VARCHAR, tanggal_lahir VARCHAR, jenis_kelamin VARCHAR"
        more = {
            "kemensos__ppks": "",
            "kemensos__lksa_anak": "",
            "kpai__pengaduan": ", no_pengaduan VARCHAR",
            "ditjenpas__abh": ", no_litmas VARCHAR",
        }
        for table, columns in more.items():
            self.con.execute(f"CREATE TABLE raw.{table}__in_force ({cells}{columns})")
        self.con.execute("CREATE TABLE link.decision (record_id VARCHAR, decision VARCHAR, register_id VARCHAR, source_row BIGINT)")
        self.con.execute("CREATE TABLE link.register_known (register_id VARCHAR, register_key VARCHAR)")
        self.con.execute(
            "CREATE TABLE intermediate.int_return__needed (record_id VARCHAR, feed VARCHAR, kode_kabupaten VARCHAR, alasan VARCHAR[])"
        )
        told = "agency VARCHAR, record_id VARCHAR, ditemukan BOOLEAN, pkh_terlihat BOOLEAN, yapi_terlihat BOOLEAN, sampai_layanan BOOLEAN"
        self.con.execute(f"CREATE TABLE intermediate.int_return__told ({told})")
        for n in range(20):
            self.child(n, "32.73" if n < 15 else "33.01", [LAYANAN, DAFTAR][n % 2])
        self.con.execute(
            "INSERT INTO raw.kpai__pengaduan__in_force VALUES ('k1', 'p.xlsx', 4, 'BUNGA CITRA', '2015-01-01', 'P', 'PGD-2026-7')"
        )
        self.con.execute("INSERT INTO intermediate.int_return__told VALUES ('kpai', 'k1', true, false, NULL, false)")
        self.con.execute("INSERT INTO raw.ditjenpas__abh__in_force VALUES ('a1', 'a.xlsx', 2, 'JOKO PRIBADI', '2010-01-01', 'L', 'LIT-9')")
        self.con.execute("INSERT INTO intermediate.int_return__told VALUES ('ditjenpas', 'a1', false, NULL, NULL, NULL)")

    def child(self, n: int, kabupaten: str, reason: str) -> None:
        name = "=cmd|' /C calc'!A1" if n == 3 else f"ANAK NOMOR {n}"
        self.con.execute("INSERT INTO raw.kemensos__ppks__in_force VALUES (?, 'ppks.csv', ?, ?, '2014-05-06', 'L')", [f"r{n}", n, name])
        self.con.execute("INSERT INTO link.decision VALUES (?, 'link', ?, ?)", [f"r{n}", f"D1-{n}", n])
        self.con.execute("INSERT INTO link.register_known VALUES (?, ?)", [f"D1-{n}", f"key-{n}"])
        self.con.execute("INSERT INTO intermediate.int_return__needed VALUES (?, 'ppks', ?, ?)", [f"r{n}", kabupaten, [reason]])

    def write(self, as_of: dt.date = NOVEMBER, run: str = "run-1") -> Written:
        return write_lists(self.con, Night(self.home, PROJECT, self.home.root, as_of, run))

    def path(self, name: str, agency: str = "kemensos", month: str = "2026-11") -> Path:
        return self.home.returns / agency / "daftar" / month / name

    def book(self, path: Path) -> openpyxl.Workbook:
        agency = path.parts[-4]
        return openpyxl.load_workbook(io.BytesIO(opened(path, load_password(self.home.keys, f"returns-{agency}"))))

    def answered(self, answers: dict[int, tuple[object, object]], tmp: Path, edit: dict[str, object] | None = None) -> Path:
        """The regency's list with these answers by row of the sheet, saved without a password, as an office may send it."""
        book = self.book(self.path("32.73.xlsx"))
        sheet = book["Daftar"]
        width = sheet.max_column
        for row, (answer, day) in answers.items():
            sheet.cell(row, width - 2).value = answer
            sheet.cell(row, width - 1).value = day
        for at, value in (edit or {}).items():
            sheet[at] = value
        path = tmp / "jawaban.xlsx"
        book.save(path)
        return path


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_months_lists_are_written_once_and_closed_to_others(office: Office) -> None:
    done = office.write()
    assert (done.lists, done.children, done.waiting) == (
        {"kemensos": 1, "kpai": 1, "ditjenpas": 1},
        {"kemensos": 15, "kpai": 1, "ditjenpas": 1},
        5,
    )
    files = [path for path in office.home.returns.rglob("*") if path.is_file()]
    assert len(files) == 6
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert office.write(run="run-2").again
    assert {path for path in office.home.returns.rglob("*") if path.is_file()} == set(files)


def test_a_workbook_opens_with_the_agencys_password_alone_and_no_byte_of_a_name_is_open(office: Office) -> None:
    office.write()
    path = office.path("32.73.xlsx")
    assert b"ANAK NOMOR" not in path.read_bytes()
    for wrong in ("", "salah", load_password(office.home.keys, "returns-kpai")):
        with pytest.raises(InputRefused):
            opened(path, wrong)


def test_the_sheet_shows_own_cells_reasons_and_empty_answers_and_locks_the_rest(office: Office) -> None:
    office.write()
    sheet = office.book(office.path("32.73.xlsx"))["Daftar"]
    head, *rows = list(sheet.iter_rows(values_only=True))
    assert head[:8] == ("Nomor baris", "Sumber", "Berkas", "Baris ke-", "Nama", "Tanggal lahir", "L/P", "Perlu")
    assert head[8:] == ("Jawaban", "Tanggal", "Segel")
    assert len(rows) == 15
    assert [row[0] for row in rows] == sorted(row[0] for row in rows), "by row id: the order tells nothing"
    assert all(row[8] is None and row[9] is None for row in rows)
    assert sheet.protection.sheet
    assert not sheet["I2"].protection.locked
    assert sheet["E2"].protection.locked
    assert "bukan tidak berhak" in str(rows)


def test_a_delivered_value_is_never_a_formula(office: Office) -> None:
    office.write()
    sheet = office.book(office.path("32.73.xlsx"))["Daftar"]
    cell = next(row[4] for row in sheet.iter_rows(min_row=2) if str(row[4].value).startswith("="))
    assert cell.data_type == "s"
    assert not [line for line in office.path("32.73.csv").read_text("utf-8-sig").splitlines() if ";=" in line]


def test_nothing_of_a_case_and_nothing_of_where_a_child_lives_is_on_an_offices_list(office: Office) -> None:
    office.write()
    cells = str([row for sheet in office.book(office.path("32.73.xlsx")) for row in sheet.iter_rows(values_only=True)])
    for word in ("BUNGA", "JOKO", "PGD-", "LIT-", "kpai", "ditjenpas", "kasus", "desil", "alamat", "kecamatan", "pelaku", "korban"):
        assert word not in cells


def test_kpai_is_told_of_its_own_cases_and_ditjenpas_of_its_own(office: Office) -> None:
    office.write()
    told = {agency: str(list(office.book(office.path("pusat.xlsx", agency))["Daftar"].values)) for agency in ("kpai", "ditjenpas")}
    assert "PGD-2026-7" in told["kpai"]
    assert "belum terlihat: ulangi rujukannya" in told["kpai"]
    assert "belum dapat diketahui" in told["kpai"]
    assert "LIT-9" in told["ditjenpas"]
    assert "belum ditemukan, bukan tidak berhak" in told["ditjenpas"]
    assert "JOKO" not in told["kpai"]
    assert "BUNGA" not in told["ditjenpas"]


def test_a_row_whose_link_changed_opens_the_next_list_as_withdrawn_once(office: Office) -> None:
    office.write()
    office.con.execute("UPDATE link.decision SET register_id = 'D1-999' WHERE record_id = 'r2'")
    office.con.execute("DELETE FROM link.decision WHERE record_id = 'r4'")
    office.con.execute("DELETE FROM intermediate.int_return__needed WHERE record_id = 'r4'")
    done = office.write(DECEMBER, "run-2")
    assert done.withdrawn == 2
    book = office.book(office.path("32.73.xlsx", month="2026-12"))
    assert book.sheetnames[:2] == ["Petunjuk", "DITARIK"]
    before = {row[0]: row[4] for row in office.book(office.path("32.73.xlsx"))["Daftar"].iter_rows(min_row=2, values_only=True)}
    assert {before[row[0]] for row in book["DITARIK"].iter_rows(min_row=2, values_only=True)} == {"ANAK NOMOR 2", "ANAK NOMOR 4"}
    assert office.write(dt.date(2027, 1, 24), "run-3").withdrawn == 0


def test_a_new_dtsen_release_withdraws_nobody_who_stays_the_same_person(office: Office) -> None:
    office.write()
    office.con.execute("UPDATE link.decision SET register_id = replace(register_id, 'D1', 'D2')")
    office.con.execute("UPDATE link.register_known SET register_id = replace(register_id, 'D1', 'D2')")
    assert office.write(DECEMBER, "run-2").withdrawn == 0


def test_a_row_keeps_its_id_from_month_to_month(office: Office) -> None:
    office.write()
    office.write(DECEMBER, "run-2")
    ids = [
        {row[0] for row in office.book(office.path("32.73.xlsx", month=m))["Daftar"].iter_rows(min_row=2, values_only=True)}
        for m in ("2026-11", "2026-12")
    ]
    assert ids[0] == ids[1]


def test_answers_come_back_row_by_row_and_a_second_time_add_nothing(office: Office, tmp_path: Path) -> None:
    office.write()
    file = office.answered(
        {2: ("sudah dilayani", dt.date(2026, 12, 1)), 3: ("Pindah", "2026-12-02"), 4: ("bukan anak ini", "03/12/2026")}, tmp_path
    )
    done = import_answers(office.con, office.home, file, DECEMBER)
    assert (done.taken, done.known, done.empty, done.refused) == (3, 0, 12, ())
    kept = office.con.execute("SELECT jawaban, tanggal FROM returns.answer ORDER BY tanggal").fetchall()
    assert kept == [("sudah_dilayani", dt.date(2026, 12, 1)), ("pindah", dt.date(2026, 12, 2)), ("bukan_anak_ini", dt.date(2026, 12, 3))]
    again = import_answers(office.con, office.home, file, DECEMBER)
    assert (again.taken, again.known) == (0, 3)


def test_a_later_answer_stands_beside_the_first(office: Office, tmp_path: Path) -> None:
    office.write()
    for answer, day in (("dirujuk", "2026-12-01"), ("sudah dilayani", "2026-12-09")):
        assert import_answers(office.con, office.home, office.answered({2: (answer, day)}, tmp_path), DECEMBER).taken == 1
    assert office.con.execute("SELECT count(*) FROM returns.answer").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("answer", "edit", "rule"),
    [
        (("ditemukan", "2026-12-01"), {"E2": "NAMA LAIN"}, "baris_diubah"),
        (("ditemukan", "2026-12-01"), {"K2": "000000000000"}, "baris_diubah"),
        (("ditemukan", "2026-12-01"), {"A2": "R-000000000000"}, "baris_tidak_dikenal"),
        (("mungkin", "2026-12-01"), {}, "jawaban_tidak_dikenal"),
        (("ditemukan", None), {}, "tanggal_tidak_terbaca"),
        (("ditemukan", "kemarin"), {}, "tanggal_tidak_terbaca"),
        (("ditemukan", "2027-01-01"), {}, "tanggal_di_luar_masa"),
        (("ditemukan", "2026-11-01"), {}, "tanggal_di_luar_masa"),
        ((None, "2026-12-01"), {}, "jawaban_tidak_dikenal"),
    ],
)
def test_a_wrong_row_is_refused_by_rule_and_the_others_are_taken(
    office: Office, tmp_path: Path, answer: tuple[object, object], edit: dict[str, object], rule: str
) -> None:
    office.write()
    file = office.answered({2: answer, 3: ("pindah", "2026-12-02")}, tmp_path, edit)
    done = import_answers(office.con, office.home, file, DECEMBER)
    assert done.refused == ((2, rule),)
    assert done.taken == 1


def test_rows_swapped_between_children_are_refused(office: Office, tmp_path: Path) -> None:
    office.write()
    book = office.book(office.path("32.73.xlsx"))
    sheet = book["Daftar"]
    first, second = sheet["E2"].value, sheet["E3"].value
    file = office.answered({2: ("pindah", "2026-12-01"), 3: ("pindah", "2026-12-01")}, tmp_path, {"E2": second, "E3": first})
    assert [rule for _, rule in import_answers(office.con, office.home, file, DECEMBER).refused] == ["baris_diubah"] * 2


def test_sorted_and_filtered_rows_are_taken_as_they_are(office: Office, tmp_path: Path) -> None:
    office.write()
    file = office.answered({row: ("pindah", "2026-12-01") for row in range(2, 17)}, tmp_path)
    book = openpyxl.load_workbook(file)
    rows = sorted((list(r) for r in book["Daftar"].iter_rows(min_row=2, values_only=True)), key=lambda r: str(r[4]), reverse=True)
    for at, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = book["Daftar"].cell(at, column)
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(file)
    assert import_answers(office.con, office.home, file, DECEMBER).taken == 15


@pytest.mark.parametrize("content", [b"", b"PK bukan zip", b"teks"])
def test_what_is_no_list_is_refused_with_a_word_and_no_trace(office: Office, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(InputRefused):
        import_answers(office.con, office.home, file, DECEMBER)


def test_a_month_that_was_not_finished_is_written_whole_by_the_next_night(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("padan.returns.lists._write_told", dies)
        with pytest.raises(OSError):
            office.write()
    assert not office.path("32.73.xlsx").exists()
    assert office.write(run="run-2").children["kemensos"] == 15
    assert office.con.execute("SELECT count(*), count(DISTINCT run_id), max(run_id) FROM returns.listed").fetchall() == [(15, 1, "run-2")]


def test_the_same_child_in_two_rows_is_listed_once(office: Office) -> None:
    office.child(90, "32.73", LAYANAN)
    office.con.execute("UPDATE link.decision SET register_id = 'D1-1' WHERE record_id = 'r90'")
    assert office.write().children["kemensos"] == 15
