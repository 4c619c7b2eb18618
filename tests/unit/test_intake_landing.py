"""The landing folder is looked at cheaply, and its fingerprint changes only when something in it does."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from padan.errors import InputRefused
from padan.intake.archive import Archive
from padan.intake.landing import fingerprint, scan, shown

NIGHT = dt.date(2026, 11, 24)


def deliver(landing: Path, where: str, text: str = "x") -> Path:
    path = landing / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_fingerprint_is_of_names_sizes_and_times(tmp_path: Path) -> None:
    path = deliver(tmp_path, "kemensos/pkh/2026-11-23/a.csv")
    before = fingerprint(scan(tmp_path, NIGHT))
    assert fingerprint(scan(tmp_path, NIGHT)) == before
    os.utime(path, ns=(1, 1))
    touched = fingerprint(scan(tmp_path, NIGHT))
    path.write_text("xy")
    os.utime(path, ns=(1, 1))
    grown = fingerprint(scan(tmp_path, NIGHT))
    path.rename(path.with_name("b.csv"))
    renamed = fingerprint(scan(tmp_path, NIGHT))
    assert len({before, touched, grown, renamed}) == 4


def test_deliveries_after_the_as_of_date_and_what_systems_leave_behind_are_not_there(tmp_path: Path) -> None:
    deliver(tmp_path, "kemensos/pkh/2026-11-24/a.csv")
    seen = fingerprint(scan(tmp_path, NIGHT))
    for where in ("kemensos/pkh/2026-11-25/b.csv", "kemensos/pkh/2026-11-24/.DS_Store", "kemensos/pkh/2026-11-24/~$a.xlsx", ".git/x"):
        deliver(tmp_path, where)
    assert fingerprint(scan(tmp_path, NIGHT)) == seen
    assert [f.name for d in scan(tmp_path, NIGHT).deliveries for f in d.files] == ["a.csv"]


@pytest.mark.parametrize("folder", ["20261123", "2026-13-01", "2026-1-1", "terbaru", "2026-11-23 (2)"])
def test_a_folder_that_is_no_date_is_refused(tmp_path: Path, folder: str) -> None:
    deliver(tmp_path, f"kemensos/pkh/{folder}/a.csv")
    assert [r.rule for r in scan(tmp_path, NIGHT).refusals_of("kemensos/pkh")] == ["folder_bukan_tanggal"]


def test_looking_at_the_landing_imports_nothing_slow() -> None:
    code = (
        "import sys; import padan.intake.landing, padan.ledger; "
        "print([m for m in ('dagster', 'pandera', 'polars', 'pyarrow', 'duckdb', 'schemas.extracts') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_landing_folder_holds_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path / "tidak ada", NIGHT).deliveries == ()


def test_a_delivery_is_settled_by_its_manifest_or_by_ten_quiet_minutes(tmp_path: Path) -> None:
    path = deliver(tmp_path, "kemensos/pkh/2026-11-23/a.csv")
    now = dt.datetime.now(dt.UTC)
    (day,) = scan(tmp_path, NIGHT).deliveries
    assert not day.settled(now) and day.settled(now + dt.timedelta(minutes=11))
    deliver(tmp_path, "kemensos/pkh/2026-11-23/MANIFEST.sha256")
    (day,) = scan(tmp_path, NIGHT).deliveries
    assert day.settled(now) and [f.name for f in day.files] == [path.name]


def test_a_name_is_shown_on_one_line() -> None:
    assert shown("a\nb\u202ec\x00.csv") == "a?b?c?.csv"


def test_the_archive_keeps_each_content_once_read_only(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    one, two = deliver(tmp_path, "a/x.csv", "isi"), deliver(tmp_path, "b/y.csv", "isi")
    kept = [Archive(archive, archive).store(one), Archive(archive, archive).store(two), Archive(archive, archive).store(one)]
    assert len(set(kept)) == 1 and [p.name for p in archive.iterdir()] == [kept[0].sha256]
    assert kept[0].path.read_text() == "isi" and kept[0].path.stat().st_mode & 0o777 == 0o400


def test_the_archive_replaces_what_a_killed_copy_left_and_opens_no_link(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    path = deliver(tmp_path, "x.csv", "isi")
    kept = Archive(archive, archive).store(path)
    kept.path.unlink()
    (archive / f".{kept.sha256}.part").write_text("sep")
    assert Archive(archive, archive).store(path).path.read_text() == "isi" and len(list(archive.iterdir())) == 1
    (tmp_path / "l.csv").symlink_to(path)
    with pytest.raises(InputRefused):
        Archive(archive, archive).store(tmp_path / "l.csv")
