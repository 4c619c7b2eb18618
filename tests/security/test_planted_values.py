"""No value of a person leaves the vault: planted names and numbers are searched in everything else that a night leaves.

The night has planted rows that are linked, quarantined, and in a refused delivery; what is searched: Dagster's storage, dbt's
artefacts and logs, Great Expectations' results, the report, the served files (opened, since they are compressed), and the terminal.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from hostile import NAMES, PLANTED
from nights import RanNight, padan
from searched import assert_none_holds_a_planted_value, outside_the_vault


def test_the_planted_rows_were_really_there(hostile_night: RanNight) -> None:
    assert hostile_night.exit_code == 2, hostile_night.stderr[-3000:]
    with hostile_night.warehouse() as con:
        linked = con.execute(
            "SELECT count(*) FROM intermediate.int_person__standardized WHERE nama IN (SELECT unnest(?))", [list(NAMES)]
        ).fetchall()
        aside = con.execute("SELECT count(*) FROM quality.quarantine WHERE contains(raw, ?)", [NAMES[2]]).fetchall()
    assert linked[0][0] >= 2
    assert aside[0][0] >= 2


def test_no_planted_value_is_in_a_fileoutside_the_vault(hostile_night: RanNight) -> None:
    assert assert_none_holds_a_planted_value(outside_the_vault(hostile_night.home), hostile_night.home) > 50


def test_no_planted_value_is_in_what_an_auditor_carries_away(hostile_night: RanNight, tmp_path: Path) -> None:
    copy, paper = tmp_path / "auditor", tmp_path / "auditor" / "kertas.xlsx"
    assert padan("audit", "export", copy, "--home", hostile_night.home).returncode == 0
    assert padan("audit", "sample", "-n", "2000", "--home", hostile_night.home, "--out", paper).returncode == 0
    assert any(path.name == "evidence.zip" for path in copy.rglob("*"))
    assert assert_none_holds_a_planted_value((path for path in copy.rglob("*") if path.is_file()), copy) > 8


def test_a_card_of_one_agency_names_no_planted_value_of_another(hostile_night: RanNight) -> None:
    """Planted rows are Kemensos' own; nobody else's card may hold them."""
    cards = [path for path in (hostile_night.home / "returns").rglob("*.*") if path.is_file() and "kemensos" not in path.parts]
    assert assert_none_holds_a_planted_value(cards, hostile_night.home) >= 2


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
