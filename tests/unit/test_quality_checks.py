from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from padan.config import Waiver
from padan.errors import ConfigError, Defect
from padan.quality import SUITES, catalogue, gate_status, record_check, record_conformity, record_dbt_results, write_rules
from padan.quality.catalogue import CONFORMS
from padan.quality.waivers import write_waivers
from schemas.quality_check import QualityCheck, QualityRule


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def check(
    con: duckdb.DuckDBPyConnection, rule: str, *, passed: bool, severity: str = "error", table: str = "raw.t", run: str = "r1"
) -> None:
    record_check(con, run, rule, "raw.t", "validity", severity, 0 if passed else 3, 10, 0.0 if passed else 0.3, passed)


def test_a_repeated_step_replaces_its_own_result(con: duckdb.DuckDBPyConnection) -> None:
    check(con, "satu", passed=False)
    check(con, "satu", passed=True)
    assert con.execute('SELECT rule_id, passed FROM quality."check"').fetchall() == [("satu", True)]


def test_only_failing_errors_hold_the_publication(con: duckdb.DuckDBPyConnection) -> None:
    check(con, "baik", passed=True)
    check(con, "dilihat", passed=False, severity="warn")
    check(con, "menahan", passed=False)
    check(con, "malam_lain", passed=False, run="r0")
    assert [str(gate) for gate in gate_status(con, "r1")] == ["menahan pada raw.t (3 dari 10)"]


def test_a_gate_that_did_not_run_counts_as_failed(con: duckdb.DuckDBPyConnection) -> None:
    check(con, "ada", passed=True)
    failing = gate_status(con, "r1", ["ada", "tidak_ada", ("ada", "raw.t"), ("ada", "raw.lain")])
    assert [(gate.rule_id, gate.table_name, gate.ran) for gate in failing] == [("tidak_ada", "", False), ("ada", "raw.lain", False)]


def test_before_anything_ran_every_expected_gate_is_failed(con: duckdb.DuckDBPyConnection) -> None:
    assert len(gate_status(con, "r1", ["a", "b"])) == 2


@pytest.mark.parametrize(("dimension", "severity"), [("beauty", "error"), ("validity", "fatal")])
def test_an_unknown_dimension_or_severity_is_a_defect(con: duckdb.DuckDBPyConnection, dimension: str, severity: str) -> None:
    with pytest.raises(Defect):
        record_check(con, "r1", "x", "t", dimension, severity, 0, 1, 0.0, True)


def test_what_is_recorded_is_what_the_schema_promises(con: duckdb.DuckDBPyConnection) -> None:
    check(con, "satu", passed=True)
    check(con, "dua", passed=False)
    write_rules(con, catalogue().values())
    QualityCheck.validate(con.sql('FROM quality."check"').pl())
    rules = con.sql("FROM quality.rule").pl()
    QualityRule.validate(rules)
    assert {suite.name for suite in SUITES} <= set(rules["rule_id"])
    assert rules.height == len(catalogue()) >= 60
    assert set(rules["dimension"]) == {"completeness", "uniqueness", "validity", "consistency", "accuracy", "timeliness"}


def test_conformity_is_one_check_a_column_and_never_holds(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA intermediate")
    con.execute(
        """
        CREATE TABLE intermediate.int_conformity AS
        SELECT 'kpai' AS agency, 'pengaduan' AS feed, * FROM (
            VALUES ('jenis_kelamin', 100, 95, 120), ('kabupaten', 100, 60, 120), ('nik', 0, 0, 120)
        ) v (kolom, terisi, sesuai, total)
        """
    )
    assert record_conformity(con, "r1") == (3, 1)
    rows = con.execute(
        'SELECT table_name, numerator, denominator, passed FROM quality."check" WHERE rule_id = ? ORDER BY 1', [CONFORMS]
    ).fetchall()
    assert rows == [
        ("kpai/pengaduan.jenis_kelamin", 5, 100, True),
        ("kpai/pengaduan.kabupaten", 40, 100, False),
        ("kpai/pengaduan.nik", 0, 0, True),
    ]
    assert gate_status(con, "r1") == []


def node(name: str, kind: str, severity: str = "ERROR") -> dict[str, object]:
    return {
        "resource_type": "test",
        "name": name,
        "test_metadata": {"name": kind},
        "config": {"severity": severity},
        "attached_node": "model.padan.anak",
        "depends_on": {"nodes": ["model.padan.anak"]},
    }


MANIFEST = {
    "sources": {},
    "nodes": {
        "model.padan.anak": {"resource_type": "model", "name": "anak", "schema": "marts", "alias": "anak", "config": {}},
        "test.padan.a": node("not_null_anak_x", "not_null"),
        "test.padan.b": node("unique_anak_x", "unique"),
        "test.padan.c": node("accepted_values_anak_x", "accepted_values", "WARN"),
        "test.padan.d": node("relationships_anak_x", "relationships"),
        "test.padan.e": node("assert_anak_masuk_akal", ""),
    },
}


def dbt_run(folder: Path, statuses: dict[str, tuple[str, int | None]]) -> Path:
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    results = [
        {"unique_id": key, "status": status, "failures": failures, "message": "SITI AMINAH 3273054107140003"}
        for key, (status, failures) in statuses.items()
    ]
    (folder / "run_results.json").write_text(json.dumps({"results": results}))
    return folder / "run_results.json"


def test_dbt_tests_become_checks_with_counts_and_no_message(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("CREATE SCHEMA marts; CREATE TABLE marts.anak AS SELECT range AS x FROM range(50)")
    results = dbt_run(
        tmp_path,
        {
            "model.padan.anak": ("success", None),
            "test.padan.a": ("pass", 0),
            "test.padan.b": ("fail", 4),
            "test.padan.c": ("warn", 2),
            "test.padan.d": ("skipped", None),
            "test.padan.e": ("error", None),
        },
    )
    assert record_dbt_results(con, "r1", results) == ["unique_anak_x", "assert_anak_masuk_akal", "1 lain tidak dijalankan"]
    rows = con.execute('SELECT rule_id, table_name, dimension, severity, numerator, denominator, passed FROM quality."check"').fetchall()
    assert set(rows) == {
        ("not_null_anak_x", "marts.anak", "completeness", "error", 0, 50, True),
        ("unique_anak_x", "marts.anak", "uniqueness", "error", 4, 50, False),
        ("accepted_values_anak_x", "marts.anak", "validity", "warn", 2, 50, False),
        ("relationships_anak_x", "marts.anak", "consistency", "error", None, 50, False),
        ("assert_anak_masuk_akal", "marts.anak", "validity", "error", None, 50, False),
    }
    assert "SITI" not in str(con.execute('FROM quality."check"').fetchall())


def test_a_failed_model_is_named(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert record_dbt_results(con, "r1", dbt_run(tmp_path, {"model.padan.anak": ("error", None)})) == ["anak"]


def test_the_kind_of_error_is_told_and_what_it_kept_from_running_counted(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A night of a nation once named a hundred models that had not run, and not that one had found no memory."""
    results = dbt_run(tmp_path, {"model.padan.anak": ("error", None), "test.padan.d": ("skipped", None), "test.padan.e": ("skipped", None)})
    said = json.loads(results.read_text())
    said["results"][0]["message"] = "Runtime Error in model anak (models/marts/anak.sql)\n  OutOfMemoryException: SITI AMINAH"
    results.write_text(json.dumps(said))
    assert record_dbt_results(con, "r1", results) == ["anak (OutOfMemoryException)", "2 lain tidak dijalankan"]


def test_a_dbt_that_left_no_results_has_failed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert record_dbt_results(con, "r1", tmp_path / "run_results.json")


def waiver(**changes: object) -> Waiver:
    day = dt.date(2026, 11, 24)
    known = {"rule_id": "keputusan_kunci", "reason": "Dua baris ganda yang diketahui, surat 3/2026", "approver": "Kepala Pusdatin"}
    return Waiver.model_validate({**known, "granted": day, "expires": day + dt.timedelta(days=7), **changes})


def test_a_waiver_spares_its_rule_until_its_last_day_and_no_longer(con: duckdb.DuckDBPyConnection) -> None:
    write_rules(con, catalogue().values())
    for run, day, holding in (("r1", 24, 0), ("r2", 30, 0), ("r3", 23, 1)):
        record_check(con, run, "keputusan_kunci", "link.decision", "uniqueness", "error", 3, 10, 0.3, False)
        write_waivers(con, run, dt.date(2026, 11, day), [waiver()])
        assert len(gate_status(con, run)) == holding
    record_check(con, "r4", "keputusan_kunci", "link.decision", "uniqueness", "error", 3, 10, 0.3, False)
    write_waivers(con, "r4", dt.date(2026, 12, 2), [waiver()])
    assert [str(gate) for gate in gate_status(con, "r4")] == ["keputusan_kunci pada link.decision (3 dari 10)"]


def test_a_waiver_never_spares_a_gate_that_did_not_run_nor_another_table(con: duckdb.DuckDBPyConnection) -> None:
    write_rules(con, catalogue().values())
    day = dt.date(2026, 11, 24)
    write_waivers(con, "r1", day, [waiver(), waiver(rule_id="baris_diterima_sama_dengan_hasil", table_name="raw.kemensos__pkh")])
    assert gate_status(con, "r1", [("keputusan_kunci", "link.decision")])[0].ran is False
    record_check(con, "r1", "keputusan_kunci", "link.decision", "uniqueness", "error", None, 10, None, False)
    record_check(con, "r1", "baris_diterima_sama_dengan_hasil", "raw.kemensos__pkh", "consistency", "error", 1, 10, 0.1, False)
    record_check(con, "r1", "baris_diterima_sama_dengan_hasil", "raw.kemensos__yapi", "consistency", "error", 1, 10, 0.1, False)
    held = {(gate.rule_id, gate.table_name) for gate in gate_status(con, "r1")}
    assert held == {("keputusan_kunci", "link.decision"), ("baris_diterima_sama_dengan_hasil", "raw.kemensos__yapi")}


@pytest.mark.parametrize("wrong", [{"approver": "Team:PADAN"}, {"approver": "padan"}, {"rule_id": "aturan_khayalan"}])
def test_a_waiver_of_its_own_owner_or_of_no_rule_is_refused(con: duckdb.DuckDBPyConnection, wrong: dict[str, str]) -> None:
    write_rules(con, catalogue().values())
    with pytest.raises(ConfigError):
        write_waivers(con, "r1", dt.date(2026, 11, 24), [waiver(**wrong)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires": dt.date(2026, 11, 23)},
        {"expires": dt.date(2027, 11, 24)},
        {"reason": "pendek"},
        {"reason": "karena NIK 3273054107140003 belum benar"},
    ],
)
def test_a_waiver_ends_soon_and_has_a_reason_without_numbers_of_persons(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        waiver(**wrong)
