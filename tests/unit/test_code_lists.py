"""The code lists agree with the law they come from, with each other and with the contracts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from schemas.code_lists import SEEDS, code_lists, code_of, codes, rows
from schemas.extracts import contracts
from schemas.extracts.contract import ColumnSpec, Contract, Kind

KEY = {
    "ejaan": ("daftar", "ejaan"),
    "kategori_anak": ("sumber", "kode_sumber", "kode_amanat"),
    "syarat_program": ("program", "dari"),
    "wilayah_ejaan": ("ejaan", "tingkat"),
    "wilayah_lama": ("kode_lama",),
}
CODED = [(c, spec) for c in contracts().values() for spec in c.columns if spec.codes]


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


# --- contracts


@pytest.mark.parametrize(("contract", "spec"), CODED, ids=_id)
def test_a_contract_names_a_list_that_exists_and_allows_exactly_its_codes(contract: Contract, spec: ColumnSpec) -> None:
    assert spec.codes in code_lists()
    allowed = [check.statistics["allowed_values"] for check in contract.model.to_schema().columns[spec.name].checks if check.name == "isin"]
    assert all(set(values) == codes(spec.codes) for values in allowed)


def test_every_coded_column_names_its_list() -> None:
    assert [f"{c.feed.path}.{s.name}" for c in contracts().values() for s in c.columns if s.kind is Kind.CODE and not s.codes] == []


def test_a_list_that_gained_a_column_is_made_anew_in_a_home_of_an_earlier_version(tmp_path: Path) -> None:
    warehouse, project = tmp_path / "padan.duckdb", str(Path(__file__).parents[2] / "dbt_project")
    with duckdb.connect(str(warehouse)) as con:
        con.execute("CREATE SCHEMA codes; CREATE TABLE codes.codes_peran (kode VARCHAR); INSERT INTO codes.codes_peran VALUES ('LAMA')")
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "seed", "--select", "codes_peran", "--project-dir", project]
    command += ["--profiles-dir", project, "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    environment = {**os.environ, "PADAN_WAREHOUSE": str(warehouse), "PADAN_TMP": str(tmp_path / "tmp"), "DO_NOT_TRACK": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1000:]
    with duckdb.connect(str(warehouse)) as con:
        assert {kode for (kode,) in con.execute("SELECT kode FROM codes.codes_peran WHERE nama IS NOT NULL").fetchall()} == {
            "KORBAN",
            "PELAKU",
            "SAKSI",
        }
