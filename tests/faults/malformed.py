"""Deliveries spoilt in some fifty ways, each with the cells that an honest reading of it may keep.

A kind takes a dice and gives `Spoilt`: the bytes, and by row number the cells that were really delivered, where that can be said.
"""

from __future__ import annotations

import io
import json
import random
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
from landed import cells, header, row, workbook

from schemas.extracts import contracts
from schemas.extracts.contract import Kind as Of

PKH, PPKS, HOUSE, LKS, VISIT, FAMILY = (
    "kemensos/pkh", "kemensos/ppks", "kemensos/rumah_aman", "kemensos/lks", "kpai/pengawasan", "dtsen/keluarga",
)  # fmt: skip
ROWS = 60
KEYS = {PKH: "id_pkh", HOUSE: "id_rumah_aman", LKS: "no_td", VISIT: "no_was"}
Cells = dict[int, tuple[str, ...]]


@dataclass(frozen=True)
class Spoilt:
    """One file. `cells`: row number → delivered cells, for rows of which a kept one must say exactly this; None: nothing is known."""

    feed: str
    name: str
    content: bytes
    cells: Cells | None = None


Kind = Callable[[random.Random], Spoilt]
KINDS: dict[str, Kind] = {}


def kind(function: Kind) -> Kind:
    KINDS[function.__name__] = function
    return function


def good_rows(feed: str) -> list[dict[str, object]]:
    """Rows that differ in the feed's key, and in the NIK where the number of a row is not part of what it is."""
    numbers = range(1, ROWS + 1)
    if feed == PPKS:
        return [row(feed, no=str(n), nik=f"3201010101{n:06d}") for n in numbers]
    return [row(feed, **{KEYS[feed]: f"K-{n:03d}"} | ({"no": n} if feed == LKS else {})) for n in numbers]


def table(feed: str) -> list[list[str]]:
    return [[str(c) for c in cells(feed, r)] for r in good_rows(feed)]


def written(feed: str, lines: list[list[str]], head: list[str] | None = None, end: str = "\n") -> bytes:
    mark = {PKH: ";", PPKS: "|", HOUSE: ","}[feed]
    quoted = [[f'"{c}"' if feed == HOUSE and ("," in c or "\n" in c) else c for c in line] for line in [head or header(feed), *lines]]
    return "".join(mark.join(line) + end for line in quoted).encode("cp1252" if feed == PKH else "utf-8")


def numbered(lines: list[list[str]]) -> Cells:
    return {n: tuple(line) for n, line in enumerate(lines, 1)}


def column(feed: str, name: str) -> int:
    return [c.name for c in contracts()[feed].columns].index(name)


def with_cell(feed: str, name: str, value: str, dice: random.Random, share: float = 0.04) -> Spoilt:
    """A few rows hold `value` in a column; every kept row must still say what was delivered."""
    lines = table(feed)
    for at in dice.sample(range(ROWS), max(1, int(share * ROWS))):
        lines[at][column(feed, name)] = value
    return Spoilt(feed, "a.csv", written(feed, lines), numbered(lines))


def spoil_bytes(content: bytes, dice: random.Random, how: str) -> bytes:
    data = bytearray(content)
    if how == "cut":
        return bytes(data[: dice.randrange(1, len(data))])
    if how == "flip":
        for at in dice.sample(range(len(data)), min(12, len(data))):
            data[at] ^= 1 << dice.randrange(8)
    if how == "zero":
        at = dice.randrange(max(1, len(data) - 64))
        data[at : at + 512] = bytes(min(512, len(data) - at))
    if how == "noise":
        at = dice.randrange(len(data))
        data[at:at] = dice.randbytes(200)
    if how == "swap":
        at, to = sorted(dice.sample(range(0, len(data) - 80), 2))
        data[at : at + 40], data[to : to + 40] = data[to : to + 40], data[at : at + 40]
    return bytes(data)


def book() -> bytes:
    return workbook([["DAFTAR LKS"], [], header(LKS), *[cells(LKS, r) for r in good_rows(LKS)]])


def visits() -> bytes:
    columns = contracts()[VISIT].columns
    return json.dumps([{c.delivered: r[c.name] for c in columns} for r in good_rows(VISIT)]).encode()


def parquet(rows: int = ROWS) -> bytes:
    buffer = io.BytesIO()
    readable = {Of.DATE: "2026-10-01", Of.MONTH: "2026-10"}
    columns = contracts()[FAMILY].columns
    pq.write_table(pa.table({c.delivered: [readable.get(c.kind, f"{n + 10}") for n in range(rows)] for c in columns}), buffer)
    return buffer.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.namelist():
            if part != name:
                made.writestr(part, source.read(part))
        made.writestr(name, content)
    return buffer.getvalue()


# bytes: five damages of each format
for _how in ("cut", "flip", "zero", "noise", "swap"):
    KINDS[f"csv_{_how}"] = lambda dice, how=_how: Spoilt(PKH, "a.csv", spoil_bytes(written(PKH, table(PKH)), dice, how))
    KINDS[f"xlsx_{_how}"] = lambda dice, how=_how: Spoilt(LKS, "a.xlsx", spoil_bytes(book(), dice, how))
    KINDS[f"json_{_how}"] = lambda dice, how=_how: Spoilt(VISIT, "a.json", spoil_bytes(visits(), dice, how))
    KINDS[f"parquet_{_how}"] = lambda dice, how=_how: Spoilt(FAMILY, "a.parquet", spoil_bytes(parquet(), dice, how))


# values that a lenient reader changes
VALUES: dict[str, tuple[str, str, str]] = {
    "nik_in_scientific_notation": (PKH, "nik", "3.20101E+15"),
    "nik_as_a_float": (PKH, "nik", "3201010101150001.0"),
    "nik_without_its_first_zero": (PKH, "nik", "201010101150001"),
    "nik_of_papua_odd": (PKH, "nik", "9401010101150001"),
    "nik_with_an_apostrophe": (PKH, "nik", "'3201010101150001"),
    "kk_in_scientific_notation": (PPKS, "no_kk", "3,2E+15"),
    "day_that_does_not_exist": (PKH, "tanggal_lahir", "31/02/2015"),
    "american_date": (PKH, "tanggal_lahir", "12/31/2015"),
    "name_with_sql": (PKH, "nama", "'); DROP TABLE raw.kemensos__pkh; --"),
    "name_with_jinja": (PKH, "nama", "{{ env_var('PATH') }}{% do x %}"),
    "name_with_a_path": (PKH, "nama", "../../../etc/passwd"),
    "name_with_a_formula": (PKH, "nama", '=HYPERLINK("http://x")'),
    "name_with_cyrillic": (PPKS, "nama", "BU\u0414I S\u0410NTOSO"),
    "name_with_zero_width": (PPKS, "nama", "BU\u200bDI"),
    "name_right_to_left": (PPKS, "nama", "\u202eIDUB"),
    "name_decomposed": (PPKS, "nama", unicodedata.normalize("NFD", "ANDRÉ")),
    "name_full_width": (PPKS, "nama", "ＢＵＤＩ"),
    "name_of_emoji": (PPKS, "nama", "BUDI \U0001f476"),
    "name_with_a_line_separator": (PPKS, "nama", "BU\u2028DI"),
    "name_of_ten_thousand_letters": (PKH, "nama", "A" * 10_001),
    "name_with_nul": (PKH, "nama", "BU\x00DI"),
    "name_with_a_bell": (PKH, "nama", "BU\x07DI"),
    "name_null_word": (PKH, "nama", "NULL"),
    "comment_sign": (PKH, "id_pkh", "#1"),
    "comma_in_quotes": (HOUSE, "no_sertifikat", "L-1, L-2"),
    "line_break_in_quotes": (HOUSE, "no_sertifikat", "L-1\nL-2"),
}
for _name, (_feed, _column, _value) in VALUES.items():
    KINDS[_name] = lambda dice, f=_feed, c=_column, v=_value: with_cell(f, c, v, dice)


@kind
def cell_of_three_megabytes(dice: random.Random) -> Spoilt:
    return with_cell(PKH, "nama", "B" * 3_000_000, dice, 0.01)


@kind
def rows_too_short(dice: random.Random) -> Spoilt:
    lines = table(PKH)
    at = dice.randrange(ROWS)
    lines[at] = lines[at][: dice.randrange(1, 14)]
    return Spoilt(PKH, "a.csv", written(PKH, lines), numbered(lines))


@kind
def rows_too_long(dice: random.Random) -> Spoilt:
    lines = table(PKH)
    lines[dice.randrange(ROWS)] += ["LEBIH", "LAGI"]
    return Spoilt(PKH, "a.csv", written(PKH, lines), numbered(lines))


@kind
def quote_left_open(dice: random.Random) -> Spoilt:
    lines = table(PKH)
    lines[dice.randrange(ROWS)][column(PKH, "nama")] = '"BUDI'
    return Spoilt(PKH, "a.csv", written(PKH, lines))


@kind
def ends_of_lines_mixed(dice: random.Random) -> Spoilt:
    lines = written(PKH, table(PKH)).split(b"\n")
    return Spoilt(PKH, "a.csv", b"".join(line + dice.choice([b"\n", b"\r\n"]) for line in lines[:-1]), numbered(table(PKH)))


@kind
def blank_lines_between(dice: random.Random) -> Spoilt:
    lines = written(PKH, table(PKH)).split(b"\n")
    lines.insert(dice.randrange(2, ROWS), b"")
    return Spoilt(PKH, "a.csv", b"\n".join(lines), numbered(table(PKH)))


@kind
def byte_order_mark(_dice: random.Random) -> Spoilt:
    return Spoilt(PPKS, "a.csv", b"\xef\xbb\xbf" + written(PPKS, table(PPKS)), numbered(table(PPKS)))


@kind
def utf_16(dice: random.Random) -> Spoilt:
    return Spoilt(PKH, "a.csv", written(PKH, table(PKH)).decode("cp1252").encode(dice.choice(["utf-16", "utf-16-le", "utf-16-be"])))


@kind
def bytes_that_are_no_utf_8(dice: random.Random) -> Spoilt:
    lines = written(PPKS, table(PPKS)).split(b"\n")
    at = dice.randrange(1, ROWS)
    lines[at] = lines[at].replace(b"BUDI", b"BU\xff\xfeDI")
    return Spoilt(PPKS, "a.csv", b"\n".join(lines))


@kind
def other_separator(dice: random.Random) -> Spoilt:
    return Spoilt(PKH, "a.csv", written(PKH, table(PKH)).replace(b";", dice.choice([b",", b"\t", b"|"])))


@kind
def title_rows(dice: random.Random) -> Spoilt:
    return Spoilt(PKH, "a.csv", b"LAPORAN;PKH\n" * dice.randrange(1, 4) + written(PKH, table(PKH)))


@kind
def header_swapped(dice: random.Random) -> Spoilt:
    order = list(range(len(header(PKH))))
    dice.shuffle(order)
    moved = written(PKH, [[line[i] for i in order] for line in table(PKH)], [header(PKH)[i] for i in order])
    return Spoilt(PKH, "a.csv", moved, numbered(table(PKH)))


@kind
def header_renamed(dice: random.Random) -> Spoilt:
    head = header(PKH)
    head[dice.randrange(len(head))] = "KOLOM BARU"
    return Spoilt(PKH, "a.csv", written(PKH, table(PKH), head))


@kind
def header_doubled(dice: random.Random) -> Spoilt:
    head = header(PKH)
    at, to = dice.sample(range(len(head)), 2)
    head[at] = head[to]
    return Spoilt(PKH, "a.csv", written(PKH, table(PKH), head))


@kind
def header_missing(_dice: random.Random) -> Spoilt:
    return Spoilt(PKH, "a.csv", written(PKH, table(PKH)).split(b"\n", 1)[1])


@kind
def header_twice(dice: random.Random) -> Spoilt:
    lines = table(PKH)
    lines.insert(dice.randrange(1, ROWS), header(PKH))
    return Spoilt(PKH, "a.csv", written(PKH, lines), numbered(lines))


@kind
def columns_added(dice: random.Random) -> Spoilt:
    at = dice.randrange(len(header(PKH)))
    lines = [[*line[:at], "X", *line[at:]] for line in table(PKH)]
    return Spoilt(PKH, "a.csv", written(PKH, lines, [*header(PKH)[:at], "TAMBAHAN", *header(PKH)[at:]]), numbered(table(PKH)))


@kind
def rows_doubled(dice: random.Random) -> Spoilt:
    lines = table(PKH)
    lines.append(list(lines[dice.randrange(ROWS)]))
    return Spoilt(PKH, "a.csv", written(PKH, lines), numbered(lines))


@kind
def only_spaces(dice: random.Random) -> Spoilt:
    return Spoilt(PKH, "a.csv", dice.choice([b"", b" ", b"\n\n", b"\xef\xbb\xbf", b";;;\n;;;\n"]))


@kind
def another_container(dice: random.Random) -> Spoilt:
    feed, name, content = dice.choice(
        [(PKH, "a.csv", book()), (LKS, "a.xlsx", written(PKH, table(PKH))), (VISIT, "a.json", book()), (FAMILY, "a.parquet", visits())]
    )
    return Spoilt(feed, name, content)


@kind
def packed(dice: random.Random) -> Spoilt:
    import gzip

    return Spoilt(PKH, dice.choice(["a.csv", "a.csv.gz"]), gzip.compress(b"\0" * 20_000_000))


@kind
def zip_bomb(_dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("xl/media/x.xml", " " * 40_000_000))


@kind
def zip_within_zip(_dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("xl/inner.zip", with_part("xl/bomb.xml", " " * 10_000_000)))


@kind
def zip_paths_upwards(_dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("../../../tmp/padan-escaped", "x"), None)


@kind
def xml_entities(dice: random.Random) -> Spoilt:
    bad = ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>']
    return Spoilt(LKS, "a.xlsx", with_part(dice.choice(["xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]), dice.choice(bad)))


@kind
def macros(dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("xl/vbaProject.bin", dice.randbytes(100)))


@kind
def external_links(_dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("xl/externalLinks/externalLink1.xml", "<a/>"))


@kind
def workbook_without_its_sheet(_dice: random.Random) -> Spoilt:
    return Spoilt(LKS, "a.xlsx", with_part("xl/worksheets/sheet1.xml", "<worksheet"))


@kind
def workbook_that_counts_rows_without_end(_dice: random.Random) -> Spoilt:
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576">'
    return Spoilt(
        LKS, "a.xlsx", with_part("xl/worksheets/sheet1.xml", sheet + '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')
    )


@kind
def json_nested_deep(dice: random.Random) -> Spoilt:
    deep = dice.choice([1_000, 100_000, 3_000_000])
    return Spoilt(VISIT, "a.json", b'[{"no_was":' + b"[" * deep + b"]" * deep + b"}]")


@kind
def json_of_strange_numbers(_dice: random.Random) -> Spoilt:
    return Spoilt(VISIT, "a.json", visits().replace(b'"K-001"', b"NaN").replace(b'"K-002"', b"1e999").replace(b'"K-003"', b"-0"))


@kind
def json_names_twice(_dice: random.Random) -> Spoilt:
    return Spoilt(VISIT, "a.json", visits().replace(b"{", b'{"no_was": "K-999", ', 1))


@kind
def json_of_other_shapes(dice: random.Random) -> Spoilt:
    return Spoilt(VISIT, "a.json", dice.choice([b"{}", b"[]", b"null", b"[1, 2]", b"[[]]", b'["a"]', b'[{"a": {"b": {}}}]']))


@kind
def parquet_of_other_types(dice: random.Random) -> Spoilt:
    values = dice.choice([[1.5, 2.5], [True, False], [b"\xff", b"\xfe"], [[1], [2]], [{"a": 1}, {"a": 2}]])
    buffer = io.BytesIO()
    pq.write_table(pa.table({c.delivered: values for c in contracts()[FAMILY].columns}), buffer)
    return Spoilt(FAMILY, "a.parquet", buffer.getvalue())


@kind
def file_name_that_runs(dice: random.Random) -> Spoilt:
    name = dice.choice(
        ["'; DROP TABLE x;--.csv", "{{ 1 }}.csv", "$(touch x).csv", "a\nb.csv", "\u202evsc.csv", "CON.csv", "a" * 200 + ".csv"]
    )
    return Spoilt(PKH, name, written(PKH, table(PKH)), numbered(table(PKH)))
