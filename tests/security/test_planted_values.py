"""No value of a person leaves the vault: planted names and numbers are searched in everything else that a night leaves.

The night has planted rows that are linked, quarantined, and in a refused delivery; what is searched: Dagster's storage, dbt's
artefacts and logs, Great Expectations' results, the report, the served files (opened, since they are compressed), and the terminal.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, RanNight, run_night

NAMES = ("ZWIQBERTA KANARIWATI", "QUXMOLANO BURUNGDARI", "VYXTHARI PLANTULASI")
NIKS = ("3273054107157713", "3273051203168817", "3204010905149917")
KKS = ("3273051203157719", "3273051203157727")
PLANTED = (*NAMES, *NIKS, *KKS)
VAULT = {"archive", "warehouse", "register", "keys", "returns", "review", "tmp"}


def _append(path: Path, *lines: str) -> None:
    (path.parent / "MANIFEST.sha256").unlink(missing_ok=True)
    encoding = "cp1252" if path.parts[-3] == "pkh" else "utf-8"
    text = path.read_bytes().decode(encoding)
    body, footer = text.rstrip("\n").split("\n"), []
    if body[-1].startswith("Jumlah"):
        footer = [body.pop()]
    path.write_bytes("\n".join([*body, *lines, *footer, ""]).encode(encoding))


def _first(landing: Path, feed: str) -> Path:
    folder = min((landing / feed).iterdir())
    return min(path for path in folder.iterdir() if path.name != "MANIFEST.sha256")


@pytest.fixture(scope="module")
def night(small_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    landing = tmp_path_factory.mktemp("planted") / "landing"
    shutil.copytree(small_landing / "landing", landing)
    _append(
        _first(landing, "kemensos/pkh"),
        f"Z1;{NIKS[1]};{NAMES[1]};{KKS[0]};{NIKS[0]};{NAMES[0]};01/07/2015;P;SD;2;2026;225.000,00;BNI;SALUR;32.73",
        f"Z2;{NIKS[1]};{NAMES[1]};{KKS[0]};{NIKS[0]};{NAMES[0]};01/07/2015;P;SD;2;2026;225.000,00;BNI;SALUR;32.73;{NAMES[2]};{KKS[1]}",
        f"Z3;{NIKS[1]};{NAMES[1]};{KKS[0]};{NIKS[0]};{NAMES[0]};31/02/2015;{NAMES[2]};{NAMES[2]};dua;{NAMES[2]};x;BNI;SALUR;{NAMES[2]}",
    )
    _append(
        _first(landing, "kemensos/lksa_anak"), f"9999,{NAMES[2]},{NAMES[1]},{NIKS[2]},{NAMES[2]},09/05/2014,L,{NAMES[1]},YATIM,{NAMES[0]},,"
    )
    refused = _first(landing, "kemensos/rumah_aman")
    (refused.parent / "MANIFEST.sha256").unlink(missing_ok=True)
    refused.write_text(f"{NAMES[0]},{NIKS[0]}\n{NAMES[1]},{NIKS[1]}\n")
    return run_night(landing, landing.parent / "home", AS_OF)


def _outside_the_vault(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        if path.is_file() and path.relative_to(home).parts[0] not in VAULT:
            yield path


def _spellings(value: str) -> set[bytes]:
    plain = value.encode()
    return {plain, plain.lower(), plain.title(), plain.hex().encode(), base64.b64encode(plain), value.encode("utf-16-le")}


def test_the_planted_rows_were_really_there(night: RanNight) -> None:
    assert night.exit_code == 2, night.stderr[-3000:]
    with night.warehouse() as con:
        linked = con.execute(
            "SELECT count(*) FROM intermediate.int_person__standardized WHERE nama IN (SELECT unnest(?))", [list(NAMES)]
        ).fetchall()
        aside = con.execute("SELECT count(*) FROM quality.quarantine WHERE contains(raw, ?)", [NAMES[2]]).fetchall()
    assert linked[0][0] >= 2
    assert aside[0][0] >= 2


def test_no_planted_value_is_in_a_file_outside_the_vault(night: RanNight) -> None:
    needles = [(value, needle) for value in PLANTED for needle in _spellings(value)]
    searched = 0
    for path in _outside_the_vault(night.home):
        content = path.read_bytes()
        searched += 1
        found = [PLANTED.index(value) for value, needle in needles if needle in content]
        assert not found, f"{path.relative_to(night.home)} holds planted value no. {found}"
    assert searched > 50


def test_no_planted_value_is_in_a_cell_of_a_served_file(night: RanNight) -> None:
    files = list((night.home / "serving").rglob("*.duckdb"))
    assert files
    for path in files:
        with duckdb.connect(str(path), read_only=True) as con:
            for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                cells = con.execute(
                    f'SELECT count(*) FROM {schema}."{table}" t WHERE len(list_filter(?, lambda v: contains(upper(t::VARCHAR), v))) > 0',
                    [list(PLANTED)],
                ).fetchall()
                assert cells == [(0,)], f"{path.parent.name}: {schema}.{table}"


def test_the_terminal_shows_no_planted_value(night: RanNight) -> None:
    said = (night.stdout + night.stderr).upper()
    assert not [index for index, value in enumerate(PLANTED) if value in said]
