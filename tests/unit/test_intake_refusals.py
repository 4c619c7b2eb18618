"""Every cell of the refuse / quarantine / flag / accept table of the feeds' design, on files made here."""

import datetime as dt
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landed import Desk, cells, csv_text, desk, header, pkh, row, sha256_line, workbook

from padan.intake.landing import scan
from padan.intake.refusing import refuse_strays
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

PKH, PPKS, LKS, WAS = "kemensos/pkh", "kemensos/ppks", "kemensos/lks", "kpai/pengawasan"
GOOD_PKH = csv_text(PKH, pkh(30))
LKS_ROWS = [cells(LKS, row(LKS, no=n, no_td=f"3201/LKSA/{n}")) for n in range(1, 31)]
GOOD_LKS = workbook([["DAFTAR LKS"], [], header(LKS), *LKS_ROWS])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def renamed(old: str, new: str) -> list[str]:
    return [new if name == old else name for name in header(PKH)]


def with_part(name: str, content: str) -> bytes:
    """The good workbook with one more part, or one replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_LKS)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.namelist():
            if part != name:
                made.writestr(part, source.read(part))
        made.writestr(name, content)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """A part that unpacks to 30 MB while the directory says one byte."""
    data = bytearray(with_part("xl/bomb.xml", " " * 30_000_000))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/bomb.xml"))
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(data)


REFUSED_FILES: list[tuple[str, str, str, bytes | str, str]] = [
    ("empty file", PKH, "a.csv", b"", "berkas_kosong"),
    ("only a byte order mark", PKH, "a.csv", b"\xef\xbb\xbf", "berkas_kosong"),
    ("blank lines only", PKH, "a.csv", "\n\n\n", "berkas_kosong"),
    ("header only", PKH, "a.csv", csv_text(PKH, []), "berkas_kosong"),
    ("header and footer only", PKH, "a.csv", csv_text(PKH, [], tail="Jumlah;0\n"), "berkas_kosong"),
    ("no header", PKH, "a.csv", GOOD_PKH.split("\n", 1)[1], "tanpa_kepala"),
    ("required column missing", PKH, "a.csv", csv_text(PKH, pkh(30)).replace("NIK_KOMPONEN", "LAIN", 1), "kolom_wajib_tidak_ada"),
    ("required column renamed", PKH, "a.csv", csv_text(PKH, pkh(30), columns=renamed("JK", "KELAMIN")), "kolom_wajib_tidak_ada"),
    ("required column doubled", PKH, "a.csv", csv_text(PKH, pkh(30), columns=renamed("BANK", "jk")), "kolom_ganda"),
    ("comma for semicolon", PKH, "a.csv", GOOD_PKH.replace(";", ","), "pemisah_salah"),
    ("tab for semicolon", PKH, "a.csv", GOOD_PKH.replace(";", "\t"), "pemisah_salah"),
    ("semicolon for bar", PPKS, "a.csv", csv_text(PPKS, [row(PPKS)]).replace("|", ";"), "pemisah_salah"),
    ("an XLSX named .csv", PKH, "a.csv", GOOD_LKS, "wadah_salah"),
    ("a CSV named .xlsx", LKS, "a.xlsx", GOOD_PKH, "wadah_salah"),
    ("an old XLS named .xlsx", LKS, "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wadah_salah"),
    ("a suffix of another format", PKH, "a.json", GOOD_PKH, "wadah_salah"),
    ("a packed CSV", PKH, "a.csv.gz", b"\x1f\x8b" + b"x" * 100, "wadah_salah"),
    ("any ZIP named .xlsx", LKS, "a.xlsx", None, "wadah_salah"),  # type: ignore[list-item]
    ("UTF-16 with a mark", PKH, "a.csv", GOOD_PKH.encode("utf-16"), "enkode_salah"),
    ("UTF-16 without a mark", PKH, "a.csv", GOOD_PKH.encode("utf-16-le"), "enkode_salah"),
    ("binary", PKH, "a.csv", bytes(range(256)) * 40, "berkas_biner"),
    ("UTF-8 where cp1252 was promised", PKH, "a.csv", csv_text(PKH, pkh(30, nama="ANDRÉ")), "enkode_salah"),
    ("unreadable workbook", LKS, "a.xlsx", GOOD_LKS[: len(GOOD_LKS) // 2], "berkas_rusak"),
    ("workbook without a header", LKS, "a.xlsx", workbook(LKS_ROWS), "tanpa_kepala"),
    ("workbook with the header on two sheets", LKS, "a.xlsx", workbook([header(LKS), *LKS_ROWS], sheets=2), "lembar_ganda"),
    ("zip bomb", LKS, "a.xlsx", with_part("xl/bomb.xml", " " * 30_000_000), "bom_zip"),
    ("zip bomb with a lying directory", LKS, "a.xlsx", lying_bomb(), "bom_zip"),
    ("XML entities", LKS, "a.xlsx", with_part("xl/styles.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "entitas_xml"),
    ("macros", LKS, "a.xlsx", with_part("xl/vbaProject.bin", "x"), "makro"),
    ("links to other workbooks", LKS, "a.xlsx", with_part("xl/externalLinks/externalLink1.xml", "<a/>"), "tautan_luar"),
    ("JSON cut off", WAS, "a.json", '[{"no_was": "1"', "berkas_rusak"),
    ("JSON nested without end", WAS, "a.json", "[" * 100_000, "berkas_rusak"),
    ("JSON that is no list", WAS, "a.json", '{"no_was": "1"}', "wadah_salah"),
    ("JSON list without an object", WAS, "a.json", "[]", "berkas_kosong"),
    ("JSON with a field named twice", WAS, "a.json", '[{"no_was": "1", "no_was": "2"}]', "kolom_ganda"),
    (
        "more than 5 % of rows quarantined",
        PKH,
        "a.csv",
        csv_text(PKH, [*pkh(94), *[row(PKH, komponen="X")] * 6]),
        "terlalu_banyak_karantina",
    ),
    (
        "more than 20 % of a typed column unreadable",
        PKH,
        "a.csv",
        csv_text(PKH, [*pkh(70), *(row(PKH, id_pkh=f"b{n}", tanggal_lahir="kemarin") for n in range(30))]),
        "kolom_tak_terbaca",
    ),
]


def any_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("a.txt", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(("feed", "name", "content", "rule"), [c[1:] for c in REFUSED_FILES], ids=[c[0] for c in REFUSED_FILES])
def test_a_file_that_breaks_its_contract_is_refused_whole_with_one_line(
    office: Desk, feed: str, name: str, content: bytes | str | None, rule: str
) -> None:
    data = any_zip() if content is None else content
    path = office.deliver(feed, data, name)
    intake = office.take(feed)
    assert [r.rule for r in intake.refused] == [rule]
    assert "\n" not in intake.refused[0].reason and intake.refused[0].reason.startswith(f"{feed}/2026-11-23: ")
    assert office.in_force(feed) == [] and office.quarantine() == []
    ledger = office.all("SELECT file, status, rows_received, reason FROM ledger.delivery")
    assert ledger == [(name, "refused", 0, intake.refused[0].reason)]
    archived = [p for p in office.home.archive.iterdir() if p.read_bytes() == path.read_bytes()]
    assert len(archived) == 1


def test_the_good_twins_of_the_refused_files_are_accepted(office: Desk) -> None:
    office.deliver(PKH, GOOD_PKH)
    office.deliver(LKS, GOOD_LKS, "a.xlsx")
    assert (office.take(PKH).accepted, office.take(LKS).accepted) == (30, 30)


def test_a_damaged_parquet_page_refuses_the_release_and_leaves_no_file(office: Desk) -> None:
    table = pa.table({c.delivered: ["2026-10-01", "2026-10-01"] for c in contracts()["dtsen/keluarga"].columns})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="snappy")
    data = bytearray(buffer.getvalue())
    data[8:300] = b"\xff" * 292
    office.deliver("dtsen/keluarga", bytes(data), "k.parquet", "2026-10-01")
    assert [r.rule for r in office.take("dtsen/keluarga").refused] == ["berkas_rusak"]
    assert list(office.home.register.iterdir()) == []


@pytest.mark.parametrize(
    ("manifest", "rule"),
    [
        (lambda p: sha256_line(p).replace(sha256_line(p)[0], "0" if sha256_line(p)[0] != "0" else "1", 1), "manifest_tak_cocok"),
        (lambda p: sha256_line(p) + sha256_line(p, "hilang.csv"), "manifest_berkas_tidak_ada"),
        (lambda p: "", "manifest_tidak_menyebut"),
        (lambda p: sha256_line(p, "../data.csv"), "manifest_rusak"),
        (lambda p: "bukan manifest\n", "manifest_rusak"),
    ],
)
def test_a_delivery_that_differs_from_its_manifest_is_refused(office: Desk, manifest: Callable[[Path], str], rule: str) -> None:
    path = office.deliver(PKH, GOOD_PKH)
    (path.parent / "MANIFEST.sha256").write_text(manifest(path))
    assert [r.rule for r in office.take(PKH).refused] == [rule]


def test_a_manifest_with_windows_line_ends_and_mark_vouches_for_its_files(office: Desk) -> None:
    path = office.deliver(PKH, GOOD_PKH, "Lampiran é.csv")
    digest = sha256_line(path).split()[0].upper()
    (path.parent / "MANIFEST.sha256").write_bytes(b"\xef\xbb\xbf" + f"{digest} *./Lampiran \u00e9.csv\r\n".encode())
    intake = office.take(PKH)
    assert intake.refused == () and "tanpa_manifest" not in intake.deliveries[0].notes


@pytest.mark.parametrize("offset", range(0, len(GOOD_PKH) - 1, len(GOOD_PKH) // 20))
def test_a_half_written_file_is_not_taken_against_its_manifest(office: Desk, offset: int) -> None:
    path = office.deliver(PKH, GOOD_PKH)
    manifest = sha256_line(path)
    office.deliver(PKH, GOOD_PKH[:offset], manifest=manifest)
    assert [r.rule for r in office.take(PKH).refused] == ["manifest_tak_cocok"]
    office.deliver(PKH, GOOD_PKH)
    assert office.take(PKH).accepted == 30


def test_an_expired_agreement_refuses_the_feed(office: Desk) -> None:
    contract = office.contracts[PKH]
    legal = replace(contract.feed.legal, valid_until=dt.date(2026, 11, 23))
    office.contracts = {PKH: Contract(replace(contract.feed, legal=legal), contract.model)}
    office.deliver(PKH, GOOD_PKH)
    assert [r.rule for r in office.take(PKH).refused] == ["perjanjian_berakhir"]
    assert office.take(PKH, dt.date(2026, 11, 23)).accepted == 30


def test_unknown_feeds_and_misplaced_files_are_refused_and_kept(office: Desk) -> None:
    office.deliver("kemensos/bansos", "a;b\n1;2\n")
    office.deliver(PKH, GOOD_PKH, day="23-11-2026")
    (office.landing / "lepas.csv").write_text("x")
    office.take(PKH)
    strays = refuse_strays(office.context(), office.contracts)
    assert {(r.rule, r.where) for r in strays} == {("umpan_tak_dikenal", "kemensos/bansos"), ("letak_salah", "lepas.csv")}
    assert [r.rule for r in office.take(PKH).refused] == ["folder_bukan_tanggal"]
    refuse_strays(office.context(), office.contracts)
    assert office.all("SELECT count(*) FROM ledger.taken") == [(3,)]
    assert len(list(office.home.archive.iterdir())) == 3


def test_links_and_pipes_are_refused_and_never_followed(office: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "rahasia.csv"
    outside.write_text(GOOD_PKH)
    folder = office.deliver(PKH, GOOD_PKH).parent
    (folder / "b.csv").symlink_to(outside)
    assert [r.rule for r in office.take(PKH).refused] == ["tautan_simbolik"]
    (folder / "b.csv").unlink()
    os.mkfifo(folder / "b.csv")
    assert [r.rule for r in office.take(PKH).refused] == ["bukan_berkas"]
    (folder / "b.csv").unlink()
    (office.landing / PKH / "2026-11-22").symlink_to(folder)
    found = scan(office.landing, dt.date(2026, 11, 24))
    assert [r.rule for r in found.refusals] == ["tautan_simbolik"] and len(found.deliveries) == 1


def line(**changes: str) -> bytes:
    """One PKH row as a line of the file."""
    return csv_text(PKH, [row(PKH, **{"id_pkh": "0100"} | changes)]).split("\n")[1].encode() + b"\n"


QUARANTINED: list[tuple[str, bytes, str]] = [
    ("too few cells", b"0100;1;2\n", "jumlah_sel_salah"),
    ("too many cells", line(kode_kabupaten="32.01;x"), "jumlah_sel_salah"),
    ("undecodable byte", line().replace(b"BUDI", b"BU\x81DI"), "byte_rusak"),
    ("NUL", line(nama="BU\0DI"), "karakter_nul"),
    ("cell over 10,000 characters", line(nama="X" * 10_001), "sel_terlalu_panjang"),
    ("quoted cell over 10,000 characters", line(nama=f'"{"X" * 200_000}"'), "sel_terlalu_panjang"),
    ("unknown code in the column the feed is about", line(komponen="S3"), "kode_tak_dikenal"),
    ("neither name nor valid NIK", line(nama=" ", nik="123"), "tanpa_identitas"),
    ("no row key", line(id_pkh=""), "kunci_kosong"),
    ("blank row key", line(id_pkh="  "), "kunci_kosong"),
    ("unclosed quote", line(nama='"BUDI'), "kutip_terbuka"),
    ("unclosed quote in the last cell", line(kode_kabupaten='"32.01'), "kutip_terbuka"),
    ("text after a closing quote", line(nama='"BUDI" X'), "kutip_rusak"),
    ("a footer word in the middle", b"Jumlah;30;;;;;;;;;;;;;\n", "tanpa_identitas"),
]


@pytest.mark.parametrize(("broken", "rule"), [c[1:] for c in QUARANTINED], ids=[c[0] for c in QUARANTINED])
def test_a_broken_row_is_set_aside_alone_with_its_cells(office: Desk, broken: bytes, rule: str) -> None:
    head, *rows = GOOD_PKH.encode().splitlines(keepends=True)
    office.deliver(PKH, b"".join([head, *rows[:14], broken, *rows[14:]]))
    intake = office.take(PKH)
    assert (intake.received, intake.accepted, intake.quarantined, intake.duplicates) == (31, 30, 1, 0)
    assert office.quarantine() == [(15, rule)]
    message, raw = office.all("SELECT message, raw::VARCHAR FROM quality.quarantine")[0]
    assert "BUDI" not in message and "3201" not in message
    assert json.loads(raw)
    numbers = [r[0] for r in office.in_force(PKH, "source_row")]
    assert numbers == [n for n in range(1, 32) if n != 15]


FLAGGED = [
    {"nik": "1277064711140030.0"},
    {"nik": "3,17502E+15"},
    {"nik": "'1801244205120069"},
    {"nik": ""},
    {"nik": "0000000000000000"},
    {"no_kk": "x"},
    {"tanggal_lahir": "31/02/2015"},
    {"tanggal_lahir": "2099-01-01"},
    {"tanggal_lahir": "kemarin"},
    {"tanggal_lahir": ""},
    {"jenis_kelamin": "?"},
    {"nama": "BU\u200bD\u0406"},
    {"nama": "=1+1"},
    {"nama": "\u202eIDUB"},
    {"nama": "x'); DROP TABLE raw.kemensos__ppks; --"},
    {"nama": "{{ 7*7 }}"},
    {"nama": 'AL "MAWAR" FIKRI'},
    {"nama": "", "nik": "3201010101150009"},
    {"kode_kecamatan": "BOGOR"},
    {"kode_kecamatan": ""},
    {"ragam_disabilitas": "TAK ADA"},
]


@pytest.mark.parametrize("changes", FLAGGED, ids=str)
def test_a_defect_of_one_field_keeps_the_row_and_the_cell_as_it_came(office: Desk, changes: dict[str, str]) -> None:
    good = [row(PPKS, nama=f"ANAK {n}") for n in range(9)]
    office.deliver(PPKS, csv_text(PPKS, [row(PPKS, **changes), *good]))
    intake = office.take(PPKS)
    assert (intake.accepted, intake.quarantined, intake.refused) == (10, 0, ())
    kept = office.all(f"SELECT {', '.join(changes)} FROM raw.kemensos__ppks WHERE source_row = 1")
    assert kept == [tuple(value or None for value in changes.values())]


ACCEPTED: list[tuple[str, bytes, str | None]] = [
    ("reordered columns", csv_text(PKH, []).encode(), "urutan_kolom_berbeda"),
    ("byte order mark", b"\xef\xbb\xbf" + GOOD_PKH.encode(), "bom"),
    ("CR LF", GOOD_PKH.replace("\n", "\r\n").encode(), None),
    ("CR only", GOOD_PKH.replace("\n", "\r").encode(), None),
    ("CR, LF and CR LF mixed", GOOD_PKH.replace("\n", "\r\n", 7).replace("\n", "\r", 3).encode(), "baris_kosong"),
    ("no line end at the end", GOOD_PKH.rstrip("\n").encode(), None),
    ("blank lines", GOOD_PKH.replace("\n", "\n\n;;;;;;;;;;;;;;\n").encode(), "baris_kosong"),
    ("footer with the right count", (GOOD_PKH + "Jumlah;30;;;;;;;;;;;;;\n\n").encode(), "baris_kaki"),
    ("footer with another count", (GOOD_PKH + "TOTAL : 31\n").encode(), "jumlah_di_kaki_berbeda"),
    ("header in other case and spacing", GOOD_PKH.replace("NIK_KOMPONEN", " nik_Komponen ", 1).encode(), None),
    ("every cell quoted", "\n".join(";".join(f'"{c}"' for c in line.split(";")) for line in GOOD_PKH.split("\n") if line).encode(), None),
]


@pytest.mark.parametrize(("content", "note"), [c[1:] for c in ACCEPTED], ids=[c[0] for c in ACCEPTED])
def test_what_does_no_harm_is_accepted_and_reported(office: Desk, content: bytes, note: str | None) -> None:
    if note == "urutan_kolom_berbeda":
        content = "\n".join(";".join(reversed(line.split(";"))) for line in GOOD_PKH.split("\n") if line).encode()
    office.deliver(PKH, content)
    intake = office.take(PKH)
    assert (intake.received, intake.accepted) == (30, 30)
    assert intake.deliveries[0].notes["tanpa_manifest"] == 1
    assert note is None or intake.deliveries[0].notes[note] >= 1
    assert office.in_force(PKH, "nama, kode_kabupaten, lainnya") == [("BUDI", "32.01", None)] * 30


def test_unknown_columns_are_kept_raw_by_name(office: Desk) -> None:
    lines = [line + (";CATATAN BARU;" if n == 0 else ';x"y;') for n, line in enumerate(GOOD_PKH.splitlines())]
    office.deliver(PKH, "\n".join(lines))
    intake = office.take(PKH)
    assert intake.deliveries[0].notes["kolom_tak_dikenal"] == 2
    assert {json.loads(r[0])["CATATAN BARU"] for r in office.in_force(PKH, "lainnya")} == {'x"y'}


def test_an_optional_column_may_be_absent_and_a_doubled_one_is_not_believed(office: Desk) -> None:
    columns = [c for c in header(PKH) if c != "BANK"]
    text = csv_text(PKH, pkh(2)).splitlines()
    at = header(PKH).index("BANK")
    lines = [";".join(columns), *(";".join(c for i, c in enumerate(line.split(";")) if i != at) for line in text[1:])]
    office.deliver(PKH, "\n".join(lines))
    assert office.take(PKH).deliveries[0].notes["kolom_pilihan_tidak_ada"] == 1
    office.deliver(PKH, csv_text(PKH, pkh(2), columns=renamed("NOMINAL", "BANK")), day="2026-11-24")
    assert office.take(PKH).deliveries[1].notes["kolom_pilihan_ganda"] == 1
    assert office.in_force(PKH, "bank, nominal") == [(None, None)] * 2
    assert json.loads(office.in_force(PKH, "lainnya")[0][0]) == {"BANK": "225.000,00", "BANK (13)": "BRI"}
