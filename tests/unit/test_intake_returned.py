"""A workbook that comes back from an office is somebody's mail: opened by the confined process, and refused by a rule whatever it is."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from padan.errors import InputRefused
from padan.intake import jail
from padan.intake.jail import read_returned
from padan.workbook import _encrypted, add_sheet, open_book

PASSWORD, SHEET = "kata sandi kantor", "Daftar"
ROWS = [["Nomor", "Jawaban"], ["A-1", "DILAYANI"], ["A-2", ""]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "daftar.xlsx"
    with open_book(path, "daftar", PASSWORD) as book:
        sheet = add_sheet(book, SHEET, [(name, 12) for name in ROWS[0]])
        for at, row in enumerate(ROWS[1:], 1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return path


def plain(extra: dict[str, bytes], taken: set[str] = frozenset()) -> io.BytesIO:
    """A workbook of Excel's form, with other parts beside or in place of its own."""
    import xlsxwriter

    book, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        workbook.add_worksheet(SHEET).write_string(0, 0, "Nomor")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in extra and name not in taken:
                new.writestr(name, old.read(name))
        for name, content in extra.items():
            new.writestr(name, content)
    return made


def cells_at(*places: str) -> bytes:
    """A sheet with a number in each of these cells."""
    rows = "".join(f'<row r="{place.lstrip("AZXFD")}"><c r="{place}"><v>1</v></c></row>' for place in places)
    return (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


def test_a_sheet_of_the_largest_size_is_refused_and_ends_its_reader_at_most(tmp_path: Path) -> None:
    path = tmp_path / "kembali.xlsx"
    path.write_bytes(plain({"xl/worksheets/sheet1.xml": cells_at("A1", "XFD1048576")}).getvalue())
    with pytest.raises(InputRefused) as refused:
        read_returned(path, None, SHEET)
    assert refused.value.rule in {"pembaca_berhenti", "berkas_rusak", "berkas_terlalu_besar"}


@pytest.mark.parametrize("said", [(b"S", b"{}"), (b"S", b'{"rows": [["a"], ["b", "c"]], "digest": ""}'), (b"R", b"[]"), (b"B", b"")])
def test_a_reader_that_talks_nonsense_was_taken_over(said: tuple[bytes, bytes], sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = jail._Parser.frame
    monkeypatch.setattr(jail._Parser, "frame", lambda parser: frame(parser) and said)
    with pytest.raises(InputRefused) as refused:
        read_returned(sent, PASSWORD, SHEET)
    assert refused.value.rule == "pembaca_berhenti"


def test_what_was_sent_is_read_as_it_was_written(sent: Path) -> None:
    first, again = (read_returned(sent, PASSWORD, SHEET) for _ in range(2))
    assert first.rows == ROWS
    assert first == again
    assert read_returned(sent, PASSWORD, "Lembar lain").rows == []


@pytest.mark.parametrize(
    ("rule", "book"),
    [
        ("bom_zip", lambda: plain({"xl/media/a.xml": b" " * (40 << 20)})),
        ("makro", lambda: plain({"xl/vbaProject.bin": b"x"})),
        ("tautan_luar", lambda: plain({"xl/externalLinks/externalLink1.xml": b"<a/>"})),
        ("entitas_xml", lambda: plain({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst>&b;</sst>'})),
        ("berkas_rusak", lambda: plain({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"})),
        ("wadah_salah", lambda: plain({}, {"xl/workbook.xml"})),
        ("berkas_terlalu_besar", lambda: plain({"xl/worksheets/sheet1.xml": cells_at("A1", "Z999999")})),
    ],
)
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_what_no_list_of_ours_has_is_refused(rule: str, book, password: str | None, tmp_path: Path) -> None:
    content, path = book(), tmp_path / "kembali.xlsx"
    path.write_bytes(_encrypted(content, password) if password else content.getvalue())
    with pytest.raises(InputRefused) as refused:
        read_returned(path, PASSWORD, SHEET)
    assert refused.value.rule == rule


def test_another_password_another_file_and_none_are_told(sent: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("bukan lembar kerja")
    for rule, path, password in (
        ("kata_sandi_salah", sent, "lain"), ("kata_sandi_salah", sent, None), ("bukan_lembar_kerja", text, PASSWORD),
        ("berkas_tidak_ada", tmp_path / "tidak ada.xlsx", PASSWORD),
    ):  # fmt: skip
        with pytest.raises(InputRefused) as refused:
            read_returned(path, password, SHEET)
        assert refused.value.rule == rule


@pytest.mark.parametrize("draws", [40, pytest.param(1000, marks=pytest.mark.long)])
def test_bytes_cut_or_changed_anywhere_are_refused_or_change_nothing(draws: int, sent: Path, tmp_path: Path) -> None:
    content, dice, refused = sent.read_bytes(), random.Random(draws), 0
    for at in range(draws):
        spoilt = bytearray(content[: dice.randrange(len(content))] if at % 2 else content)
        for _ in range(0 if at % 2 else 1 + at % 7):
            spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        path = tmp_path / "kembali.xlsx"
        path.write_bytes(spoilt)
        try:
            assert read_returned(path, PASSWORD, SHEET).rows == ROWS
        except InputRefused:
            refused += 1
    assert refused >= draws // 2
