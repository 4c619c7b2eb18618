"""What several commands of `padan` ask for: the home, the day, where the project's settings are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import ConfigError

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_HOME = PROJECT / ".padan"

HomeOption = Annotated[Path, typer.Option("--home", envvar="PADAN_HOME", help="folder instalasi (gudang data, terbitan, laporan)")]
DateOption = Annotated[str | None, typer.Option("--date", help="tanggal acuan YYYY-MM-DD; bawaan: hari ini di Jakarta")]


def parsed_date(text: str, option: str) -> dt.date:
    """A date as it was typed.

    Raises:
        ConfigError: it is not YYYY-MM-DD.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} bukan tanggal YYYY-MM-DD.", todo=f"Contoh: {option} 2026-11-24.") from None


def as_of_date(text: str | None) -> dt.date:
    """The day as typed, or today in Jakarta."""
    from pipelines.clock import today

    return today() if text is None else parsed_date(text, "--date")
