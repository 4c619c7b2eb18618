"""A served file opened as the analysts' page says cannot be made to read or write anything else of the machine."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from nights import REPO, RanNight

ESCAPES = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/**')",
    "SELECT * FROM read_parquet('{vault}')",
    "SELECT * FROM read_json('/etc/hostname')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '{out}'",
    "COPY marts.indicator TO '{out}' (FORMAT parquet)",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{out}'",
    "ATTACH '{vault}' AS vault",
    "ATTACH '{vault}' AS vault (READ_ONLY)",
    "ATTACH '{out}' AS fresh",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "SET temp_directory = '{out}'",
    "SET home_directory = '/'",
    "SET allowed_directories = ['/']",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x')",
    "CREATE TABLE marts.mine AS SELECT 1",
    "DELETE FROM marts.indicator",
    "PRAGMA enable_profiling; PRAGMA profiling_output = '{out}'",
]


def settings_of_the_page() -> str:
    """The statements that docs/analis.md asks an analyst to begin with."""
    page = (REPO / "docs" / "analis.md").read_text()
    found = re.findall(r"^SET (?:enable_external_access|lock_configuration)[^;]*;", page, flags=re.M)
    assert len(found) == 2, "the page no longer says how to lock a reading"
    return "\n".join(found)


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_locked_reading_reaches_nothing_else(escape: str, small_night: RanNight, tmp_path: Path) -> None:
    file = small_night.home / "serving" / "current" / "publik" / "padan.duckdb"
    out = tmp_path / "out"
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute(settings_of_the_page())
        with pytest.raises(duckdb.Error):
            con.execute(escape.format(vault=small_night.home / "warehouse" / "padan.duckdb", out=out))
        assert con.execute("SELECT count(*) > 0 FROM marts.indicator").fetchall() == [(True,)]
    assert not out.exists()
