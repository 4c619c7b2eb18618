"""dbt as the night starts it: it ends when the night's process does, however that ended."""

from __future__ import annotations

import sys

from padan.processes import die_with_parent


def main() -> None:
    """Run dbt's own command line in this process."""
    die_with_parent()
    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    cli()


if __name__ == "__main__":
    main()
