"""A past night is performed again from the archive: the same decisions, or a plain word of what is not as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nights import AS_OF, RanNight, padan
from test_two_nights import NEXT_DAY, next_night  # noqa: F401 (a fixture)


@pytest.mark.long
def test_the_night_after_another_is_decided_alike_from_the_archive_alone(next_night: RanNight) -> None:  # noqa: F811
    """That night answered only what had changed; done again, everything is answered at once, with the same digest."""
    done = padan("rebuild", NEXT_DAY.isoformat(), "--home", next_night.home)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Sama: sidik keputusan" in done.stdout
    assert not list(next_night.home.glob("ulang-*"))


def test_a_day_without_evidence_is_refused_in_a_sentence(small_night: RanNight) -> None:
    done = padan("rebuild", "2020-01-01", "--home", small_night.home)
    assert done.returncode == 2
    assert "tidak ada bukti keputusan untuk 2020-01-01" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_archive_is_named_before_anything_runs(small_night: RanNight, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_night.home, home, symlinks=True)
    with small_night.warehouse() as con:
        digest = con.execute("SELECT sha256 FROM ledger.delivery WHERE feed = 'pkh' AND status = 'accepted'").fetchall()[0][0]
    path = home / "archive" / digest
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    done = padan("rebuild", AS_OF.isoformat(), "--home", home)
    assert done.returncode == 2
    assert digest[:12] in done.stderr
    assert not list(home.glob("ulang-*"))
