"""The second synthetic night differs from the first as nights do: corrected, closed, gone, new; and a new register release."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from test_synth_deliveries import FEEDS, PERSON_FEEDS, files, frame, tree, truth

from padan.synth import NIGHTS_APART, SynthResult, generate
from schemas.extracts import contracts

AS_OF = dt.date(2026, 9, 15)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return generate(tmp_path_factory.mktemp("nights"), 6000, seed=11, as_of=AS_OF)


def contents(result: SynthResult, feed: str, day: dt.date) -> Counter[str]:
    """Rows as intake tells them apart: all cells but the counter, and not the file."""
    counter = contracts()[feed].feed.counter
    return Counter(str([row[k] for k in sorted(row) if k not in (counter, "line", "file")]) for row in frame(result, feed, day))


def identities(result: SynthResult, feed: str, day: dt.date) -> set[str]:
    key = contracts()[feed].feed.key
    return {str([row[k] for k in key]) for row in frame(result, feed, day)} if key else set(contents(result, feed, day))


def by_key(result: SynthResult, feed: str, day: dt.date) -> dict[str, dict[str, Any]]:
    return {str([row[k] for k in contracts()[feed].feed.key]): row for row in frame(result, feed, day)}


def test_nights_are_a_quarter_apart_and_each_has_the_release_of_its_quarter(made: SynthResult) -> None:
    assert made.nights == (AS_OF, AS_OF + NIGHTS_APART)
    assert made.releases == (dt.date(2026, 7, 1), dt.date(2026, 10, 1))
    for feed in contracts():
        folders = sorted(path.name for path in (made.landing / feed).iterdir())
        assert folders == [day.isoformat() for day in (made.releases if feed.startswith("dtsen/") else made.nights)]


@pytest.mark.parametrize("as_of", [dt.date(2026, 1, 1), dt.date(2026, 11, 30), dt.date(2027, 12, 31), dt.date(2028, 2, 29)])
def test_whatever_the_day_every_night_sees_a_newer_release_than_the_night_before(as_of: dt.date) -> None:
    from padan.synth.nights import calendar

    nights = calendar(4, as_of)
    assert nights[0].date == as_of and all(night.release <= night.date for night in nights)
    assert all(before.release < after.release and before.date <= after.since for before, after in zip(nights, nights[1:], strict=False))


def test_the_first_night_is_the_same_however_many_follow(made: SynthResult, tmp_path: Path) -> None:
    alone = generate(tmp_path, 6000, seed=11, nights=1, as_of=AS_OF)
    both = tree(made.landing.parent)
    assert alone.nights == made.nights[:1]
    assert all(both[name] == digest for name, digest in tree(tmp_path).items())


@pytest.mark.parametrize("feed", FEEDS)
def test_few_rows_are_withdrawn_and_new_ones_come(made: SynthResult, feed: str) -> None:
    before, after = (identities(made, feed, day) for day in made.nights)
    assert len(before - after) <= 0.05 * len(before)
    assert after - before


def test_somebody_is_withdrawn_from_feeds_with_and_without_a_key(made: SynthResult) -> None:
    for feed in ("kemensos/pkh", "kpai/pengaduan", "kemensos/ppks", "kemensos/lksa_anak"):
        before, after = ({line["person"] for line in truth(made, feed, day)} for day in made.nights)
        assert before - after and after - before


def test_cells_are_corrected_and_most_rows_stay_as_they_were(made: SynthResult) -> None:
    for feed in PERSON_FEEDS:
        before, after = (contents(made, feed, day) for day in made.nights)
        kept = sum((before & after).values()) / before.total()
        assert 0.6 < kept < 1, feed
    pkh = [by_key(made, "kemensos/pkh", day) for day in made.nights]
    changed = [key for key in pkh[0] if key in pkh[1] and pkh[0][key]["nama"] != pkh[1][key]["nama"]]
    assert changed


def test_no_regency_of_ppks_vanishes(made: SynthResult) -> None:
    before, after = ({path.name for path in files(made, "kemensos/ppks", day)} for day in made.nights)
    assert before <= after


def test_cases_close_referrals_go_out_and_accreditations_are_renewed(made: SynthResult) -> None:
    def moved(feed: str, column: str, old: str, new: str) -> int:
        before, after = (by_key(made, feed, day) for day in made.nights)
        return sum(before[key][column] == old and after[key][column] == new for key in before if key in after)

    assert moved("kemensos/atensi", "status", "BERJALAN", "SELESAI") > 0
    assert moved("kpai/pengaduan", "status", "PROSES", "TERMINASI") > 0
    assert moved("kpai/pengaduan", "status", "PROSES", "DIRUJUK") > 0
    assert moved("kpai/pengawasan", "status", "TERBUKA", "SELESAI") > 0
    assert moved("ditjenpas/abh", "tahap", "PENYIDIKAN", "PENUNTUTAN") > 0
    before, after = (by_key(made, "kemensos/lks", day) for day in made.nights)
    assert sum(before[key]["tanggal_akhir"] != after[key]["tanggal_akhir"] for key in before) > 2


def test_residents_leave(made: SynthResult) -> None:
    def open_stays(day: dt.date) -> set[tuple[str, str]]:
        rows, known = frame(made, "kemensos/lksa_anak", day), truth(made, "kemensos/lksa_anak", day)
        return {(line["person"], row["tanggal_masuk"]) for row, line in zip(rows, known, strict=True) if not row["tanggal_keluar"]}

    def left(day: dt.date) -> set[tuple[str, str]]:
        rows, known = frame(made, "kemensos/lksa_anak", day), truth(made, "kemensos/lksa_anak", day)
        return {(line["person"], row["tanggal_masuk"]) for row, line in zip(rows, known, strict=True) if row["tanggal_keluar"]}

    assert open_stays(made.nights[0]) & left(made.nights[1])


def test_the_second_release_moves_families_and_people(made: SynthResult) -> None:
    people = [pl.read_parquet(files(made, "dtsen/anggota", day)[0]) for day in made.releases]
    families = [pl.read_parquet(files(made, "dtsen/keluarga", day)[0]) for day in made.releases]
    niks = [set(frame["nik"].drop_nulls()) - {"0000000000000000"} for frame in people]
    births = people[1].filter(pl.col("tanggal_lahir") > made.releases[0])
    assert len(births) > 5 and births["id_hub_kepala_keluarga"].unique().to_list() == [3]
    assert 0.002 < len(niks[0] - niks[1]) / len(niks[0]) < 0.03
    assert 0.002 < len(niks[1] - niks[0]) / len(niks[1]) < 0.05
    both = families[0].join(families[1], on="id_keluarga", suffix="_baru")
    assert 0.05 < (both["desil_nasional_keluarga"] != both["desil_nasional_keluarga_baru"]).mean() < 0.20
    assert 0.005 < (both["kode_kecamatan"] != both["kode_kecamatan_baru"]).mean() < 0.04
    assert 0.005 < 1 - len(both) / len(families[0]) < 0.05
    persons = people[0].join(people[1], on="nik", suffix="_baru")
    assert (persons["id_keluarga"] != persons["id_keluarga_baru"]).sum() > 10


def test_the_truth_of_a_night_follows_that_nights_release(made: SynthResult) -> None:
    held = [{line["person"]: line for line in truth(made, "kemensos/pkh", day)} for day in made.nights]
    both = held[0].keys() & held[1].keys()
    assert any(held[0][p]["in_dtsen"] != held[1][p]["in_dtsen"] for p in both)
    assert any(held[0][p]["id_keluarga"] != held[1][p]["id_keluarga"] for p in both)
    assert all(held[0][p]["nik"] == held[1][p]["nik"] for p in both)
