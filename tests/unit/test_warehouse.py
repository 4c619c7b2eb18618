"""What an operator is told when DuckDB fails: the kind of failure and what to do, never what DuckDB quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from padan.config import Machine
from padan.errors import Defect
from padan.home import Home
from padan.warehouse import MORE_ROOM, connect

SECRET = "SITI AMINAH 3273054107140003"


def fails(folder: Path, statement: str, memory: str = "1GB") -> Defect:
    with pytest.raises(Defect) as told, connect(Home(folder).prepare(), Machine(memory_limit=memory)) as con:
        con.execute(statement)
    assert "SITI" not in str(told.value)
    assert told.value.__cause__ is None
    return told.value


def test_a_step_that_finds_no_room_says_so_and_what_to_do(tmp_path: Path) -> None:
    told = fails(tmp_path, f"SELECT list('{SECRET}' || range ORDER BY range DESC) FROM range(3000000)", memory="30MB")
    assert "OutOfMemoryException" in told.what
    assert told.todo == MORE_ROOM


def test_any_other_failure_of_duckdb_is_named_and_leads_to_the_vault(tmp_path: Path) -> None:
    told = fails(tmp_path, f"SELECT CAST('{SECRET}' AS INTEGER)")
    assert "ConversionException" in told.what
    assert "--debug" in told.todo
