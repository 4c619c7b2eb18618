"""The rules on the night's accuracy fire when they must, say when they cannot judge, and show no small group."""

from __future__ import annotations

import duckdb
import pytest

from padan.config import DriftLimits, EvaluationPolicy
from padan.linkage.estimates import Figure
from padan.linkage.intervals import Estimate
from padan.quality.accuracy import (
    EQUAL,
    HELD_BACK,
    PROVEN_PRECISE,
    RULES,
    TABLE,
    judge_accuracy,
    judge_drift,
    record_accuracy,
)
from padan.quality.catalogue import catalogue
from padan.quality.rules import write_rules
from padan.report.dot_plot import dot_plot

POLICY = EvaluationPolicy()
NIGHT = {"records": 1000, "candidates": 2000, "decisions": {"link": 900, "no_link": 100}, "weights": {"10": 1000}, "levels": {}}


def figure(measure, kind, value, share, size, method="twin", reach=0.01) -> Figure:
    return Figure(measure, kind, value, round(share * size), size, Estimate(share, max(0, share - reach), min(1, share + reach)), method)


def night(precise=0.999, reach=0.0005, other=0.97, probes=400, **groups) -> list[Figure]:
    return [
        figure("recall", "semua", "semua", 0.97, probes),
        figure("recall", "semua", "semua", 0.99, 9_000, "post_stratified"),
        figure("precision", "semua", "semua", precise, 9_000, "post_stratified", reach),
        figure("recall", "kelamin", "L", 0.97, 200),
        figure("recall", "kelamin", "P", other, 200),
        figure("recall", "provinsi", "91", 0.0, 3),
    ]


def failing(figures, policy=POLICY) -> set[str]:
    return {v.rule.rule_id for v in judge_accuracy(figures, policy) if v.failing}


def test_an_ordinary_night_passes() -> None:
    assert failing(night()) == set()
    assert all(v.total for v in judge_accuracy(night(), POLICY))


def test_precision_surely_too_low_holds_back_and_precision_not_proven_warns() -> None:
    assert failing(night(precise=0.97)) == {HELD_BACK.rule_id, PROVEN_PRECISE.rule_id}
    assert failing(night(precise=0.985, reach=0.012)) == {PROVEN_PRECISE.rule_id}
    assert [rule.rule_id for rule in RULES if rule.blocking] == [HELD_BACK.rule_id]


def test_a_group_that_is_surely_found_less_often_is_named() -> None:
    assert failing(night(other=0.90)) == {EQUAL.rule_id}
    assert failing(night(other=0.935)) == set()  # less often, but not surely by more than may be
    equal = next(v for v in judge_accuracy(night(other=0.90), POLICY) if v.rule is EQUAL)
    assert equal.shown["selisih · kelamin · P"] == pytest.approx(0.07)
    assert equal.shown["ditemukan · kelamin · P · bawah"] == pytest.approx(0.89)


def test_groups_of_few_are_neither_judged_nor_shown() -> None:
    assert not any("provinsi" in name for v in judge_accuracy(night(), POLICY) for name in v.shown)


def test_too_few_probes_are_said_to_be_too_few() -> None:
    for figures in ([], night(precise=0.5, probes=99)):
        assert [(v.failing, v.total, bool(v.note)) for v in judge_accuracy(figures, POLICY)] == [(0, 0, True)] * 3


def test_drift_is_judged_against_the_card_and_says_when_there_is_none() -> None:
    card, poor = {"feeds": {"kemensos/ppks": NIGHT}}, {**NIGHT, "decisions": {"link": 300, "no_link": 700}}
    assert [(v.failing, v.note) for v in judge_drift(card, None, DriftLimits())] == [(0, "belum ada kartu model sebagai acuan")] * 4
    said = {v.rule.rule_id: v for v in judge_drift({"feeds": {"kemensos/ppks": poor}}, card, DriftLimits())}
    assert said["padan_seperti_kartu_model"].failing == 1
    assert said["padan_seperti_kartu_model"].shown["padan · kemensos/ppks"] == pytest.approx(0.6)
    assert said["calon_seperti_kartu_model"].failing == said["bobot_seperti_kartu_model"].failing == 0
    assert said["tingkat_seperti_kartu_model"].note


def test_a_run_keeps_its_last_figures_and_other_runs_theirs() -> None:
    with duckdb.connect() as con:
        record_accuracy(con, "a", night())
        record_accuracy(con, "b", night())
        assert record_accuracy(con, "a", night()[:2]) == 2
        assert con.execute(f"SELECT run_id, count(*) FROM {TABLE} GROUP BY 1 ORDER BY 1").fetchall() == [("a", 2), ("b", 6)]
        write_rules(con, catalogue().values())
        assert con.execute("SELECT count(*) FROM quality.rule WHERE table_name = ?", [TABLE]).fetchall() == [(len(RULES),)]


def test_a_plot_shows_every_group_and_escapes_its_name() -> None:
    plot = dot_plot("menurut <sumber>", [("kpai/pengaduan", 0.95, 0.91, 0.99, "60 uji"), ("<x>", 0.5, 0.2, 0.8, "5 uji")])
    assert plot.count("<circle") == 2
    assert "&lt;x&gt;" in plot
    assert "95,0%" in plot
