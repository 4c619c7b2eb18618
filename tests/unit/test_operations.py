"""Between nights: the doctor finds what is wrong, a rollback takes one step, a backup comes back whole or not at all."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest
from served_marts import PLANTED, make_home
from typer.testing import CliRunner

from padan.config import Machine, PadanConfig, load_linkage
from padan.errors import ConfigError, Defect, GateFailed
from padan.home import Home
from padan.ledger import create_tables
from padan.linkage.basis import basis_of
from padan.night import code_version
from padan.operations.backup import MANIFEST, back_up, restore
from padan.operations.doctor import Finding, examine
from padan.serving import current_run, point, publish, published_runs
from padan.warehouse import connect
from pipelines.cli import app

PROJECT = Path(__file__).parents[2]
AS_OF, NOW = dt.date(2026, 11, 24), dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)
WHY = ["--reason", "surat tugas 12/2026"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two publications; tests change copies of it."""
    home = make_home(tmp_path_factory.mktemp("made") / "home")
    with duckdb.connect(str(home.warehouse)) as con:
        create_tables(con)
        for run in ("night-1", "night-2"):
            publish(con, home, PadanConfig(), run_id=run, as_of=AS_OF, versions={})
    return home.root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(made, tmp_path / "home", symlinks=True))


def found(home: Home) -> dict[str, Finding]:
    return {one.question: one for one in examine(home, PROJECT, PadanConfig(), AS_OF)}


def test_a_sound_home_is_sound(home: Home) -> None:
    states = {question: one.state for question, one in found(home).items()}
    assert states["versi"] == states["hak akses"] == states["kunci rahasia"] == states["terbitan"] == states["kunci malam"] == "baik"
    assert "rusak" not in states.values()


def test_a_night_that_will_answer_every_record_again_is_foretold(home: Home) -> None:
    assert "jawaban padanan" not in found(home)
    basis = basis_of(None, load_linkage(PROJECT / "config").person)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS link")
        con.execute("CREATE TABLE link.memory AS SELECT i AS record_id, ? AS basis FROM range(3) r (i)", [basis.digest])
    told = found(home)["jawaban padanan"]
    assert (told.state, told.answer, told.todo) == ("baik", "3 dari 3 tetap berlaku", "")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE link.memory SET basis = 'lain'")
    told = found(home)["jawaban padanan"]
    assert (told.state, told.answer) == ("perhatikan", "0 dari 3 tetap berlaku")
    assert "malam pertama" in told.todo


def test_an_empty_home_says_what_to_do_and_nothing_is_made(tmp_path: Path) -> None:
    answers = found(Home(tmp_path / "none"))
    assert answers["malam terakhir"].todo == "padan run"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("part", ["warehouse", "keys", "returns"])
def test_an_open_vault_is_found(home: Home, part: str) -> None:
    (home.root / part).chmod(0o755)
    assert found(home)["hak akses"].state == "rusak"
    assert part in found(home)["hak akses"].answer


def test_an_open_or_broken_key_is_found(home: Home) -> None:
    key = next(home.keys.glob("*.key"))
    key.chmod(0o644)
    assert found(home)["kunci rahasia"].state == "rusak"
    key.chmod(0o600)
    key.write_text("bukan kunci")
    assert "rusak" in found(home)["kunci rahasia"].answer


def test_a_publication_that_lost_a_file_is_found(home: Home) -> None:
    folder = home.serving / "night-2" / "publik"
    (folder / "padan.duckdb").unlink()
    assert found(home)["terbitan"].state == "rusak"


def test_what_is_unfinished_is_told(home: Home) -> None:
    (home.serving / ".build-x").mkdir()
    assert found(home)["sisa pekerjaan"].state == "perhatikan"


def test_no_answer_holds_a_value_of_a_person(home: Home) -> None:
    told = str(found(home)).upper()
    assert not [value for value in PLANTED if value in told]


def test_a_rollback_takes_one_step_is_kept_and_can_be_undone(home: Home) -> None:
    done = CliRunner().invoke(app, ["rollback", "--home", str(home.root), *WHY])
    assert done.exit_code == 0, done.output
    assert current_run(home) == "night-1"
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        assert con.execute("SELECT record_id, other_id FROM ledger.access").fetchall() == [("terbitan night-1", "night-2")]
    assert CliRunner().invoke(app, ["rollback", "night-2", "--home", str(home.root), *WHY]).exit_code == 0
    assert current_run(home) == "night-2"


@pytest.mark.parametrize("arguments", [["night-9", *WHY], ["night", *WHY], ["night-2", *WHY], []])
def test_a_rollback_to_nowhere_changes_nothing(home: Home, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["rollback", "--home", str(home.root), *arguments]).exit_code != 0
    assert current_run(home) == "night-2"
    assert len(published_runs(home.serving)) == 2


def test_a_backup_comes_back_as_it_was(home: Home, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "disk", tmp_path / "safe", NOW)
    assert (made.folder.stat().st_mode & 0o777) == 0o700
    assert not (made.folder / "keys").exists(), "keys lie apart"
    back = Home(tmp_path / "again")
    restore(made.folder, tmp_path / "safe" / made.folder.name, back)
    for part in ("warehouse", "serving", "keys"):
        for path in (home.root / part).rglob("*"):
            if path.is_file():
                assert (back.root / path.relative_to(home.root)).read_bytes() == path.read_bytes()
    assert current_run(back) == "night-2"
    assert found(back)["hak akses"].state == "baik"
    with duckdb.connect(str(back.warehouse)) as con:
        publish(con, back, PadanConfig(), run_id="night-3", as_of=AS_OF, versions={})
        point(back.serving, "night-1")


@pytest.mark.parametrize("harm", ["changed", "missing", "no manifest"])
def test_a_backup_that_was_harmed_is_refused_and_leaves_nothing(home: Home, tmp_path: Path, harm: str) -> None:
    made = back_up(home, tmp_path / "disk", None, NOW)
    file = made.folder / "warehouse" / "padan.duckdb"
    if harm == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    else:
        (file if harm == "missing" else made.folder / MANIFEST).unlink()
    with pytest.raises((GateFailed, ConfigError)):
        restore(made.folder, None, Home(tmp_path / "again"))
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".again*"))


def test_nothing_is_restored_over_a_home(home: Home, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "disk", None, NOW)
    with pytest.raises(ConfigError):
        restore(made.folder, None, home)
    assert current_run(home) == "night-2"


def test_a_backup_within_the_home_or_beside_its_keys_is_refused(home: Home, tmp_path: Path) -> None:
    for target, keys in ((home.root / "b", None), (tmp_path / "b", tmp_path / "b" / "keys"), (tmp_path / "b", home.root / "k")):
        with pytest.raises(ConfigError):
            back_up(home, target, keys, NOW)
    assert not (tmp_path / "b").exists()


def test_a_warehouse_opened_elsewhere_and_a_damaged_one_are_told_apart(tmp_path: Path) -> None:
    place = Home(tmp_path / "home").prepare()
    with connect(place, Machine()):
        pass
    hold = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('ada', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold, str(place.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        with pytest.raises(Defect, match="program lain"), connect(place, Machine()):
            pass
        other.communicate()
    place.warehouse.write_bytes(b"rusak" * 4096)
    with pytest.raises(Defect, match="rusak"), connect(place, Machine()):
        pass
    assert place.warehouse.read_bytes().startswith(b"rusak")


def test_the_version_is_the_code_that_a_report_names() -> None:
    said = CliRunner().invoke(app, ["--version"])
    assert said.exit_code == 0
    assert said.output.split() == ["padan", version("padan") + ",", "kode", code_version(PROJECT)]
