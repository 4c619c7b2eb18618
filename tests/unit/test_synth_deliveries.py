"""Synthetic deliveries have the shapes, names and truth that intake and the accuracy tests count on."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from padan.errors import ConfigError
from padan.synth import SynthResult, generate
from schemas import code_lists
from schemas.extracts import contracts
from schemas.extracts.contract import Contract, Csv, Xlsx

PERSONS, AS_OF = 6000, dt.date(2026, 11, 24)
FEEDS = [feed for feed in contracts() if not feed.startswith("dtsen/")]
PERSON_FEEDS = [feed for feed in FEEDS if contracts()[feed].feed.person]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return generate(tmp_path_factory.mktemp("synth"), PERSONS, seed=3, as_of=AS_OF)


def files(result: SynthResult, feed: str, day: dt.date) -> list[Path]:
    folder = result.landing / feed / day.isoformat()
    return sorted(path for path in folder.iterdir() if path.name != "MANIFEST.sha256")


def table(contract: Contract, path: Path) -> tuple[list[str], list[list[Any]]]:
    """Header and data rows of one file, read in the plainest way."""
    if isinstance(contract.feed.format, Xlsx):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        return [str(cell) for cell in rows[3]], rows[4:-2]
    if isinstance(contract.feed.format, Csv):
        encoding = "utf-8-sig" if contract.feed.format.encoding == "utf-8" else contract.feed.format.encoding
        with path.open(encoding=encoding, newline="") as file:
            rows = list(csv.reader(file, delimiter=contract.feed.format.delimiter))
        return rows[0], rows[1:-1] if rows[-1][0] == "Jumlah" else rows[1:]
    items = json.loads(path.read_text(encoding="utf-8"))
    flat = [{**{f"objek.{key}": value for key, value in item.pop("objek").items()}, **item} for item in items]
    return list(flat[0]), [list(item.values()) for item in flat]


def frame(result: SynthResult, feed: str, day: dt.date) -> list[dict[str, Any]]:
    """All rows of a delivery by standard name, with `file` and 1-based `line`."""
    contract = contracts()[feed]
    out = []
    for path in files(result, feed, day):
        header, rows = table(contract, path)
        names = {column.delivered: column.name for column in contract.columns}
        for line, row in enumerate(rows, 1):
            cells = {names[title]: cell for title, cell in zip(header, row, strict=True)}
            out.append({**cells, "file": path.name, "line": line})
    return out


def truth(result: SynthResult, feed: str, day: dt.date, kind: str = "") -> list[dict[str, str]]:
    path = result.truth / day.isoformat() / f"{feed.replace('/', '.')}{kind}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(cell: Any) -> str | None:
    return None if cell in ("", None) else json.dumps(cell) if isinstance(cell, list) else str(cell)


def tree(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(root.rglob("*")) if p.is_file()}


def test_the_same_arguments_write_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    for out, seed in ((first, 5), (again, 5), (other, 6)):
        generate(out, 2000, seed=seed, as_of=AS_OF)
    assert tree(first) == tree(again)
    differing = [name for name, digest in tree(other).items() if tree(first).get(name) != digest]
    assert len(differing) > len(FEEDS)


@pytest.mark.parametrize("feed", sorted(contracts()))
def test_every_feed_is_delivered_every_night_under_the_contracts_names(made: SynthResult, feed: str) -> None:
    contract = contracts()[feed]
    expected = [column.delivered for column in contract.columns]
    for day in made.releases if feed.startswith("dtsen/") else made.nights:
        for path in files(made, feed, day):
            assert path.suffix in contract.feed.format.suffixes
            header = pl.read_parquet(path).columns if path.suffix == ".parquet" else table(contract, path)[0]
            assert sorted(header) == sorted(expected)
            if path.suffix != ".json":
                assert header == expected


def test_manifests_name_every_file_with_its_digest(made: SynthResult) -> None:
    manifests = list(made.landing.rglob("MANIFEST.sha256"))
    assert len(manifests) == 2 * len(contracts())
    for manifest in manifests:
        lines = dict(reversed(line.split("  ", 1)) for line in manifest.read_text().splitlines())
        files_there = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in manifest.parent.iterdir() if p != manifest}
        assert lines == files_there


def test_workbooks_have_a_merged_title_a_header_in_row_four_and_a_footer_with_the_row_count(made: SynthResult) -> None:
    import openpyxl

    for feed in (f for f in FEEDS if isinstance(contracts()[f].feed.format, Xlsx)):
        (path,) = files(made, feed, made.nights[0])
        sheet = openpyxl.load_workbook(path).active
        width = len(contracts()[feed].columns)
        assert [str(merged) for merged in sheet.merged_cells.ranges] == [f"A1:{sheet.cell(1, width).coordinate}"]
        assert sheet.cell(1, 1).value and not any(cell.value for cell in sheet[3])
        assert sheet.cell(sheet.max_row, 1).value == "Jumlah"
        assert sheet.cell(sheet.max_row, 2).value == sheet.max_row - 6 == made.rows[made.nights[0]][feed]
        assert not any(cell.value for cell in sheet[sheet.max_row - 1])


def test_delimited_files_keep_each_agencys_bytes(made: SynthResult) -> None:
    day = made.nights[0]
    pkh = files(made, "kemensos/pkh", day)[0].read_bytes()
    assert b"SALUR \x96 KKS" in pkh and pkh.splitlines()[-1].startswith(b"Jumlah;%d;;" % made.rows[day]["kemensos/pkh"])
    assert b";'" in pkh and b"E+15" in pkh
    assert files(made, "kemensos/lksa_anak", day)[0].read_bytes().startswith(b"\xef\xbb\xbfNO,NO_TD,")
    assert files(made, "kemensos/ppks", day)[0].read_bytes().startswith(b"NO|KODE_PPKS|")
    assert all(b"\r\n" in path.read_bytes() for feed in ("pkh", "ppks", "lksa_anak") for path in files(made, f"kemensos/{feed}", day))


def test_numbers_typed_into_a_workbook_lost_their_sixteenth_digit(made: SynthResult) -> None:
    numbers = [row["nik"] for feed in PERSON_FEEDS for row in frame(made, feed, made.nights[1]) if isinstance(row["nik"], float)]
    assert len(numbers) > 20
    assert all(number % 10 == 0 and len(f"{number:.0f}") == 16 for number in numbers)


def test_ppks_comes_in_one_file_a_regency_and_the_parts_add_up(made: SynthResult) -> None:
    for day in made.nights:
        rows = frame(made, "kemensos/ppks", day)
        assert len(files(made, "kemensos/ppks", day)) > 30
        assert all(row["file"] == f"ppks_{row['kode_kecamatan'][:5].replace('.', '')}.csv" for row in rows)
        assert len(rows) == made.rows[day]["kemensos/ppks"] == len(truth(made, "kemensos/ppks", day))


@pytest.mark.parametrize("feed", PERSON_FEEDS)
def test_truth_joins_every_row_by_its_number_and_knows_the_register(made: SynthResult, feed: str) -> None:
    for day, release in zip(made.nights, made.releases, strict=True):
        rows = {(row["file"], row["line"]): row for row in frame(made, feed, day)}
        known = truth(made, feed, day)
        only = files(made, feed, day)[0].name
        keys = [(line.get("source_file", only), int(line["source_row"])) for line in known]
        assert sorted(keys) == sorted(rows)
        agree = [rows[key]["nik"] == line["nik"] for key, line in zip(keys, known, strict=True) if len(str(rows[key]["nik"])) == 16]
        assert sum(agree) / len(agree) > 0.75
        register = pl.read_parquet(files(made, "dtsen/anggota", release)[0])
        held = Counter(zip(register["id_keluarga"], register["nik"], strict=True))
        for line in known:
            there = held[line["id_keluarga"], line["register_nik"] or None] > 0
            assert there or line["in_dtsen"] == "0"


@pytest.mark.parametrize("feed", PERSON_FEEDS)
def test_some_rows_come_twice_and_differ_in_their_counter_only(made: SynthResult, feed: str) -> None:
    counter = contracts()[feed].feed.counter
    rows = frame(made, feed, made.nights[0])
    contents = Counter(str([row[k] for k in row if k not in (counter, "line")]) for row in rows)
    twice = sum(count - 1 for count in contents.values())
    assert 1 <= twice <= 0.02 * len(rows) + 1
    assert max(contents.values()) == 2


@pytest.mark.parametrize("feed", FEEDS)
def test_the_contract_refuses_just_the_rows_that_the_truth_calls_bad(made: SynthResult, feed: str) -> None:
    import pandera.errors

    contract = contracts()[feed]
    rows = frame(made, feed, made.nights[1])
    columns = {c.name: [text(row[c.name]) for row in rows] for c in contract.columns}
    bad: set[int] = set()
    try:
        contract.model.validate(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        bad = set(errors.failure_cases["index"].to_list())
    expected = {(line["source_file"], int(line["source_row"])) for line in truth(made, feed, made.nights[1], ".karantina")}
    assert {(rows[place]["file"], rows[place]["line"]) for place in bad} == expected
    assert len(expected) <= 0.02 * len(rows) + 1


@pytest.mark.parametrize("feed", FEEDS)
def test_coded_columns_hold_codes_of_the_seeds(made: SynthResult, feed: str) -> None:
    rows = frame(made, feed, made.nights[0])
    for column in contracts()[feed].columns:
        if column.codes in (None, "wilayah") or column.kind == "list":
            continue
        cells = [row[column.name] for row in rows if row[column.name] not in ("", None)]
        unknown = [cell for cell in cells if code_lists.code_of(column.codes, str(cell)) is None]
        assert cells, column.name
        assert len(unknown) <= 0.015 * len(cells), (column.name, set(map(str, unknown)))


def test_the_register_has_the_columns_and_types_of_the_sample(made: SynthResult, contoh: Path) -> None:
    for feed in ("anggota", "keluarga"):
        (sample,) = (contoh / "landing" / "dtsen" / feed).glob("*/*.parquet")
        assert pl.read_parquet_schema(files(made, f"dtsen/{feed}", made.releases[0])[0]) == pl.read_parquet_schema(sample)


def test_deliveries_look_like_the_samples(made: SynthResult, contoh: Path) -> None:
    for feed in FEEDS:
        sample = next(p for p in sorted((contoh / "landing" / feed).glob("*/*")) if p.name != "MANIFEST.sha256")
        ours = files(made, feed, made.nights[0])[0]
        assert table(contracts()[feed], ours)[0] == table(contracts()[feed], sample)[0]
        assert ours.suffix == sample.suffix


def test_too_few_people_or_an_unknown_error_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="1000"):
        generate(tmp_path, 10, seed=1, as_of=AS_OF)
    with pytest.raises(ConfigError, match="biasa"):
        generate(tmp_path, 1000, seed=1, as_of=AS_OF, profile="asal")
