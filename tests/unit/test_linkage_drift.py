"""Drift fires on a night unlike the training populations, and not on an ordinary one, nor on another mix of feeds."""

from __future__ import annotations

import json

import pytest
from linkage_world import built, crowd, home_of, linked, record, warehouse

from padan.config import DriftLimits
from padan.linkage import drift

PEOPLE = crowd(500)


def rows(people, feed="ppks", **changed):
    return [
        record(
            int(p["nik"][-4:]), p["nama"], p["tanggal_lahir"], nik=p["nik"] if i % 2 else None, feed=feed,
            jenis_kelamin="LP"[int(p["jenis_kelamin"]) - 1], kode_kabupaten=p["kode_kecamatan"][:5], **changed,
        )
        for i, p in enumerate(people)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    home = home_of(tmp_path_factory.mktemp("drift") / "home")
    release = built(home, PEOPLE)

    def measured(*records):
        con = warehouse([{**row, "record_id": f"{row['feed']}{row['record_id']}"} for row in records])
        linked(con, home, release)
        return drift.measure(con)

    return measured


@pytest.fixture(scope="module")
def card(measured):
    return measured(*rows(PEOPLE[:260]), *rows(PEOPLE[200:460], "abh"))


def kinds(tonight, card):
    return {s.kind for s in drift.compare(tonight, card, DriftLimits()) if s.exceeds}


def test_another_night_of_the_same_offices_is_no_drift(measured, card) -> None:
    tonight = measured(*rows(PEOPLE[240:500]), *rows(PEOPLE[:220], "abh"))
    assert {s.kind for s in drift.compare(tonight, card, DriftLimits())} == set(drift.KINDS)
    assert kinds(tonight, card) == set()


@pytest.mark.long
def test_another_mix_of_feeds_is_no_drift(measured) -> None:
    poor = [{**row, "tanggal_lahir": None, "tanggal_lahir_precision": "none"} for row in rows(PEOPLE[:240], "abh")]
    card = measured(*rows(PEOPLE[:220]), *poor)
    assert kinds(measured(*rows(PEOPLE), *poor), card) == set()


def test_dates_and_places_that_go_missing_are_drift(measured, card) -> None:
    gone = {"nik": None, "kode_kabupaten": None, "tanggal_lahir": None, "tanggal_lahir_precision": "none"}
    lost = [{**row, **gone} for row in rows(PEOPLE[:240])]
    assert kinds(measured(*lost), card) >= {"bobot", "padan"}


def test_names_that_are_cut_short_are_drift(measured, card) -> None:
    cut = [{**row, "nama": row["nama"].split()[0]} for row in rows(PEOPLE[:240])]
    assert "tingkat" in kinds(measured(*cut), card)


def test_few_records_and_unknown_feeds_are_not_judged(card) -> None:
    few = {
        "feeds": {"kemensos/ppks": {"records": 40, "candidates": 400, "decisions": {"no_link": 40}, "weights": {"-20": 40}, "levels": {}}}
    }
    unknown = {"feeds": {"kemensos/yapi": {**few["feeds"]["kemensos/ppks"], "records": 4000}}}
    assert drift.compare(few, card, DriftLimits()) == []
    assert drift.compare(unknown, card, DriftLimits()) == []


def test_counts_add_up_and_survive_json(card, tmp_path) -> None:
    twice = drift.pool([card, card])
    assert twice["feeds"]["kemensos/ppks"]["records"] == 520
    assert sum(twice["feeds"]["kemensos/abh"]["decisions"].values()) == 520
    assert max(s.value for s in drift.compare(card, twice, DriftLimits()) if s.kind != "calon") == pytest.approx(0)
    path = tmp_path / "card.json"
    assert drift.read_baseline(path=path) is None
    path.write_text(json.dumps({drift.BASELINE: twice}))
    assert drift.read_baseline(path=path) == twice
    path.write_text("{}")
    assert drift.read_baseline(path=path) is None


def test_divergence_is_zero_for_the_same_and_one_for_nothing_in_common() -> None:
    assert drift.divergence({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}) == 0
    assert drift.divergence({"a": 1.0}, {"b": 1.0}) == pytest.approx(1)
