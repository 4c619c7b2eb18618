"""Bad deliveries are refused one by one with one clear line; the others go on, and the night publishes."""

from __future__ import annotations

import duckdb
import pytest
from hostile import REFUSED
from nights import RanNight


def test_the_night_publishes_and_ends_with_2(hostile_night: RanNight) -> None:
    assert hostile_night.exit_code == 2, hostile_night.stderr[-3000:]
    assert (hostile_night.home / "serving" / "current" / "publik" / "padan.duckdb").exists()


@pytest.mark.parametrize("feed", sorted(REFUSED))
def test_each_bad_delivery_is_refused_with_one_line_that_names_the_rule(hostile_night: RanNight, feed: str) -> None:
    agency, name = feed.split("/")
    with hostile_night.warehouse() as con:
        refusals = con.execute(
            "SELECT DISTINCT rule, reason FROM ledger.taken WHERE agency = ? AND feed = ? AND outcome = 'refused'", [agency, name]
        ).fetchall()
    assert [rule for rule, _ in refusals] == [REFUSED[feed]]
    reason = refusals[0][1]
    assert feed in reason
    assert "\n" not in reason
    assert f"DITOLAK {feed}" in hostile_night.stdout


def test_the_unknown_folder_is_named(hostile_night: RanNight) -> None:
    assert "kemensos/feed_asing" in hostile_night.stdout


def test_the_other_feeds_go_on_and_nothing_of_the_refused_ones_is_lost(hostile_night: RanNight) -> None:
    with hostile_night.warehouse() as con:
        accepted = {
            f"{a}/{f}" for a, f in con.execute("SELECT DISTINCT agency, feed FROM ledger.delivery WHERE status = 'accepted'").fetchall()
        }
        refused = con.execute("SELECT DISTINCT sha256 FROM ledger.delivery WHERE status = 'refused' AND sha256 IS NOT NULL").fetchall()
    assert {"kpai/pengaduan", "ditjenpas/abh", "dtsen/anggota"} <= accepted
    assert refused
    assert all((hostile_night.home / "archive" / sha).exists() for (sha,) in refused)


def test_an_indicator_of_a_feed_that_never_came_is_null_and_not_zero(hostile_night: RanNight) -> None:
    with duckdb.connect(str(hostile_night.home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        kinds = con.execute(
            "SELECT DISTINCT value IS NULL FROM marts.indicator JOIN marts.indicator_definition USING (indicator_code) "
            "WHERE tingkat = 'nasional' AND nama ILIKE '%rumah aman%'"
        ).fetchall()
    assert kinds == [(True,)]
