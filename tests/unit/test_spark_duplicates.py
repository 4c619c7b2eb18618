"""Whole-register deduplication on Spark, on a small invented register."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from linkage_world import built, child, crowd, home_of, warehouse

from padan.config import PersonPolicy
from padan.linkage.workspace import workspace

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed (spark-requirements.lock)"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
]


def test_the_register_against_itself_finds_who_is_held_twice_and_not_brothers(tmp_path: Path) -> None:
    from padan.linkage.spark.duplicates import find_duplicates
    from padan.linkage.spark.engine import cluster

    mother = {"nama_ibu": "RAHAYU NINGSIH"}
    twice = [
        child(1, "YUSUF HABIBIE ANWAR", "2013-04-19", **mother),
        # as his grandparents' family registered him, under another NIK
        child(2, "YUSUF HABIBI ANWAR", "2013-04-19", **mother, nik="3273011904130777"),
    ]
    brothers = [
        child(3, "GALANG HABIBIE ANWAR", "2011-04-19", **mother, id_keluarga="K-00001"),
        child(4, "YUSRA HABIBIE ANWAR", "2013-04-19", **mother, id_keluarga="K-00001", jenis_kelamin="2"),
    ]
    release = built(home_of(tmp_path / "home"), [*twice, *brothers, *crowd(400)])
    with cluster(release, "local[2]", tmp_path) as spark, workspace(warehouse([]), release.path) as (work, _):
        found = find_duplicates(work, spark, PersonPolicy(), tmp_path / "duplicates.parquet")
        names = work.execute(
            f"""SELECT list_sort([a.nik, b.nik]) FROM read_parquet('{found.path}') d
            JOIN chosen a ON a.register_id = d.register_id JOIN chosen b ON b.register_id = d.register_id_lain"""
        ).fetchall()
    assert found.compared > 1
    assert names == [(sorted([twice[0]["nik"], twice[1]["nik"]]),)]
    assert found.path.stat().st_mode & 0o077 == 0
