from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quality_nights import ROWS, ordinary

from padan.config import Quality
from padan.quality import SuiteResult, run_suites
from padan.quality.history import learnt_bounds, past_values, remember, tolerance
from padan.quality.suites import SUITES, Tonight, validate
from schemas.expectations.bounds import Bounds, bounded_suite

TONIGHT = dt.date(2026, 11, 24)
SETTINGS = Quality()


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        ordinary(connection)
        yield connection


def outcome(con: duckdb.DuckDBPyConnection, only: str | None = None) -> dict[str, SuiteResult]:
    suites = [suite for suite in SUITES if only in {None, suite.name}]
    return {result.suite: result for result in run_suites(con, "tonight", TONIGHT, SETTINGS, suites=suites)}


def nights_before(con: duckdb.DuckDBPyConnection, how_many: int = 6) -> None:
    """Ordinary nights that moved by a few rows."""
    for ago in range(how_many, 0, -1):
        metrics = {m: v for suite in SUITES for m, v in suite.measure(con, Tonight("tonight", TONIGHT, 30)).items()}
        shaken = {m: v + (ago % 3 - 1) * (2 if m.startswith("baris|") else 0.004) for m, v in metrics.items()}
        remember(con, f"night-{ago}", TONIGHT - dt.timedelta(days=ago), shaken)


def test_an_ordinary_first_night_passes(con: duckdb.DuckDBPyConnection) -> None:
    results = outcome(con)
    assert len(results) == len(SUITES)
    assert all(r.success and r.learnt == 0 for r in results.values())
    assert {name for name, r in results.items() if not r.evaluated} == {"sebaran_kode_wajar"}  # nothing to differ from yet


def test_an_ordinary_night_after_others_passes_on_learnt_bounds(con: duckdb.DuckDBPyConnection) -> None:
    nights_before(con)
    assert all(r.success and r.learnt == r.evaluated for r in outcome(con).values())


# suite, what goes wrong tonight, a metric that must be named; more kinds: tests/integration/planted_defects.toml
DEFECTS = [
    ("jumlah_baris_wajar", "CREATE OR REPLACE TABLE raw.kemensos__pkh__in_force AS SELECT range FROM range(100)", "baris|kemensos/pkh"),
    ("jumlah_baris_wajar", "CREATE OR REPLACE TABLE raw.kemensos__pkh__in_force AS SELECT range FROM range(400)", "baris|kemensos/pkh"),
    ("isian_kolom_wajar", "DELETE FROM intermediate.int_conformity", "sesuai|kpai/pengaduan.klaster"),
    ("tingkat_padanan_wajar", "DELETE FROM link.decision WHERE feed = 'pengaduan'", "tertaut|kpai/pengaduan"),
    ("sebaran_bobot_wajar", "UPDATE link.decision SET match_weight = match_weight + 12", "bobot|30"),
    ("lonjakan_indikator_wajar", "DELETE FROM marts.indicator WHERE indicator_code = 'I03'", "indikator|I03/semua"),
]


@pytest.mark.parametrize(("suite", "defect", "metric"), DEFECTS)
def test_each_planted_defect_fails_its_suite_and_is_named(con: duckdb.DuckDBPyConnection, suite: str, defect: str, metric: str) -> None:
    nights_before(con)
    con.execute(defect)
    results = outcome(con, suite)
    assert metric in results[suite].failing
    assert not results[suite].success
    assert 0 < results[suite].unsuccessful <= results[suite].evaluated


def test_no_rows_where_the_ledger_says_some_were_accepted_fails_even_the_first_night(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TABLE raw.kemensos__pkh__in_force AS SELECT range FROM range(0)")
    assert outcome(con, "jumlah_baris_wajar")["jumlah_baris_wajar"].failing == ("baris|kemensos/pkh",)


def test_a_feed_that_was_never_delivered_may_be_empty(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TABLE raw.kemensos__pkh__in_force AS SELECT range FROM range(0)")
    con.execute("DELETE FROM ledger.delivery WHERE feed = 'pkh'")
    assert outcome(con, "jumlah_baris_wajar")["jumlah_baris_wajar"].success


@pytest.mark.parametrize(
    ("suite", "absurd"),
    [
        ("isian_identitas_wajar", "UPDATE intermediate.int_person__standardized SET nama = NULL WHERE feed = 'yapi'"),
        ("isian_identitas_wajar", "UPDATE intermediate.int_person__standardized SET nik_status = 'malformed' WHERE feed = 'yapi'"),
        ("tingkat_padanan_wajar", "UPDATE link.decision SET decision = 'no_link' WHERE feed = 'pengaduan'"),
        ("tingkat_padanan_wajar", "UPDATE link.decision SET decision = 'review' WHERE feed = 'pengaduan'"),
    ],
)
def test_an_absurd_first_night_fails_on_the_defaults(con: duckdb.DuckDBPyConnection, suite: str, absurd: str) -> None:
    con.execute(absurd)
    assert not outcome(con, suite)[suite].success


def test_without_a_register_no_link_rate_is_judged(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DELETE FROM link.register_key; UPDATE link.decision SET decision = 'no_link'")
    result = outcome(con, "tingkat_padanan_wajar")["tingkat_padanan_wajar"]
    assert (result.success, result.evaluated) == (True, 0)


def test_a_repeated_run_leaves_one_result_and_one_value_each(con: duckdb.DuckDBPyConnection) -> None:
    first = outcome(con)
    outcome(con)
    assert con.execute("SELECT count(DISTINCT kode), count(*) FROM quality.code_share").fetchone() == (4, 4)
    assert con.execute("SELECT count(*) FROM quality.metric").fetchone() == (sum(r.evaluated for r in first.values()),)


def test_tonight_is_never_its_own_history() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA quality")
        for run in range(8):
            remember(con, f"again-{run}", TONIGHT, {"baris|kemensos/pkh": 100})
        assert past_values(con, TONIGHT, 30) == {}


def test_a_night_run_many_times_counts_once() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA quality")
        for run, value in enumerate((100, 102, 900)):
            remember(con, f"r{run}", dt.date(2026, 11, 1), {"baris|kemensos/pkh": value})
        remember(con, "r9", dt.date(2026, 11, 2), {"baris|kemensos/pkh": 101})
        assert past_values(con, TONIGHT, 30) == {"baris|kemensos/pkh": [102, 101]}


def test_only_the_last_nights_are_history() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA quality")
        for day in range(1, 21):
            remember(con, f"r{day}", dt.date(2026, 11, day), {"m|x": day})
        assert past_values(con, TONIGHT, 5)["m|x"] == [16, 17, 18, 19, 20]


ROWS_MAY = tolerance("baris", SETTINGS)


def test_too_few_nights_keep_the_default() -> None:
    assert learnt_bounds([ROWS] * (SETTINGS.minimum_history - 1), ROWS_MAY, SETTINGS).basis == "default"


def test_a_feed_that_never_moved_may_still_move_by_the_floor() -> None:
    bounds = learnt_bounds([1000.0] * 30, ROWS_MAY, SETTINGS)
    assert (bounds.lower, bounds.upper, bounds.basis) == (650, 1350, "history")


def test_one_wild_night_does_not_widen_the_bounds() -> None:
    calm = [1000.0, 1010, 990, 1005, 995, 1000, 1002]
    assert learnt_bounds([*calm, 90_000.0], ROWS_MAY, SETTINGS).upper < 1500


def test_a_restless_feed_gets_wider_bounds_than_a_calm_one() -> None:
    restless = learnt_bounds([500.0, 1500, 700, 1300, 1000, 600, 1400], ROWS_MAY, SETTINGS)
    assert restless.upper > learnt_bounds([1000.0] * 7, ROWS_MAY, SETTINGS).upper


@given(st.lists(st.floats(0, 1), min_size=5, max_size=30))
def test_bounds_of_a_share_hold_its_median_and_stay_shares(values: list[float]) -> None:
    bounds = learnt_bounds(values, tolerance("tertaut", SETTINGS), SETTINGS)
    middle = sorted(values)[len(values) // 2]
    assert 0 <= bounds.lower <= bounds.upper <= 1
    assert bounds.lower - 1e-9 <= middle <= bounds.upper + 1 or len(values) % 2 == 0


def test_an_absent_metric_fails_its_suite() -> None:
    """Great Expectations itself passes `between` on a column of nulls: the trap this suite is built around."""
    suite = bounded_suite("s", {"a|x": Bounds(0, 1, "default"), "b|x": Bounds(0, 1, "default")})
    assert validate(suite, {"a|x": 0.5, "b|x": 0.5})["success"]
    absent = validate(suite, {"a|x": 0.5})
    assert not absent["success"]
    assert {r["metric"] for r in absent["results"] if not r["success"]} == {None, "b|x"}


def test_results_are_kept_as_json_of_numbers_and_names(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    results = run_suites(con, "tonight", TONIGHT, SETTINGS, tmp_path)
    for result in results:
        if not result.evaluated:
            continue
        assert result.path is not None
        kept = json.loads(result.path.read_text())
        assert kept["statistics"]["evaluated_expectations"] == result.evaluated + 1
        assert "SITI AMINAH" not in result.path.read_text()
