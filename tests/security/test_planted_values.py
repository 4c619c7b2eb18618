"""No value of a person leaves the vault: planted names and numbers are searched in everything else that a night leaves.

The night has planted rows that are linked, quarantined, and in a refused delivery; what is searched: Dagster's storage, dbt's
artefacts and logs, Great Expectations' results, the report, the served files (opened, since they are compressed), and the terminal.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
from hostile import NAMES, PLANTED
from nights import RanNight, padan

from padan.keys import load_password
from padan.workbook import opened

VAULT = {"archive", "warehouse", "register", "keys", "returns", "review", "tmp"}


def _outside_the_vault(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        if path.is_file() and path.relative_to(home).parts[0] not in VAULT:
            yield path


def _spellings(value: str) -> set[bytes]:
    plain = value.encode()
    hashed = {hashlib.new(name, word).hexdigest().encode() for name in ("md5", "sha1", "sha256") for word in (plain, plain.lower())}
    return {plain, plain.lower(), plain.title(), plain.hex().encode(), base64.b64encode(plain), value.encode("utf-16-le"), *hashed}


def _contents(path: Path) -> bytes:
    """What the file says: a pack or a workbook is opened, since it is compressed, and one with a password is decrypted."""
    content: Path | io.BytesIO = path
    if path.suffix == ".xlsx" and "returns" in path.parts:
        agency = path.parts[path.parts.index("returns") + 1]
        keys = Path(*path.parts[: path.parts.index("returns")]) / "keys"
        content = io.BytesIO(opened(path, load_password(keys, f"returns-{agency}")))
    if not zipfile.is_zipfile(content):
        return path.read_bytes()
    with zipfile.ZipFile(content) as pack:
        return b"\n".join(pack.read(name) for name in pack.namelist())


def _assert_none_holds_a_planted_value(paths: Iterable[Path], root: Path) -> int:
    needles = [(value, needle) for value in PLANTED for needle in _spellings(value)]
    searched = list(paths)
    for path in searched:
        content = _contents(path)
        found = [PLANTED.index(value) for value, needle in needles if needle in content]
        assert not found, f"{path.relative_to(root)} holds planted value no. {found}"
    return len(searched)


def test_the_planted_rows_were_really_there(hostile_night: RanNight) -> None:
    assert hostile_night.exit_code == 2, hostile_night.stderr[-3000:]
    with hostile_night.warehouse() as con:
        linked = con.execute(
            "SELECT count(*) FROM intermediate.int_person__standardized WHERE nama IN (SELECT unnest(?))", [list(NAMES)]
        ).fetchall()
        aside = con.execute("SELECT count(*) FROM quality.quarantine WHERE contains(raw, ?)", [NAMES[2]]).fetchall()
    assert linked[0][0] >= 2
    assert aside[0][0] >= 2


def test_no_planted_value_is_in_a_file_outside_the_vault(hostile_night: RanNight) -> None:
    assert _assert_none_holds_a_planted_value(_outside_the_vault(hostile_night.home), hostile_night.home) > 50


def test_no_planted_value_is_in_what_an_auditor_carries_away(hostile_night: RanNight, tmp_path: Path) -> None:
    copy, paper = tmp_path / "auditor", tmp_path / "auditor" / "kertas.xlsx"
    assert padan("audit", "export", copy, "--home", hostile_night.home).returncode == 0
    assert padan("audit", "sample", "-n", "2000", "--home", hostile_night.home, "--out", paper).returncode == 0
    assert any(path.name == "evidence.zip" for path in copy.rglob("*"))
    assert _assert_none_holds_a_planted_value((path for path in copy.rglob("*") if path.is_file()), copy) > 8


def test_a_card_of_one_agency_names_no_planted_value_of_another(hostile_night: RanNight) -> None:
    """Planted rows are Kemensos' own; nobody else's card may hold them."""
    cards = [path for path in (hostile_night.home / "returns").rglob("*.*") if path.is_file() and "kemensos" not in path.parts]
    assert _assert_none_holds_a_planted_value(cards, hostile_night.home) >= 2


def test_no_planted_value_is_in_a_cell_of_a_served_file(hostile_night: RanNight) -> None:
    files = list((hostile_night.home / "serving").rglob("*.duckdb"))
    assert files
    for path in files:
        with duckdb.connect(str(path), read_only=True) as con:
            for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                cells = con.execute(
                    f'SELECT count(*) FROM {schema}."{table}" t WHERE len(list_filter(?, lambda v: contains(upper(t::VARCHAR), v))) > 0',
                    [list(PLANTED)],
                ).fetchall()
                assert cells == [(0,)], f"{path.parent.name}: {schema}.{table}"


def test_the_terminal_shows_no_planted_value(hostile_night: RanNight) -> None:
    said = (hostile_night.stdout + hostile_night.stderr).upper()
    assert not [index for index, value in enumerate(PLANTED) if value in said]
