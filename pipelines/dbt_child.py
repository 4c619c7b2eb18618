"""dbt as the night starts it: it ends when the night's process does, and no message of the database with a cell in it leaves it."""

from __future__ import annotations

import sys
from typing import Any

import duckdb
from dbt.adapters.duckdb.environments import local
from dbt_common.exceptions import DbtRuntimeError

from padan.processes import die_with_parent
from padan.warehouse import text_without_values


class CleanCursor(local.DuckDBCursorWrapper):
    """dbt's cursor: what DuckDB says of a failure would go to dbt's log, its artefacts and the terminal."""

    def execute(self, sql: str, bindings: Any = None) -> Any:
        """Run a statement.

        Raises:
            DbtRuntimeError: it failed; the message is DuckDB's only where it speaks of SQL.
        """
        try:
            return super().execute(sql, bindings)
        except duckdb.Error as error:
            raise DbtRuntimeError(text_without_values(error)) from None


def main() -> None:
    """Run dbt's own command line in this process."""
    die_with_parent()
    local.DuckDBCursorWrapper = CleanCursor
    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    cli()


if __name__ == "__main__":
    main()
