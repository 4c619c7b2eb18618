"""dbt's cursor, without what DuckDB quotes of a cell: it would go to dbt's log, its artefacts and the terminal."""

from __future__ import annotations

from typing import Any

import duckdb
from dbt.adapters.duckdb.environments import local
from dbt_common.exceptions import DbtRuntimeError

from padan.warehouse import text_without_values


class CleanCursor(local.DuckDBCursorWrapper):
    """A cursor whose failures say which kind they are."""

    def execute(self, sql: str, bindings: Any = None) -> Any:
        """Run a statement.

        Raises:
            DbtRuntimeError: it failed; the message is DuckDB's only where it speaks of SQL.
        """
        try:
            return super().execute(sql, bindings)
        except duckdb.Error as error:
            raise DbtRuntimeError(text_without_values(error)) from None


def install() -> None:
    """Let every connection of this process use it."""
    local.DuckDBCursorWrapper = CleanCursor
