"""The dbt project and the contracts say the same: a staging model a contract, with what linkage and the checks look for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.extracts import contracts
from schemas.extracts.contract import Contract, Kind

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
DELIVERED = [c for c in contracts().values() if c.feed.agency != "dtsen"]
ids = [c.feed.path for c in DELIVERED]


def described(path: Path, model: str) -> dict[str, dict[str, Any]]:
    """Columns of one model as its yml describes them, by name."""
    parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
    (found,) = [m for m in parsed["models"] if m["name"] == model]
    return {c["name"]: c for c in found["columns"]}


def staging(contract: Contract) -> dict[str, dict[str, Any]]:
    name = f"stg_{contract.feed.table}"
    return described(MODELS / "staging" / contract.feed.agency / f"{name}.yml", name)


def standard_person_columns() -> dict[str, dict[str, Any]]:
    return described(MODELS / "intermediate" / "int_person__standardized.yml", "int_person__standardized")


@pytest.mark.parametrize("contract", DELIVERED, ids=ids)
def test_every_contract_has_a_source_and_a_staging_model_with_its_columns(contract: Contract) -> None:
    sources = yaml.safe_load(
        (MODELS / "staging" / contract.feed.agency / f"_{contract.feed.agency}__sources.yml").read_text(encoding="utf-8")
    )
    assert f"{contract.feed.table}__in_force" in {t["name"] for s in sources["sources"] for t in s["tables"]}
    promised = {c.name for c in contract.columns} - {contract.feed.counter}
    coded_only = {c.name for c in contract.columns if c.kind is Kind.REGION_CODE}
    assert promised - coded_only <= staging(contract).keys()


@pytest.mark.parametrize("contract", DELIVERED, ids=ids)
def test_every_column_that_conformity_counts_says_how_it_was_read(contract: Contract) -> None:
    counted = {f"{c.name}_status" for c in contract.columns if c.dtsen or c.codes}
    assert counted <= staging(contract).keys()


@pytest.mark.parametrize("contract", DELIVERED, ids=ids)
def test_meta_names_the_dtsen_column_and_code_list_of_the_contract(contract: Contract) -> None:
    columns = staging(contract)
    for column in (c for c in contract.columns if c.dtsen or c.codes):
        meta = columns["kode_kabupaten" if column.kind is Kind.REGION_NAME else column.name]["meta"]
        assert column.dtsen in (None, meta.get("dtsen")), column.name
        assert column.codes in (None, meta.get("codes")), column.name


@pytest.mark.parametrize("contract", [c for c in DELIVERED if c.feed.person], ids=[c.feed.path for c in DELIVERED if c.feed.person])
def test_every_person_feed_carries_the_standard_person_columns(contract: Contract) -> None:
    assert standard_person_columns().keys() - {"agency", "feed"} <= staging(contract).keys()


@pytest.mark.parametrize("contract", [c for c in DELIVERED if c.feed.person], ids=[c.feed.path for c in DELIVERED if c.feed.person])
def test_staging_says_of_a_feed_that_it_is_about_children_as_its_contract_does(contract: Contract) -> None:
    sql = (MODELS / "staging" / contract.feed.agency / f"stg_{contract.feed.table}.sql").read_text(encoding="utf-8")
    assert f"{str(contract.feed.child).lower()} as anak" in sql
