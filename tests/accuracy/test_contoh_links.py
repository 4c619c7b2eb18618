"""Links of a night over deliveries that we did not write, graded against their truth: floors, not targets."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from grading import DecisionRow, Grade, TruthRow, grade, same_person_f1
from nights import RanNight

#: What linkage promises; a fall below is a defect.
PRECISION, RECALL, RECALL_WITHOUT_PKH, RECALL_WORST_FEED, RECALL_WITHOUT_NIK = 0.999, 0.97, 0.96, 0.88, 0.95
FALSE_ABSENT, SAME_PERSON = 0.003, 0.97
INSTITUTION_PRECISION, INSTITUTION_RECALL = 0.99, 0.90

DECISIONS = """
    SELECT d.agency || '.' || d.feed, d.source_row, d.decision, d.register_id, d.person_id,
        CASE WHEN s.nik_status IN ('valid', 'sex_or_date_conflict') THEN 'NIK' ELSE 'tanpa NIK' END
    FROM link.decision d JOIN intermediate.int_person__standardized s USING (record_id)"""


def _decisions(night: RanNight) -> list[DecisionRow]:
    with night.warehouse() as con:
        return [DecisionRow(feed, "", *rest) for feed, *rest in con.execute(DECISIONS).fetchall()]


def _register(night: RanNight) -> list[tuple]:
    path = max(night.home.glob("register/*/register.duckdb"))
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(
            "SELECT p.register_id, p.nik, a.id_keluarga, a.tanggal_lahir FROM person p JOIN attribute a USING (person_no)"
        ).fetchall()


def _usable(nik: str | None) -> bool:
    return bool(nik and nik.strip("0"))


def _born_as(nik: str, day) -> bool:
    return day is not None and (day.day, day.month, day.year % 100) == (int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12]))


def _truth(folder: Path, night: RanNight) -> list[TruthRow]:
    """The register's row of each true person: by NIK, or by family and birth date where the register has no usable NIK."""
    by_nik: dict[str, set[str]] = {}
    by_family: dict[str, list[tuple]] = {}
    for register_id, nik, family, born in _register(night):
        if _usable(nik):
            by_nik.setdefault(nik, set()).add(register_id)
        else:
            by_family.setdefault(family, []).append((register_id, born))
    rows = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem == "kpai.pengawasan":
            continue
        for row in csv.DictReader(path.open()):
            right: set[str] = set()
            if row["in_dtsen"] == "1":
                family = by_family.get(row["id_keluarga"], [])
                same_birth = {register_id for register_id, born in family if _born_as(row["nik"], born)}
                right = by_nik[row["register_nik"]] if _usable(row["register_nik"]) else same_birth
                assert right, f"{path.stem} row {row['source_row']}: the register row of the truth was not found"
            rows.append(TruthRow(path.stem, "", int(row["source_row"]), row["person"], frozenset(right)))
    return rows


@pytest.fixture(scope="module")
def grades(contoh: Path, contoh_night: RanNight) -> dict[str, Grade]:
    graded = grade(_decisions(contoh_night), _truth(contoh / "truth", contoh_night))
    for name, found in sorted(graded.items()):
        print(f"{name:<22} precision {found.precision:.4f} recall {found.recall:.4f} false links of the absent {found.false_absent:.4f}")
    return graded


def test_links_are_right_and_found(grades: dict[str, Grade]) -> None:
    assert grades["all"].precision >= PRECISION
    assert grades["all"].recall >= RECALL
    feeds = {name: found for name, found in grades.items() if name != "all" and not name.startswith("group:")}
    assert min(found.recall for found in feeds.values()) >= RECALL_WORST_FEED
    others = [found for name, found in feeds.items() if name != "kemensos.pkh"]
    assert sum(found.right for found in others) / sum(found.held for found in others) >= RECALL_WITHOUT_PKH


def test_children_without_a_nik_are_found_too(grades: dict[str, Grade]) -> None:
    assert grades["group:tanpa NIK"].recall >= RECALL_WITHOUT_NIK
    assert grades["group:tanpa NIK"].precision >= PRECISION


def test_who_is_not_in_the_register_is_linked_to_nobody(grades: dict[str, Grade]) -> None:
    assert grades["all"].absent > 400
    assert grades["all"].false_absent <= FALSE_ABSENT


def test_records_of_one_person_share_a_person(contoh: Path, contoh_night: RanNight) -> None:
    _precision, _recall, f1 = same_person_f1(_decisions(contoh_night), _truth(contoh / "truth", contoh_night))
    assert f1 >= SAME_PERSON


def test_institutions_that_kpai_visited_are_the_right_ones(contoh: Path, contoh_night: RanNight) -> None:
    with contoh_night.warehouse() as con:
        said = dict(
            con.execute(
                "SELECT v.no_was, d.no_td FROM link.institution_decision d JOIN staging.stg_kpai__pengawasan v USING (record_id) "
                "WHERE d.decision = 'link'"
            ).fetchall()
        )
    truth = {row["no_was"]: row["no_td"] for row in csv.DictReader((contoh / "truth" / "kpai.pengawasan.csv").open())}
    right = sum(truth.get(visit) == no_td for visit, no_td in said.items())
    assert right / len(said) >= INSTITUTION_PRECISION
    assert right / len(truth) >= INSTITUTION_RECALL
