"""The sample deliveries as they lie: all 13 feeds accepted, every row accounted for, source rows those of the truth."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from landed import Desk, desk

from padan.intake.outcome import FeedIntake
from schemas.extracts import contracts

ROWS = {
    "ditjenpas/abh": 204, "dtsen/anggota": 27_653, "dtsen/keluarga": 9_121, "kemensos/atensi": 488, "kemensos/lks": 60,
    "kemensos/lksa_anak": 500, "kemensos/peksos": 90, "kemensos/pkh": 2_600, "kemensos/ppks": 894, "kemensos/rumah_aman": 15,
    "kemensos/yapi": 380, "kpai/pengaduan": 620, "kpai/pengawasan": 120,
}  # fmt: skip


@pytest.fixture(scope="module")
def taken(contoh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, FeedIntake]]]:
    with desk(tmp_path_factory.mktemp("contoh")) as office:
        from padan.intake.feed import take_feed
        from padan.intake.tables import prepare

        prepare(office.con, dt.date(2026, 11, 24))
        context = replace(office.context(), landing=contoh / "landing")
        yield office, {path: take_feed(context, contract) for path, contract in contracts().items()}


@pytest.mark.parametrize("feed", sorted(ROWS))
def test_every_feed_is_accepted_with_every_row(taken: tuple[Desk, dict[str, FeedIntake]], feed: str) -> None:
    intake = taken[1][feed]
    assert [d.status for d in intake.deliveries] == ["accepted"] and intake.refused == () and intake.questions == ()
    assert (intake.received, intake.accepted, intake.quarantined, intake.duplicates) == (ROWS[feed], ROWS[feed], 0, 0)
    assert "jumlah_di_kaki_berbeda" not in intake.deliveries[0].notes and "tanpa_manifest" not in intake.deliveries[0].notes


@pytest.mark.parametrize(
    ("feed", "key"),
    [("kemensos/pkh", "id_pkh"), ("kemensos/atensi", "no_kasus"), ("ditjenpas/abh", "no_litmas")],
)
def test_source_rows_are_those_of_the_truth(taken: tuple[Desk, dict[str, FeedIntake]], contoh: Path, feed: str, key: str) -> None:
    with (contoh / "truth" / f"{feed.replace('/', '.')}.csv").open(encoding="utf-8", newline="") as file:
        truth = {(int(r["source_row"]), r["row_key"]) for r in csv.DictReader(file)}
    assert set(taken[0].in_force(feed, f"source_row, {key}")) == truth


def test_a_record_has_an_identity_of_its_own(taken: tuple[Desk, dict[str, FeedIntake]]) -> None:
    office, _ = taken
    for path, contract in contracts().items():
        if not contract.feed.is_register:
            ids = [r[0] for r in office.in_force(path, "record_id")]
            assert len(set(ids)) == len(ids) == ROWS[path]


def test_the_register_rows_are_in_the_release_and_not_in_the_warehouse(taken: tuple[Desk, dict[str, FeedIntake]]) -> None:
    office, _ = taken
    with duckdb.connect(str(office.home.register / "2026-10-01" / "delivered.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*), count(DISTINCT source_row) FROM raw.dtsen__anggota").fetchall() == [(27_653, 27_653)]
        assert con.execute("SELECT count(*) FROM raw.dtsen__keluarga").fetchall() == [(9_121,)]
