"""Each indicator against a second computation, written from the definition in plain Python (marts_answers.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from marts_cells import Figure
from marts_night import rows_of
from marts_world import PERSON_FEEDS

if TYPE_CHECKING:
    from conftest import Night

KEYS = "indicator_code, periode, tingkat, kode_kemendagri, kategori, jenis_kelamin, kelompok_umur"
NATION = "tingkat = 'nasional' and jenis_kelamin = 'semua' and kelompok_umur = 'semua'"


def figures(night: Night) -> dict[tuple[str, ...], Figure]:
    """marts.indicator by its key."""
    rows = rows_of(night.warehouse, f"select {KEYS}, numerator, denominator, value, lower, upper from marts.indicator")
    return {row[:7]: row[7:] for row in rows}


def same(got: Figure, wanted: Figure) -> bool:
    """Equal counts, and equal ratios to within floating point."""
    return all((g is None) == (w is None) and (g is None or g == pytest.approx(w, abs=1e-12)) for g, w in zip(got, wanted, strict=True))


def test_every_cell_equals_the_figure_computed_from_the_definition(night: Night) -> None:
    got, wanted = figures(night), night.answers.all()

    assert sorted(got.keys() - wanted.keys()) == []
    assert sorted(wanted.keys() - got.keys()) == []
    assert [(key, got[key], wanted[key]) for key in wanted if not same(got[key], wanted[key])] == []


def test_the_worlds_give_every_indicator_that_their_feeds_allow_something_to_count(night: Night) -> None:
    needs = {
        "dtsen": {"I01", "I03", "I04", "I25", "I26", "I35"},
        "kpai/pengaduan": {"I03", "I04", "I11", "I12", "I27", "I28"},
        "kemensos/lks": {"I05", "I06", "I18", "I19", "I20", "I22"},
        "kemensos/peksos": {"I08", "I09", "I21", "I32"},
        "daftar": {"I29", "I30", "I31"},
    }
    silent = {code for feed, codes in needs.items() if not night.answers.seen(feed) for code in codes}
    counted = {key[0] for key, figure in night.answers.all().items() if figure[1]}
    assert counted == {f"I{n:02d}" for n in range(1, 36)} - silent


def test_a_feed_never_accepted_gives_null_and_the_figure_says_what_it_saw(night: Night) -> None:
    rows = rows_of(
        night.warehouse,
        f"select kategori, numerator, denominator, value, cakupan_sumber from marts.indicator where indicator_code = 'I02' and {NATION}",
    )
    assert sorted(row[0] for row in rows) == list(PERSON_FEEDS)
    for feed, *counts, sources in rows:
        seen = feed in night.world.seen
        assert sources == (feed if seen else "")
        assert (counts == [None, None, None]) == (not seen)


def test_every_indicator_has_one_owner_and_one_definition(night: Night) -> None:
    rows = rows_of(night.warehouse, "select indicator_code, pemilik from marts.indicator_definition order by 1")
    assert [code for code, _ in rows] == [f"I{n:02d}" for n in range(1, 36)]
    assert all(owner.startswith("team:") for _, owner in rows)


def test_the_aid_figure_is_named_after_the_programmes_that_were_seen(night: Night) -> None:
    names = {
        k for (k,) in rows_of(night.warehouse, "select kategori from marts.indicator where indicator_code = 'I04' and denominator > 0")
    }
    computable = night.world.dtsen and "kpai/pengaduan" in night.world.seen
    seen = "+".join(name for name in ("PKH", "YAPI") if f"kemensos/{name.lower()}" in night.world.seen)
    assert names == ({seen} if computable else set())


def test_a_child_not_found_in_dtsen_is_in_no_aid_denominator(night: Night) -> None:
    found: list[tuple[Any, ...]] = rows_of(
        night.warehouse,
        "select count(distinct person_id) from marts.kasus where agency = 'kpai' and status_padanan = 'ditemukan' and anak_saat_kejadian",
    )
    counted = rows_of(
        night.warehouse,
        f"select max(denominator) from marts.indicator where indicator_code = 'I04' and {NATION} and length(periode) = 4",
    )
    assert (counted[0][0] or 0) <= found[0][0]
    assert rows_of(night.warehouse, "select * from marts.anak where status_padanan <> 'ditemukan' and pkh_terlihat = false") == []


def test_a_national_baseline_stands_beside_the_national_figure_only(night: Night) -> None:
    rows = rows_of(night.warehouse, "select distinct indicator_code, tingkat, baseline from marts.indicator where baseline is not null")
    assert sorted(rows) == [("I06", "nasional", 0.845), ("I27", "nasional", 0.464)]


def test_the_vault_suppresses_nothing_and_names_its_run(night: Night) -> None:
    versions = {night.world.dtsen and "2026-10-01" or None}
    rows = rows_of(night.warehouse, "select distinct suppressed, run_id, cast(dtsen_versi as text) from marts.indicator")
    assert rows == [(False, "uji", *versions)]
