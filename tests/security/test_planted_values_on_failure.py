"""Planted values again, where things fail: exceptions that quote them, libraries that log them, casts that DuckDB explains with them.

Each sabotaged night is one of a copy of the project, on a copy of the hostile home; then every file outside the vault is searched.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from figures import Figures
from hostile import NAMES, NIKS, PLANTED
from nights import AS_OF, RanNight, copy_project, padan, run_night
from searched import assert_none_holds_a_planted_value, outside_the_vault, spellings

#: What a sabotaged step does: log, warn, print, and raise, each with a planted value, and with another exception each time.
PLANTED_MODULE = f"""
import logging, warnings, duckdb, polars
NAME, NIK = {NAMES[1]!r}, {NIKS[1]!r}
KINDS = [ValueError, KeyError, RuntimeError, OSError, TypeError, LookupError, ArithmeticError, UnicodeError, AssertionError, EOFError]

def fail(where):
    logging.getLogger("third.party").error("row %s of %s", NIK, NAME)
    warnings.warn(f"odd value {{NAME}}")
    print(NAME, NIK)
    number = sum(map(ord, where)) % (len(KINDS) + 2)
    if number == len(KINDS):
        duckdb.sql(f"SELECT CAST('{{NAME}}' AS INTEGER)").fetchall()
    if number == len(KINDS) + 1:
        polars.Series([NAME]).cast(polars.Int64, strict=True)
    try:
        int(NAME)
    except ValueError as cause:
        raise KINDS[number % len(KINDS)](f"{{where}}: {{NAME}} has {{NIK}}") from cause
"""
CALL = "\n    __import__('padan.planted', fromlist=['x']).fail({where})"
#: Where a night is sabotaged: file, the line after which it fails, and how many steps then fail.
STAGES = {
    "every feed": (
        "assets/intake.py",
        r"    def raw\(night[^\n]*\n        \"\"\"?[^\n]*|    def raw\(night[^\n]*",
        "'raw.' + feed.name",
        13,
    ),
    "the release": ("assets/register.py", r"def release\(.*?\n    \"\"\".*?\"\"\"", "'release'", 1),
    "the linkage": ("assets/link.py", r"def link\(.*?\n    \"\"\".*?\"\"\"", "'link'", 1),
    "its estimates": ("assets/accuracy.py", r"def linkage_accuracy\(.*?\n    \"\"\".*?\"\"\"", "'accuracy'", 1),
    "the comparison with nights before": ("assets/quality.py", r"def quality_check\(.*?\n    \"\"\".*?\"\"\"", "'quality'", 1),
    "the publication": ("assets/publish.py", r"def serving\(.*?\n    \"\"\".*?\"\"\"", "'serving'", 1),
    "the lists": ("assets/publish.py", r"def lists\(.*?\n    \"\"\".*?\"\"\"", "'lists'", 1),
    "the report": ("padan/report/page.py", r"def render\(.*?\n    \"\"\".*?\"\"\"", "'report'", 0),
}
SHORT = {"every feed"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("sabotaged"))


def copied_home(night: RanNight, folder: Path) -> Path:
    return Path(shutil.copytree(night.home, folder / "home", symlinks=True))


def failed_steps(home: Path) -> int:
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as con:
        run = con.execute("SELECT run_id FROM runs ORDER BY id DESC LIMIT 1").fetchone()[0]
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs" / f"{run}.db")) as con:
        return int(con.execute("SELECT count(*) FROM event_logs WHERE dagster_event_type = 'STEP_FAILURE'").fetchone()[0])


def assert_clean(home: Path, said: str) -> None:
    assert assert_none_holds_a_planted_value(outside_the_vault(home), home) > 50
    needles = [needle for value in PLANTED for needle in spellings(value)]
    assert not [needle for needle in needles if needle in said.encode()], said[-2000:]


@pytest.mark.parametrize("stage", [s if s in SHORT else pytest.param(s, marks=pytest.mark.long) for s in STAGES])
def test_a_step_that_fails_over_a_planted_value_leaves_none(
    stage: str, hostile_night: RanNight, project: Path, tmp_path: Path, figures: Figures
) -> None:
    file, anchor, where, steps = STAGES[stage]
    own = Path(shutil.copytree(project, tmp_path / "padan"))
    (own / "padan" / "planted.py").write_text(PLANTED_MODULE)
    text = (own / file).read_text()
    deeper = "    " if anchor.startswith("    ") else ""
    spoilt, times = re.subn(
        anchor, lambda found: found.group(0) + CALL.format(where=where).replace("\n", "\n" + deeper), text, count=1, flags=re.S
    )
    assert times == 1, "the anchor is not in the file any more"
    (own / file).write_text(spoilt)
    home = copied_home(hostile_night, tmp_path)
    night = run_night(hostile_night.landing, home, AS_OF, own)
    assert night.exit_code in (1, 3), night.stderr[-2000:]
    assert failed_steps(home) >= steps
    figures.add("failure paths searched for planted values", ">= 30", max(steps, 1))
    assert re.search("cacat program|berhenti|daftar kembali gagal", night.stderr), night.stderr[-500:]
    assert_clean(home, night.stdout + night.stderr)


@pytest.mark.long
@pytest.mark.parametrize("folder", ["staging/kemensos", "marts"])
def test_a_model_that_fails_over_a_planted_value_leaves_none(folder: str, hostile_night: RanNight, project: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(project, tmp_path / "padan"))
    model = own / "dbt_project" / "models" / folder / "spoilt.sql"
    model.write_text("select cast(nama as integer) as angka from {{ source('raw', 'kemensos__pkh__in_force') }}\n")
    home = copied_home(hostile_night, tmp_path)
    night = run_night(hostile_night.landing, home, AS_OF, own)
    assert night.exit_code in (1, 3), night.stderr[-2000:]
    assert "spoilt" in night.stderr or failed_steps(home) >= 1
    assert_clean(home, night.stdout + night.stderr)


def commands(home: Path, folder: Path) -> list[list[str | Path]]:
    """Commands that fail over something with a planted value in it."""
    bad = {
        "a.csv": f"{NAMES[0]};{NIKS[0]}\n{NAMES[1]};{NIKS[1]}\n",
        "b.csv": f"ID_PKH;NIK_PENGURUS;NAMA_PENGURUS\n1;{NIKS[0]};{NAMES[0]};{NAMES[1]}\n",
        "c.xlsx": "PK\x03\x04" + NAMES[0],
        "d.json": '[{"' + NAMES[0] + '": "' + NIKS[0],
        "e.parquet": "PAR1" + NAMES[0],
    }
    for name, text in bad.items():
        (folder / name).write_text(text)
    at: list[str | Path] = ["--home", home]
    return [
        *(["inspect", folder / name] for name in bad),
        ["inspect", folder / "b.csv", "--as", "kemensos/pkh"],
        *(["returns", "import", folder / name, *at] for name in ("a.csv", "c.xlsx")),
        ["review", "import", folder / "c.xlsx", "--kabupaten", "3273", "--by", NAMES[1], *at],
        ["why", NIKS[0], *at],
        ["why", NIKS[0], NIKS[1], *at],
        ["why", NIKS[0], "--reveal", "--reason", f"minta data {NIKS[0]}", *at],
        ["rollback", NIKS[0], "--reason", f"salah satu anak {NIKS[1]}", *at],
        ["attention", "--reason", f"anak dengan {NIKS[1]}", *at],
        ["diff", NIKS[0], NIKS[1], *at],
        ["run", "--landing", folder, "--date", f"{NIKS[0]}", *at],
        ["restore", folder, "--home", folder / "new"],
        ["verify", folder],
    ]


def test_commands_that_fail_over_a_planted_value_say_none(hostile_night: RanNight, tmp_path: Path, figures: Figures) -> None:
    home, folder = copied_home(hostile_night, tmp_path), tmp_path / "files"
    folder.mkdir()
    failed = 0
    for command in commands(home, folder):
        done = padan(*command)
        failed += done.returncode != 0
        said = (done.stdout + done.stderr).upper()
        found = [PLANTED.index(value) for value in PLANTED if value in said]
        assert not found, f"padan {command[0]} tells planted value no. {found}"
        assert "TRACEBACK" not in said
    assert failed >= 10
    figures.add("failure paths searched for planted values", ">= 30", failed + 6)
    assert_clean(home, "")
