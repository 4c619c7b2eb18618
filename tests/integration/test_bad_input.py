"""Bad deliveries are refused one by one with one clear line; the others go on, and the night publishes."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, RanNight, run_night

REFUSED = {
    "kemensos/pkh": "kolom_wajib_tidak_ada",
    "kemensos/ppks": "manifest_tak_cocok",
    "kemensos/rumah_aman": "berkas_kosong",
    "kemensos/peksos": "berkas_rusak",
}


def _delivery(landing: Path, feed: str) -> Path:
    return min((landing / feed).iterdir())


def _data_file(folder: Path) -> Path:
    return min(path for path in folder.iterdir() if path.name != "MANIFEST.sha256")


def _without_manifest(folder: Path) -> Path:
    (folder / "MANIFEST.sha256").unlink(missing_ok=True)
    return _data_file(folder)


@pytest.fixture(scope="module")
def broken_night(small_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    landing = tmp_path_factory.mktemp("broken") / "landing"
    shutil.copytree(small_landing / "landing", landing)
    pkh = _without_manifest(_delivery(landing, "kemensos/pkh"))
    pkh.write_bytes(pkh.read_bytes().replace(b"STATUS_SALUR", b"STATUS_BAYAR", 1))
    ppks = _data_file(_delivery(landing, "kemensos/ppks"))
    ppks.write_bytes(ppks.read_bytes() + b"\n")
    _without_manifest(_delivery(landing, "kemensos/rumah_aman")).write_bytes(b"")
    _without_manifest(_delivery(landing, "kemensos/peksos")).write_bytes(b"PK\x03\x04 not a workbook")
    unknown = landing / "kemensos" / "feed_asing" / "2026-11-23"
    unknown.mkdir(parents=True)
    (unknown / "a.csv").write_text("A;B\n1;2\n")
    return run_night(landing, landing.parent / "home", AS_OF)


def test_the_night_publishes_and_ends_with_2(broken_night: RanNight) -> None:
    assert broken_night.exit_code == 2, broken_night.stderr[-3000:]
    assert (broken_night.home / "serving" / "current" / "publik" / "padan.duckdb").exists()


@pytest.mark.parametrize("feed", sorted(REFUSED))
def test_each_bad_delivery_is_refused_with_one_line_that_names_the_rule(broken_night: RanNight, feed: str) -> None:
    agency, name = feed.split("/")
    with broken_night.warehouse() as con:
        refusals = con.execute(
            "SELECT DISTINCT rule, reason FROM ledger.taken WHERE agency = ? AND feed = ? AND outcome = 'refused'", [agency, name]
        ).fetchall()
    assert [rule for rule, _ in refusals] == [REFUSED[feed]]
    reason = refusals[0][1]
    assert feed in reason
    assert "\n" not in reason
    assert f"DITOLAK {feed}" in broken_night.stdout


def test_the_unknown_folder_is_named(broken_night: RanNight) -> None:
    assert "kemensos/feed_asing" in broken_night.stdout


def test_the_other_feeds_go_on_and_nothing_of_the_refused_ones_is_lost(broken_night: RanNight) -> None:
    with broken_night.warehouse() as con:
        accepted = {
            f"{a}/{f}" for a, f in con.execute("SELECT DISTINCT agency, feed FROM ledger.delivery WHERE status = 'accepted'").fetchall()
        }
        refused = con.execute("SELECT DISTINCT sha256 FROM ledger.delivery WHERE status = 'refused' AND sha256 IS NOT NULL").fetchall()
    assert {"kpai/pengaduan", "ditjenpas/abh", "dtsen/anggota"} <= accepted
    assert refused
    assert all((broken_night.home / "archive" / sha).exists() for (sha,) in refused)


def test_an_indicator_of_a_feed_that_never_came_is_null_and_not_zero(broken_night: RanNight) -> None:
    with duckdb.connect(str(broken_night.home / "warehouse" / "padan.duckdb"), read_only=True) as con:
        kinds = con.execute(
            "SELECT DISTINCT value IS NULL FROM marts.indicator JOIN marts.indicator_definition USING (indicator_code) "
            "WHERE tingkat = 'nasional' AND nama ILIKE '%rumah aman%'"
        ).fetchall()
    assert kinds == [(True,)]
