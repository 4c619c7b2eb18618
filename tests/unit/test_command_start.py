"""What the command line brings with it before it knows which command it is to be."""

from __future__ import annotations

import subprocess
import sys

#: Each takes longer to import than a short command runs.
HEAVY = ("pandera", "pandas", "polars", "splink", "great_expectations", "dagster", "dbt", "openpyxl")


def test_a_command_starts_without_the_libraries_of_a_night() -> None:
    told = f"import pipelines.cli, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    started = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == "[]"
