"""dbt as the night starts it: it ends when the night's process does, and no message of the database with a cell in it leaves it.

Nothing heavy is imported before the first is sure: dbt takes seconds to load, and a night may be killed within them.
"""

from __future__ import annotations

import os
import sys

from padan.processes import NIGHT_PID, die_with_parent


def main() -> None:
    """Run dbt's own command line in this process."""
    die_with_parent(int(os.environ.get(NIGHT_PID, "0")))
    from dbt.cli.main import cli

    from pipelines.dbt_cursor import install

    install()
    _parse_alike_in_every_home()
    sys.argv[0] = "dbt"
    cli()


def _parse_alike_in_every_home() -> None:
    """What was parsed for one home serves another: where a warehouse lies says nothing of what the project means."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    DuckDBCredentials._connection_keys = lambda _: ("database", "schema")


if __name__ == "__main__":
    main()
