"""Doubtful matches of a whole night go out to a regency's office as a sheet, come back, and steer what follows."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest
from nights import AS_OF, RanNight, padan

from padan.home import Home
from padan.keys import load_key, load_password
from padan.review.answers import second_reader
from padan.review.queue import build_queue, case_number
from padan.review.sheet import CASES, HEADS
from padan.workbook import opened

WHY = ["--reason", "surat tugas 9/2026"]
ANSWER, REASON, SEAL = (len(HEADS) - 2, len(HEADS) - 1, len(HEADS))


@pytest.fixture(scope="module")
def queue(small_night: RanNight, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A copy of the night's home, with every open case of one busy regency that is not the centre's.

    A small night has few doubts: its twelve weakest links of PPKS are held to be some, as if a link needed more.
    """
    home = Home(Path(shutil.copytree(small_night.home, tmp_path_factory.mktemp("queue") / "home", symlinks=True)))
    key = load_key(home.keys, "review")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            """UPDATE link.decision SET decision = 'review', reason = 'bukti_abu_abu', register_id = NULL WHERE record_id IN (
            SELECT record_id FROM link.decision WHERE feed = 'ppks' AND reason = 'bukti_cukup'
            ORDER BY match_probability, record_id LIMIT 12)"""
        )
        run_id = con.execute("SELECT any_value(run_id) FROM link.decision").fetchall()[0][0]
        build_queue(con, case_number(key), AS_OF, run_id)
        con.execute("UPDATE review.case SET kode_kabupaten = '32.73' WHERE NOT centre_only")
    return home, "3273"


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def sent(home: Home, kabupaten: str, folder: Path) -> tuple[Path, openpyxl.Workbook]:
    path = folder / "sent.xlsx"
    done = padan("review", "export", "--kabupaten", kabupaten, "--out", path, *WHY, "--home", home.root)
    assert done.returncode == 0, done.stderr
    assert b"Putusan" not in path.read_bytes(), "the workbook is encrypted"
    password = load_password(home.keys, "review-32.73")
    return path, openpyxl.load_workbook(io.BytesIO(opened(path, password)))


def come_back(home: Home, book: openpyxl.Workbook, folder: Path) -> tuple[int, str]:
    path = folder / "back.xlsx"
    book.save(path)
    done = padan("review", "import", path, "--kabupaten", "3273", "--by", "Petugas 32.73", "--home", home.root)
    return done.returncode, done.stdout + done.stderr


def answer(book: openpyxl.Workbook, row: int, said: str, why: str = "dokumen diperiksa") -> None:
    book[CASES].cell(row, ANSWER).value, book[CASES].cell(row, REASON).value = said, why


def test_the_queue_holds_every_doubt_once_and_says_who_may_decide_it(queue: tuple[Home, str]) -> None:
    home, _ = queue
    doubts = ask(
        home, "SELECT count(*) FROM link.decision WHERE entity_type = 'person' AND (decision = 'review' OR reason = 'nik_milik_orang_lain')"
    )
    assert ask(home, "SELECT count(*), count(DISTINCT case_id) FROM review.case") == [(doubts[0][0], doubts[0][0])]
    assert ask(home, "SELECT count(*) FROM review.case WHERE NOT centre_only AND agency IN ('kpai', 'ditjenpas')") == [(0,)]
    assert ask(
        home,
        "SELECT count(*) FROM review.case c JOIN link.decision d USING (record_id) JOIN link.decision o ON o.person_id = d.person_id "
        "WHERE NOT c.centre_decides AND (o.agency IN ('kpai', 'ditjenpas') OR o.feed IN ('lksa_anak', 'atensi'))",
    ) == [(0,)], "whom a case or an institution touches, the centre decides"


def test_a_sheet_tells_nothing_of_why_a_record_is_there(queue: tuple[Home, str], tmp_path: Path) -> None:
    home, kabupaten = queue
    _, book = sent(home, kabupaten, tmp_path)
    text = " ".join(str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell).lower()
    for word in ("pkh", "ppks", "yapi", "kpai", "atensi", "lksa", "abu_abu", "prioritas", "priority", "register_id", "d2026"):
        assert word not in text, word
    full = [row[0] for row in ask(home, "SELECT nik FROM intermediate.int_person__standardized WHERE nik IS NOT NULL")]
    assert not [nik for nik in full if str(nik) in text], "of a NIK only the last four digits"
    count = ask(home, "SELECT count(*) FROM review.case WHERE NOT centre_only")[0][0]
    assert book[CASES].max_row == 1 + int(str(count)) and book[CASES].protection.sheet
    assert all(book[CASES].cell(2, at).protection.locked == (at not in (ANSWER, REASON)) for at in range(1, SEAL + 1))
    assert int(str(ask(home, "SELECT count(*) FROM ledger.access WHERE reason LIKE 'putusan kabupaten%'")[0][0])) >= int(str(count))


def test_good_rows_become_rulings_once_and_each_bad_row_is_refused_by_its_rule(queue: tuple[Home, str], tmp_path: Path) -> None:
    home, kabupaten = queue
    _, book = sent(home, kabupaten, tmp_path)
    key, decides = load_key(home.keys, "review"), dict(ask(home, "SELECT case_id, centre_decides FROM review.case"))
    rows = {row: str(book[CASES].cell(row, 1).value) for row in range(2, book[CASES].max_row + 1)}
    good, *bad = sorted(rows, key=lambda row: decides[rows[row]] or second_reader(key, rows[row], 0.10))
    assert not decides[rows[good]] and len(bad) >= 3
    answer(book, good, "BEDA")
    answer(book, bad[0], "MUNGKIN")
    answer(book, bad[1], "SAMA", "karena saya yakin")
    answer(book, bad[2], "SAMA")
    book[CASES].cell(bad[2], 3).value = "NAMA LAIN"
    code, said = come_back(home, book, tmp_path)
    assert code == 2 and "1 jawaban diterima" in said
    for row, rule in zip(bad, ("putusan_tidak_dikenal", "alasan_tidak_dikenal", "baris_diubah"), strict=False):
        assert f"baris {row}: {rule}" in said
    rulings = ask(home, "SELECT ruling, decided_by, nik IS NOT NULL OR nama IS NOT NULL FROM review.ruling")
    assert rulings == [("different", "Petugas 32.73", True)]
    code, said = come_back(home, book, tmp_path)
    assert "0 jawaban diterima" in said and "1 sudah ada" in said
    assert ask(home, "SELECT count(*) FROM review.ruling") == [(1,)], "the same file twice adds nothing"
    again = padan("review", "export", "--kabupaten", kabupaten, "--out", tmp_path / "again.xlsx", *WHY, "--home", home.root)
    assert again.stdout.startswith(f"{len(rows) - 1} kasus"), "what an office answered is not sent to it again"


def test_an_office_cannot_decide_what_touches_a_case_and_is_not_told_so(queue: tuple[Home, str], tmp_path: Path) -> None:
    home, kabupaten = queue
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE review.case SET centre_decides = true WHERE NOT centre_only")
        before = con.execute("SELECT count(*) FROM review.ruling").fetchall()
    _, book = sent(home, kabupaten, tmp_path)
    answer(book, 2, "SAMA")
    _, said = come_back(home, book, tmp_path)
    assert said.startswith("1 jawaban diterima, 0 di antaranya ragu"), "word for word what any other case would say"
    assert ask(home, "SELECT count(*) FROM review.ruling") == before


def test_a_row_whose_record_has_changed_since_is_refused(queue: tuple[Home, str], tmp_path: Path) -> None:
    home, kabupaten = queue
    _, book = sent(home, kabupaten, tmp_path)
    case = book[CASES].cell(3, 1).value
    answer(book, 3, "SAMA")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE review.case SET fields = 'lain' WHERE case_id = ?", [case])
    code, said = come_back(home, book, tmp_path)
    assert code == 2 and "baris 3: data_sudah_berubah" in said


def test_two_hundred_spoilt_rows_are_refused_at_their_own_row_and_no_good_one_is_lost(queue: tuple[Home, str], tmp_path: Path) -> None:
    """Straight at the reader's rules: one sheet's rows, spoilt two hundred ways, beside good ones."""
    from padan.review.office import _refusal
    from padan.review.sheet import seal_of

    home, kabupaten = queue
    _, book = sent(home, kabupaten, tmp_path)
    key, dice, refused, good = load_key(home.keys, "review"), random.Random(8), 0, 0
    rows = [tuple(str(c if c is not None else "") for c in row) for row in book[CASES].iter_rows(min_row=2, values_only=True)]
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE review.case c SET fields = s.fields FROM review.sent s WHERE s.case_id = c.case_id")
        for at in range(200):
            row = list(dice.choice(rows))
            cells, seal = tuple(row[: ANSWER - 1]), row[SEAL - 1]
            assert seal == seal_of(key, cells)
            assert _refusal(con, key, cells, "RAGU", "data kurang", seal, "32.73") is None
            good += 1
            spoil = at % 5
            if spoil == 0:
                column = dice.randrange(len(cells))
                cells = (*cells[:column], cells[column] + "x", *cells[column + 1 :])
            elif spoil == 1:
                seal = seal[:-1] + ("0" if seal[-1] != "0" else "1")
            elif spoil == 2:
                cells = (rows[0][0] if cells[0] != rows[0][0] else "K-000000000000", *cells[1:])
            said = {3: "YA", 4: "RAGU"}.get(spoil, "RAGU")
            office = "32.04" if spoil == 4 else "32.73"
            refused += _refusal(con, key, cells, said, "data kurang", seal, office) is not None
    assert (refused, good) == (200, 200)


def test_what_is_out_when_the_key_changes_is_refused_and_sent_again(queue: tuple[Home, str], tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(queue[0].root, tmp_path / "home", symlinks=True)))
    _, before = sent(home, "3273", tmp_path)
    assert padan("keys", "rotate", "review.key", "--reason", "latihan pemutaran", "--home", home.root).returncode == 0
    answer(before, 2, "SAMA")
    code, said = come_back(home, before, tmp_path)
    assert code != 0 and "baris 2: baris_diubah" in said
    _, after = sent(home, "3273", tmp_path)
    answer(after, 2, "SAMA")
    code, said = come_back(home, after, tmp_path)
    assert (code, said.split()[:3]) == (0, ["1", "jawaban", "diterima,"])
