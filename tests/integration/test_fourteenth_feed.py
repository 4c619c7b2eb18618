"""A newcomer adds a feed by one contract and one staging model: the example of CONTRIBUTING.md, run as it is printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from nights import REPO, copy_project, run_night

EXAMPLE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
HEADER = "NO_REG;TGL_LAPOR;NIK;NAMA;TGL_LAHIR;JK;KAB"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the example's files written into it."""
    copy = copy_project(tmp_path_factory.mktemp("fourteenth"))
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
    night = run_night(landing, tmp_path / "home", project=checkout)
    assert night.exit_code == 0, night.stderr[-3000:]
    with night.warehouse() as con:
        decisions = dict(con.execute("SELECT decision, count(*) FROM link.decision WHERE feed = 'simfoni' GROUP BY ALL").fetchall())
        conforming = con.execute("SELECT count(*) FROM intermediate.int_conformity WHERE feed = 'simfoni'").fetchall()[0][0]
    assert sum(decisions.values()) == delivered
    assert decisions["link"] >= 0.95 * delivered
    assert conforming > 0
    assert "kemenpppa/simfoni" in night.stdout
