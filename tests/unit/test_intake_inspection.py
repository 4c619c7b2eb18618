"""`padan inspect`: what it says of files whose layout differs, and what it never says."""

import re
from pathlib import Path

import pytest
from landed import cells, csv_text, header, pkh, row, workbook

from padan.errors import ConfigError
from padan.intake.inspection import inspect, render
from schemas.extracts import contracts

PKH, PPKS, LKS = "kemensos/pkh", "kemensos/ppks", "kemensos/lks"
SECRET = {"nama": "SUKMAWATI RANGGALAWE", "nama_wali": "DARMAWAN KUSUMA", "nik": "3273054107140003", "no_kk": "3273051203150007"}
OTHER_NAMES = {
    "ID_PKH": "No. PKH", "NIK_KOMPONEN": "NIK Anak", "NAMA_KOMPONEN": "Nama Lengkap Anak", "TGL_LAHIR": "Tanggal Lahir",
    "JK": "L/P", "NOKK": "Nomor KK", "KDKAB": "Kode Kabupaten", "STATUS_SALUR": "Status Penyaluran",
}  # fmt: skip


def odd_pkh(tmp_path: Path) -> Path:
    """Title rows, other names, another delimiter: a layout that intake refuses."""
    columns = [OTHER_NAMES.get(name, name) for name in header(PKH)]
    rows = [*pkh(18, **SECRET), row(PKH, id_pkh="", **SECRET), row(PKH, **SECRET | {"nik": "3,27305E+15"})]
    text = csv_text(PKH, rows, columns=columns).replace(";", "|")
    path = tmp_path / "data.csv"
    path.write_text("REKAP PKH SUKMAWATI\n\n" + text)
    return path


def test_a_file_in_another_layout_is_recognised_and_mapped(tmp_path: Path) -> None:
    found = inspect(odd_pkh(tmp_path))
    assert found.feed == PKH and found.proposed and found.missing == ()
    assert found.layout is not None and (found.layout.delimiter, found.layout.header_row) == ("|", 3)
    mapped = {c.name: c.delivered for c in found.columns}
    assert {new: old for old, new in OTHER_NAMES.items()}.items() <= mapped.items()
    assert 'nama: column("NAMA_KOMPONEN", aliases=("Nama Lengkap Anak",), ...)' in found.aliases
    assert found.refusal is not None and len(found.differences) == 2


def test_it_counts_what_would_be_set_aside_and_flagged(tmp_path: Path) -> None:
    counts = inspect(odd_pkh(tmp_path), PKH).counts
    assert counts is not None and counts.rows == 20
    assert counts.quarantined == {"kunci_kosong": 1}
    assert counts.flagged == {("notasi_ilmiah", "NIK_KOMPONEN"): 1}


def test_the_aliases_that_it_proposes_are_the_ones_that_make_intake_accept_the_names(tmp_path: Path) -> None:
    lines = "\n".join(inspect(odd_pkh(tmp_path), PKH).aliases)
    assert set(re.findall(r'aliases=\("([^"]+)",\)', lines)) == set(OTHER_NAMES.values())


def shifted(tmp_path: Path) -> Path:
    path = tmp_path / "tanpa kepala.csv"
    path.write_text(csv_text(PKH, pkh(20, **SECRET)).split("\n", 1)[1])
    return path


def book(tmp_path: Path) -> Path:
    path = tmp_path / "lks.xlsx"
    name = {"nama_lks": SECRET["nama"]}
    rows = [cells(LKS, row(LKS, **name)), cells(LKS, row(LKS, no_td=None, **name))]
    path.write_bytes(workbook([[SECRET["nama"]], [c.replace("_", " ") for c in header(LKS)], *rows]))
    return path


def headed_by_a_value(tmp_path: Path) -> Path:
    path = tmp_path / "kepala aneh.csv"
    columns = [*header(PKH)[:-1], SECRET["nik"]]
    path.write_text(csv_text(PKH, pkh(20, **SECRET), columns=columns))
    return path


@pytest.mark.parametrize("make", [odd_pkh, shifted, book, headed_by_a_value])
@pytest.mark.parametrize("feed", [None, PKH, PPKS, LKS])
def test_no_cell_of_the_file_is_ever_shown(make: object, feed: str | None, tmp_path: Path) -> None:
    text = render(inspect(make(tmp_path), feed))  # type: ignore[operator]
    for value in [*SECRET.values(), "SUKMAWATI", "3273", "225.000", "32.01", "JL MAWAR"]:
        assert value not in text
    assert "Tidak ada yang dimuat" in text


def test_a_workbook_in_the_promised_layout_would_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook([["JUDUL"], header(LKS), *[cells(LKS, row(LKS))] * 2]))
    found = inspect(path)
    assert (found.feed, found.refusal, found.aliases, found.differences) == (LKS, None, (), ())


def test_a_file_that_is_no_table_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 Budi")
    text = render(inspect(path))
    assert "DITOLAK" in text and "Budi" not in text


def test_an_unknown_feed_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kemensos/pkh"):
        inspect(tmp_path / "a.csv", "kemensos/tidak_ada")
    with pytest.raises(ConfigError, match="tidak ada"):
        inspect(tmp_path / "a.csv")


@pytest.mark.parametrize("feed", sorted(contracts()))
def test_the_sample_deliveries_are_recognised_without_being_told(contoh: Path, feed: str) -> None:
    (path,) = (p for p in (contoh / "landing" / feed).glob("*/*") if p.name != "MANIFEST.sha256")
    found = inspect(path)
    assert (found.feed, found.refusal, found.missing, found.aliases) == (feed, None, (), ())
    assert found.counts is not None and found.counts.quarantined == {}
