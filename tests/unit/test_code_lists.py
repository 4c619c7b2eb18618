"""The code lists agree with the law they come from, with each other, with the contracts and with sample deliveries."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from python_calamine import CalamineWorkbook

from schemas.code_lists import SEEDS, code_lists, code_of, codes, rows
from schemas.extracts import contracts
from schemas.extracts.contract import ColumnSpec, Contract, Csv, Kind, Xlsx

KEY = {
    "ejaan": ("daftar", "ejaan"),
    "kategori_anak": ("sumber", "kode_sumber", "kode_amanat"),
    "syarat_program": ("program", "dari"),
    "wilayah_ejaan": ("ejaan", "tingkat"),
    "wilayah_lama": ("kode_lama",),
}
CODED = [(c, spec) for c in contracts().values() for spec in c.columns if spec.codes]
NAMED = [(c, spec) for c in contracts().values() for spec in c.columns if spec.kind is Kind.REGION_NAME]


def _id(value: object) -> str | None:
    if isinstance(value, Contract):
        return value.feed.path
    return value.name if isinstance(value, ColumnSpec) else None


# --- shape


@pytest.mark.parametrize("name", code_lists())
def test_every_list_has_a_key_that_names_one_row(name: str) -> None:
    key = KEY.get(name, ("kode",))
    found = Counter(tuple(row[part] for part in key) for row in rows(name))
    assert [k for k, n in found.items() if n > 1] == []
    assert all(k[0] for k in found)


@pytest.mark.parametrize("name", code_lists())
def test_no_cell_has_stray_space_or_a_missing_name(name: str) -> None:
    for row in rows(name):
        assert all(value == " ".join(value.split()) for value in row.values()), row
        assert row.get("nama", "x"), row


def test_a_yml_declares_every_list_and_every_column_with_its_type() -> None:
    documents = [yaml.safe_load(path.read_text("utf-8")) or {} for path in SEEDS.parent.rglob("*.yml")]
    declared = {seed["name"]: seed for document in documents for seed in document.get("seeds", []) if isinstance(seed, dict)}
    for name in code_lists():
        seed = declared[f"codes_{name}"]
        header = list(rows(name)[0])
        # an inferred type would turn the region 32.10 into the number 32.1
        assert list(seed["config"]["column_types"]) == header, name
        assert [column["name"] for column in seed["columns"]] == header, name
        assert all(column["description"] for column in seed["columns"]), name


def test_an_unknown_list_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match="codes_tak_ada"):
        codes("tak_ada")


# --- typed texts


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("jenis_kelamin", "Laki-laki", "L"),
        ("jenis_kelamin", " perempuan ", "P"),
        ("jenis_kelamin", "2", "P"),  # DTSEN's own code
        ("status_salur", "SALUR – KKS", "SALUR"),
        ("status_ortu", "Ayah meninggal", "YATIM"),  # by its name
        ("pasal", "Pencurian", None),  # two laws know it by that name
        ("ppks", "7", "07"),  # a spreadsheet ate the zero
        ("pasal", "Pasal  362 KUHP", "362 KUHP"),
        ("pasal", "476 KUHP", None),  # no such article in the old code: which law was meant is not guessed
        ("jenis_kelamin", "X", None),
    ],
)
def test_a_typed_text_means_one_code_or_none(name: str, typed: str, code: str | None) -> None:
    assert code_of(name, typed) == code


def test_every_spelling_points_to_a_code_and_is_not_itself_one() -> None:
    for row in rows("ejaan"):
        assert row["kode"] in codes(row["daftar"])
        assert row["ejaan"] not in codes(row["daftar"])
        assert row["ejaan"] == row["ejaan"].upper()
        assert row["ejaan"] not in {other["nama"].upper() for other in rows(row["daftar"])}


@pytest.mark.parametrize("name", [name for name in code_lists() if {"kode", "nama"} <= set(rows(name)[0])])
def test_a_name_is_never_the_code_of_another_row(name: str) -> None:
    assert [row for row in rows(name) if row["nama"].upper() in codes(name) - {row["kode"]}] == []


# --- regions


def _regions(*levels: str) -> dict[str, str]:
    return {row["kode"]: row["nama"] for row in rows("wilayah") if row["tingkat"] in levels}


def _bare(name: str) -> tuple[str | None, str]:
    """Level that a typed regency name states, if any, and the name in capitals without its prefix (staging's rule)."""
    text = " ".join(name.upper().split())
    for prefix, level in (("KABUPATEN ", "kabupaten"), ("KAB. ", "kabupaten"), ("KAB ", "kabupaten"), ("KOTA ", "kota")):
        if text.startswith(prefix):
            return level, text.removeprefix(prefix)
    return None, text


def _regencies_by_name() -> dict[tuple[str, str], str]:
    by_name = {}
    for row in rows("wilayah"):
        if row["tingkat"] in ("kabupaten", "kota"):
            assert (row["tingkat"], _bare(row["nama"])[1]) not in by_name
            by_name[row["tingkat"], _bare(row["nama"])[1]] = row["kode"]
    return by_name


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


# --- the law


def test_the_law_names_15_children_and_the_ministry_26_kinds_of_need() -> None:
    assert "".join(row["kode"] for row in rows("amanat")) == "abcdefghijklmno"
    assert [row["kode"] for row in rows("ppks")] == [f"{n:02d}" for n in range(1, 27)]


def test_every_source_kind_is_mapped_once_and_to_a_letter_of_the_law() -> None:
    sources = {"kpai": "jenis_kasus_kpai", "ppks": "ppks", "abh": "peran"}
    for source, name in sources.items():
        assert {row["kode_sumber"] for row in rows("kategori_anak") if row["sumber"] == source} == codes(name)
    matches: dict[tuple[str, str], list[str]] = {}
    for row in rows("kategori_anak"):
        assert row["kode_amanat"] in {*codes("amanat"), ""}
        assert row["kode_amanat"] or row["kecocokan"] == "none" or (row["sumber"], row["kode_sumber"]) == ("ppks", "07")
        matches.setdefault((row["sumber"], row["kode_sumber"]), []).append(row["kecocokan"])
    # an exact or absent match stands alone; only a broad one may name several letters
    assert all(len(found) == 1 or set(found) == {"broad"} for found in matches.values())


def test_every_letter_of_the_law_is_some_kpai_kind_exactly_but_those_that_kpai_mixes_with_others() -> None:
    exact = {row["kode_amanat"] for row in rows("kategori_anak") if row["sumber"] == "kpai" and row["kecocokan"] == "exact"}
    assert codes("amanat") - exact == {"d", "f"}  # exploitation comes mixed with trafficking, pornography with cyber crime


def test_diversion_is_open_below_seven_years_and_nowhere_else() -> None:
    for row in rows("pasal"):
        assert (row["diversi_dapat"] == "YA") == (float(row["ancaman_maks_tahun"]) < 7), row["kode"]
    opened = {row["kode"]: row["diversi_dapat"] for row in rows("pasal")}
    assert opened["362 KUHP"] == opened["351 KUHP"] == "YA"
    assert opened["363 KUHP"] == opened["81 UU PA"] == opened["114 UU NARKOTIKA"] == "TIDAK"


@pytest.mark.parametrize(
    ("program", "on", "desil_max"),
    [
        ("PKH", date(2026, 11, 24), "4"),
        ("SEMBAKO", date(2025, 12, 31), "5"),
        ("SEMBAKO", date(2026, 1, 1), "4"),
        ("PBI", date(2026, 11, 24), "5"),
        ("YAPI", date(2026, 11, 24), ""),  # no written limit
    ],
)
def test_eligibility_is_that_of_the_day(program: str, on: date, desil_max: str) -> None:
    in_force = [row for row in rows("syarat_program") if row["program"] == program and date.fromisoformat(row["dari"]) <= on]
    assert max(in_force, key=lambda row: row["dari"])["desil_max"] == desil_max


def test_accreditation_lasts_as_its_rank_says() -> None:
    assert {row["kode"]: row["berlaku_tahun"] for row in rows("akreditasi")} == {"A": "5", "B": "3", "C": "2"}


def test_licensed_social_work_is_two_roles() -> None:
    assert {row["kode"] for row in rows("jabatan") if row["pekerja_sosial"] == "YA"} == {"PEKSOS", "SAKTI PEKSOS"}


# --- contracts and sample deliveries


@pytest.mark.parametrize(("contract", "spec"), CODED, ids=_id)
def test_a_contract_names_a_list_that_exists_and_allows_exactly_its_codes(contract: Contract, spec: ColumnSpec) -> None:
    assert spec.codes in code_lists()
    allowed = [check.statistics["allowed_values"] for check in contract.model.to_schema().columns[spec.name].checks if check.name == "isin"]
    assert all(set(values) == codes(spec.codes) for values in allowed)


def test_every_coded_column_names_its_list() -> None:
    assert [f"{c.feed.path}.{s.name}" for c in contracts().values() for s in c.columns if s.kind is Kind.CODE and not s.codes] == []


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
