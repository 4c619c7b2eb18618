"""A newcomer adds a feed by one contract and one staging model: the example of CONTRIBUTING.md, run as it is printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, REPO

EXAMPLE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
HEADER = "NO_REG;TGL_LAPOR;NIK;NAMA;TGL_LAHIR;JK;KAB"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the example's files written into it."""
    copy = tmp_path_factory.mktemp("fourteenth") / "padan"
    ignored = shutil.ignore_patterns(".git", ".venv", ".padan", "tests", "docs", "__pycache__", ".*_cache", "target", "*.egg-info")
    shutil.copytree(REPO, copy, ignore=ignored)
    files = EXAMPLE.findall((REPO / "CONTRIBUTING.md").read_text())
    assert [name for name, _ in files if name.endswith(".py")] == ["schemas/extracts/kemenpppa.py"]
    for name, text in files:
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return copy


def _deliver_children_of_the_register(landing: Path) -> int:
    """SIMFONI rows about children whom the register holds, written from the DTSEN delivery itself."""
    source = min((landing / "dtsen" / "anggota").iterdir()) / "anggota.parquet"
    rows = duckdb.sql(
        f"""SELECT 'REG-' || row_number() OVER (ORDER BY nik), '20/11/2026', nik, nama, strftime(tanggal_lahir, '%d/%m/%Y'),
        CASE id_jenis_kelamin WHEN 1 THEN 'L' ELSE 'P' END, 'KABUPATEN BOGOR'
        FROM '{source}' WHERE regexp_full_match(nik, '[1-9][0-9]{{15}}') AND tanggal_lahir > DATE '2012-01-01' ORDER BY nik LIMIT 40"""
    ).fetchall()
    folder = landing / "kemenpppa" / "simfoni" / "2026-11-23"
    folder.mkdir(parents=True)
    (folder / "simfoni.csv").write_text("\n".join([HEADER, *(";".join(row) for row in rows)]) + "\n")
    return len(rows)


def test_the_example_is_taken_standardized_and_linked(checkout: Path, small_landing: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(small_landing / "landing", landing)
    delivered = _deliver_children_of_the_register(landing)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "run", "--landing", landing, "--home", tmp_path / "home", "--date", AS_OF.isoformat()],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with duckdb.connect(str(tmp_path / "home" / "warehouse" / "padan.duckdb"), read_only=True) as con:
        decisions = dict(con.execute("SELECT decision, count(*) FROM link.decision WHERE feed = 'simfoni' GROUP BY ALL").fetchall())
        conforming = con.execute("SELECT count(*) FROM intermediate.int_conformity WHERE feed = 'simfoni'").fetchall()[0][0]
    assert sum(decisions.values()) == delivered
    assert decisions["link"] >= 0.95 * delivered
    assert conforming > 0
    assert "kemenpppa/simfoni" in done.stdout
