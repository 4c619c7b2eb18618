"""Links on populations with errors that nothing was trained on, graded against their truth: what linkage promises, whoever typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.accuracy.__main__ import line, measured
from bench.accuracy.heldout import spoilt
from bench.accuracy.samples import Sample, synthetic

#: Models of ordinary offices; the others are extremes, judged on precision alone.
ORDINARY = ("pindaian", "daerah", "wali")
#: Lower bounds of an extreme: precision, and upper bound of false links among those whom the register lacks.
EXTREME = {"kembar": (0.997, 0.02), "absen": (0.998, 0.003), "sedikit": (0.999, 0.008), "satu_feed": (0.999, 0.003)}


@pytest.fixture(scope="session")
def population(tmp_path_factory) -> Sample:
    """30,000 persons whose records only lack cells."""
    return synthetic(tmp_path_factory.mktemp("held_out"), "tanpa", 30_000, 41)


@pytest.fixture(scope="session")
def large_population(tmp_path_factory) -> Sample:
    """300,000 persons whose records only lack cells."""
    return synthetic(tmp_path_factory.mktemp("held_out_large"), "tanpa", 300_000, 42)


def graded(base: Sample, model: str, root: Path) -> dict[str, Any]:
    found = measured(spoilt(base, model, root))
    print(line(model, found))
    return found


def promised(found: dict[str, Any], without_nik: float) -> None:
    assert found["presisi"]["rate"] >= 0.999
    assert found["recall"]["rate"] >= 0.97
    assert found["recall tanpa PKH"]["rate"] >= 0.96
    assert found["recall feed terburuk"] >= 0.88
    assert found["recall NIK tak ada atau salah"]["rate"] >= without_nik
    assert found["tautan salah yang tak terdaftar"]["rate"] <= 0.003
    assert found["F1 person_id"]["F1"] >= 0.97


@pytest.mark.long
def test_a_scanners_errors_cost_no_promise(population: Sample, tmp_path: Path) -> None:
    promised(graded(population, "pindaian", tmp_path), without_nik=0.95)


@pytest.mark.long
@pytest.mark.parametrize("model", ORDINARY)
def test_promises_hold_at_30_000_persons(population: Sample, tmp_path: Path, model: str) -> None:
    found = graded(population, model, tmp_path)
    promised(found, without_nik=0.95)
    assert found["lembaga"]["presisi"] >= 0.99
    assert found["lembaga"]["recall"] >= 0.90


@pytest.mark.long
@pytest.mark.parametrize("model", sorted(EXTREME))
def test_extremes_do_not_break_precision(population: Sample, tmp_path: Path, model: str) -> None:
    precision, false_absent = EXTREME[model]
    found = graded(population, model, tmp_path)
    assert found["presisi"]["rate"] >= precision
    assert found["tautan salah yang tak terdaftar"]["rate"] <= false_absent


@pytest.mark.long
@pytest.mark.parametrize("model", ORDINARY)
def test_promises_hold_at_300_000_persons_and_for_every_group(large_population: Sample, tmp_path: Path, model: str) -> None:
    found = graded(large_population, model, tmp_path)
    promised(found, without_nik=0.91)
    for group, gap in found["selisih recall"].items():
        assert gap["selisih"] is None or gap["selisih"] <= 0.04, group
    overall = 1 - found["presisi"]["rate"]
    for group, rows in found["tautan salah menurut kelompok"].items():
        for row in rows:
            assert row["selang"][0] <= 2 * overall, (group, row["grup"])
