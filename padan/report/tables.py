"""How the report reads the warehouse, and how it writes a number: what a night did not reach is absent, never guessed."""

from __future__ import annotations

from typing import Any

import duckdb

Row = tuple[Any, ...]


def there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the night reached `schema.table`."""
    found = con.execute("SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", table.split(".")).fetchone()
    return found is not None


def rows(con: duckdb.DuckDBPyConnection, table: str, query: str, *parameters: object) -> list[Row]:
    """The query's rows; none where `table` is not there."""
    return con.execute(query, list(parameters)).fetchall() if there(con, table) else []


def number(value: object) -> str:
    """As Indonesians write it: 1.234 and 0,57; a dash where there is none; what is no number stays as it is."""
    if value is None:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(value: float | None, digits: int = 1) -> str:
    """A share as a percentage, with a comma."""
    return "–" if value is None else f"{value:.{digits}%}".replace(".", ",")
