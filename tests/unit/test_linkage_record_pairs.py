"""Records take the register's place: their keys are those that the register's own lists would have, in lots of any size."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkage_world import FIRST, SECOND, Row, answers, built, child, crowd, home_of, linked, persons_of, record, warehouse

from padan.linkage import memory
from padan.linkage.memory import STANDARD, number_records
from padan.linkage.record_pairs import make_keyed
from padan.linkage.records import NUMBER
from padan.linkage.why.records import AS_REGISTER
from padan.linkage.workspace import workspace
from padan.register.postings import PARTS

NAMES = [
    "SITI NURHALIZA", "MUHAMMAD R", "M RIZKI", "A B C", "X", "NUR'AINI", "ANAK KORBAN 1", "TJIPTO DJOKO OETOMO", None,
    "HAJI ABDUL AZIZ BIN UMAR", "SATU DUA TIGA EMPAT LIMA ENAM TUJUH DELAPAN SEMBILAN", "SITI SITI", "Raden  Ayu, S.Pd",
]  # fmt: skip


def test_keys_of_records_are_those_of_the_registers_lists() -> None:
    rows: list[Row] = [
        record(
            n, name, None if n % 5 == 4 else f"2012-0{1 + n % 9}-11", nama_ibu=NAMES[(n + 3) % len(NAMES)],
            nik=f"32730101011000{n:02d}", no_kk=None if n % 2 else f"32730101011100{n:02d}", kode_kecamatan="32.73.01" if n % 3 else None,
            kode_kabupaten="32.73" if n % 4 else None,
        )
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    with warehouse(rows) as con, workspace(con, None) as (work, attached):
        work.execute("CREATE TABLE ruled_apart (record_id VARCHAR, person_no INTEGER)")
        number_records(work, attached)
        work.execute(
            "CREATE TABLE known_family AS SELECT rec_no, rec_no + 100 AS keluarga, NULL AS nik_keluarga FROM everyone WHERE rec_no % 2 = 0"
        )
        make_keyed(work, f"(SELECT s.*, e.rec_no FROM {attached}.{STANDARD} s JOIN everyone e ON e.place = s.rowid)")
        expected = work.execute(f"SELECT {PARTS} FROM ({AS_REGISTER}) ORDER BY person_no").fetchall()
        names = [column[0] for column in work.execute(f"SELECT {PARTS} FROM ({AS_REGISTER})").description]
        assert work.execute(f"SELECT {', '.join(names)} FROM keyed ORDER BY person_no").fetchall() == expected
    assert len(expected) == len(NAMES)
    for column in (
        "nama_key",
        "ibu_key",
        "tanggal_key",
        "kab_key",
        "rapat_key",
        "inisial_key",
        "huruf_key",
        "kata",
        "awalan",
        "keluarga_no",
    ):
        known = [row[names.index(column)] for row in expected]
        assert any(value is None for value in known)
        assert any(value for value in known)


def test_records_are_numbered_alike_by_the_night_and_by_whoever_reads_a_few() -> None:
    rows = [record(n, "SITI AMINAH", "2012-05-17", feed=("ppks", "pkh", "yapi")[n % 3]) for n in (7, 3, 11, 5, 2, 8, 1)]
    with warehouse(rows) as con, workspace(con, None) as (work, attached):
        work.execute("CREATE TABLE ruled_apart (record_id VARCHAR, person_no INTEGER)")
        number_records(work, attached)
        expected = work.execute(f"SELECT record_id, {NUMBER} FROM {attached}.{STANDARD} ORDER BY 2").fetchall()
        assert work.execute("SELECT record_id, rec_no FROM everyone ORDER BY 2").fetchall() == expected
        files = (
            "SELECT e.record_id, agency, feed, delivery_date, source_file, source_row FROM everyone e JOIN delivered_file USING (file_no)"
        )
        said = f"SELECT record_id, agency, feed, delivery_date, source_file, source_row FROM {attached}.{STANDARD}"
        assert work.execute(f"{files} ORDER BY 1").fetchall() == work.execute(f"{said} ORDER BY 1").fetchall()
    assert len(expected) == len(rows)


@pytest.mark.parametrize("lot", [1, 3])
def test_the_size_of_lots_decides_nothing(lot: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = [child(n, f"{FIRST[n]} {SECOND[n % 14]}", f"2013-0{1 + n % 9}-1{n % 10}") for n in range(6)]
    home = home_of(tmp_path)
    release = built(home, [*children, *crowd(40)])
    rows = [record(n, c["nama"], c["tanggal_lahir"], nik=c["nik"] if n % 2 else None) for n, c in enumerate(children)]
    rows += [record(50 + n, "TARUNA WIDIANTO", "2012-02-27", feed=feed) for n, feed in enumerate(("pkh", "ppks", "yapi"))]
    told = []
    for size in (memory.LOT, lot):
        monkeypatch.setattr(memory, "LOT", size)
        with warehouse(rows) as con:
            linked(con, home, release)
            told.append((answers(con), persons_of(con)))
    assert told[0] == told[1]
    persons = told[0][1]
    assert len({persons[f"r{n:04d}"] for n in (50, 51, 52)}) == 1
