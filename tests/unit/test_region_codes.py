"""Regions: counts of the decree, old codes, BPS codes, typed names; and every coded value of the sample deliveries."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from schemas.code_lists import code_of, codes, rows
from schemas.extracts import contracts
from schemas.extracts.contract import ColumnSpec, Contract, Csv, Kind, Xlsx

CODED = [(c, spec) for c in contracts().values() for spec in c.columns if spec.codes]
NAMED = [(c, spec) for c in contracts().values() for spec in c.columns if spec.kind is Kind.REGION_NAME]


def _id(value: object) -> str | None:
    if isinstance(value, Contract):
        return value.feed.path
    return value.name if isinstance(value, ColumnSpec) else None


def _regions(*levels: str) -> dict[str, str]:
    return {row["kode"]: row["nama"] for row in rows("wilayah") if row["tingkat"] in levels}


def _bare(name: str) -> tuple[str | None, str]:
    """Level that a typed regency name states, if any, and the name in capitals without its prefix (staging's rule)."""
    text = " ".join(name.upper().split())
    for prefix, level in (("KABUPATEN ", "kabupaten"), ("KAB. ", "kabupaten"), ("KAB ", "kabupaten"), ("KOTA ", "kota")):
        if text.startswith(prefix):
            return level, text.removeprefix(prefix)
    return None, text


@cache
def _regencies_by_name() -> dict[tuple[str, str], str]:
    by_name = {}
    for row in rows("wilayah"):
        if row["tingkat"] in ("kabupaten", "kota"):
            assert (row["tingkat"], _bare(row["nama"])[1]) not in by_name
            by_name[row["tingkat"], _bare(row["nama"])[1]] = row["kode"]
    return by_name


@cache
def _meanings(typed: str) -> set[str]:
    level, name = _bare(typed)
    spelled = {(row["tingkat"], row["ejaan"]): row["kode"] for row in rows("wilayah_ejaan")}
    known = _regencies_by_name() | spelled
    return {code for (lv, n), code in known.items() if n == name and level in (None, lv)}


def test_regions_count_as_the_2025_decree_does() -> None:
    assert Counter(row["tingkat"] for row in rows("wilayah")) == {"provinsi": 38, "kabupaten": 416, "kota": 98, "kecamatan": 7285}


def test_a_region_lies_in_the_region_its_code_begins_with() -> None:
    for row in rows("wilayah"):
        assert row["kode_induk"] == row["kode"].rpartition(".")[0]
        assert row["kode_induk"] in codes("wilayah") or row["tingkat"] == "provinsi"
        assert len(row["kode"]) == {"provinsi": 2, "kabupaten": 5, "kota": 5, "kecamatan": 8}[row["tingkat"]]
        if row["tingkat"] in ("kabupaten", "kota"):
            # Kemendagri numbers regencies 01-69 and cities 71-99
            assert (row["kode"][3] in "789") == (row["tingkat"] == "kota")


def test_every_old_code_leads_to_a_current_code_of_its_level_and_is_itself_retired() -> None:
    old = rows("wilayah_lama")
    assert len({row["kode"] for row in old}) == len(old)
    for row in old:
        assert row["kode"] in codes("wilayah")
        assert row["kode_lama"] not in codes("wilayah")
        assert len(row["kode_lama"]) == len(row["kode"])
    assert sum(len(row["kode_lama"]) == 5 for row in old) == 26


def test_an_old_subdistrict_stays_in_its_regency_and_keeps_its_rank_there() -> None:
    regency = {row["kode_lama"]: row["kode"] for row in rows("wilayah_lama") if len(row["kode_lama"]) == 5}
    for old, new in regency.items():
        pairs = sorted((row["kode_lama"], row["kode"]) for row in rows("wilayah_lama") if row["kode_lama"].startswith(f"{old}."))
        assert pairs
        assert all(code.startswith(f"{new}.") for _, code in pairs)
        assert [code for _, code in pairs] == sorted(code for _, code in pairs)


@pytest.mark.parametrize(("old", "new"), [("91.01", "93.01"), ("91.04", "94.01"), ("92.01", "96.01"), ("91.02.01", "95.01.01")])
def test_known_anchors_of_the_papuan_split_hold(old: str, new: str) -> None:
    assert {row["kode_lama"]: row["kode"] for row in rows("wilayah_lama")}[old] == new


def test_a_bps_code_belongs_to_one_regency_and_none_is_claimed_for_papua() -> None:
    bridged = [row for row in rows("wilayah") if row["kode_bps"]]
    assert len(bridged) == 472
    assert len({row["kode_bps"] for row in bridged}) == 472
    assert {row["tingkat"] for row in bridged} == {"kabupaten", "kota"}
    assert all(row["kode"][0] != "9" and row["kode_bps"][:2] == row["kode"][:2] for row in bridged)
    # the same digits mean different regencies in the two systems
    assert {row["kode"]: row["kode_bps"] for row in bridged}["11.01"] == "1103"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("KAB. BANDUNG", {"32.04"}),
        ("Kota  Bandung", {"32.73"}),
        ("bandung", {"32.04", "32.73"}),  # ambiguous: the caller flags it
        ("Jakarta Pusat", {"31.71"}),
        ("KOTA ADM. JAKARTA PUSAT", {"31.71"}),
        ("KEPULAUAN SERIBU", {"31.01"}),
        ("KAB. KEPULAUAN SIAU TAGULANDANG BIARO", {"71.09"}),
        ("KOTA PADANG SIDEMPUAN", {"12.77"}),
        ("KAB. TOBA SAMOSIR", {"12.12"}),  # renamed
        ("KAB. NEGERI DONGENG", set()),
    ],
)
def test_a_typed_regency_name_means_the_regencies_it_can_mean(typed: str, expected: set[str]) -> None:
    assert _meanings(typed) == expected


def test_a_spelling_adds_a_reading_and_takes_none_away() -> None:
    official = _regencies_by_name()
    for row in rows("wilayah_ejaan"):
        assert (row["tingkat"], row["ejaan"]) not in official
        assert row["kode"] in _regions(row["tingkat"])


# --- sample deliveries


def _sheet(contract: Contract, path: Path) -> list[dict[str, Any]]:
    table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    wanted = {spec.delivered for spec in contract.columns if spec.required}
    header = next(n for n, cells in enumerate(table) if wanted <= {str(cell).strip() for cell in cells})
    names = [str(cell).strip() for cell in table[header]]
    return [dict(zip(names, cells, strict=True)) for cells in table[header + 1 :]]


@cache
def _records(contract: Contract, path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    if path.suffix == ".json":
        flat = []
        for record in json.loads(path.read_text("utf-8")):
            nested = {f"{k}.{k2}": v2 for k, v in record.items() if isinstance(v, dict) for k2, v2 in v.items()}
            flat.append(record | nested)
        return flat
    if isinstance(contract.feed.format, Xlsx):
        return _sheet(contract, path)
    assert isinstance(contract.feed.format, Csv)
    encoding = contract.feed.format.encoding.replace("utf-8", "utf-8-sig")
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=contract.feed.format.delimiter))


def _delivered(contoh: Path, contract: Contract, spec: ColumnSpec) -> Iterator[str]:
    folder = contoh / "landing" / contract.feed.path
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in contract.feed.format.suffixes]
    assert files, f"no delivery of {contract.feed.path}"
    for path in files:
        for record in _records(contract, path):
            first = str(next(iter(record.values())) or "")
            if first.startswith(contract.feed.footer) and contract.feed.footer:
                continue
            cell = record.get(spec.delivered)
            if spec.kind is Kind.LIST:
                yield from cell if isinstance(cell, list) else str(cell or "").split(";")
            else:
                yield str(cell if cell is not None else "").removesuffix(".0")


@pytest.mark.parametrize(("contract", "spec"), CODED, ids=_id)
def test_every_code_in_the_sample_is_in_its_list(contoh: Path, contract: Contract, spec: ColumnSpec) -> None:
    values = {value.strip() for value in _delivered(contoh, contract, spec)} - {""}
    assert values, "the column is empty in the sample"
    assert {value for value in values if code_of(str(spec.codes), value) is None} == set()


@pytest.mark.parametrize(("contract", "spec"), NAMED, ids=_id)
def test_every_regency_name_in_the_sample_resolves(contoh: Path, contract: Contract, spec: ColumnSpec) -> None:
    values = {value.strip() for value in _delivered(contoh, contract, spec)} - {""}
    assert {value for value in values if not _meanings(value)} == set()
    ambiguous = {value for value in values if len(_meanings(value)) > 1}
    assert all(_bare(value)[0] is None for value in ambiguous)
