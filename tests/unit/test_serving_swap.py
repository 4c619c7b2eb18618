from __future__ import annotations

import json
from pathlib import Path

import pytest

from padan.errors import Defect
from padan.serving.swap import MANIFEST, STABLE, discard, point, pointed, prune, published_runs, seal, sweep


def run(serving: Path, name: str, at: str) -> None:
    (serving / name).mkdir(parents=True)
    (serving / name / MANIFEST).write_text(json.dumps({"published_at": at}))


@pytest.fixture
def serving(tmp_path: Path) -> Path:
    for n in range(1, 6):
        run(tmp_path, f"run-{n}", f"2026-11-0{n}T01:00:00+00:00")
    return tmp_path


def test_old_runs_go_and_the_newest_stay(serving: Path) -> None:
    point(serving, "run-5")
    assert prune(serving, keep=2) == ["run-3", "run-2", "run-1"]
    assert published_runs(serving) == ["run-5", "run-4"]


def test_the_pinned_run_and_the_one_in_force_never_go(serving: Path) -> None:
    point(serving, "run-2")
    point(serving, "run-1", STABLE)
    prune(serving, keep=2)
    assert published_runs(serving) == ["run-5", "run-4", "run-2", "run-1"]


def test_a_rollback_points_to_an_earlier_run(serving: Path) -> None:
    point(serving, "run-5")
    point(serving, "run-4")
    assert pointed(serving) == "run-4"
    assert (serving / "current" / MANIFEST).is_file()


def test_a_run_without_a_manifest_cannot_be_put_in_force(serving: Path) -> None:
    point(serving, "run-5")
    (serving / "half").mkdir()
    with pytest.raises(Defect):
        point(serving, "half")
    assert pointed(serving) == "run-5"


def test_the_run_in_force_is_never_discarded(serving: Path) -> None:
    point(serving, "run-5")
    with pytest.raises(Defect):
        discard(serving / "run-5")
    assert (serving / "run-5").is_dir()


def test_what_a_dead_publisher_left_is_swept(serving: Path) -> None:
    (serving / ".build-run-6" / "kpai").mkdir(parents=True)
    (serving / ".current").symlink_to("run-5")
    sweep(serving)
    assert not list(serving.glob(".*"))
    assert len(published_runs(serving)) == 5


def test_a_sealed_folder_is_read_only(serving: Path) -> None:
    seal(serving / "run-1")
    assert (serving / "run-1" / MANIFEST).stat().st_mode & 0o777 == 0o440
