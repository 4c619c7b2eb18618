"""What several commands of `padan` ask for: the home, the day, where the project's settings are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from padan.errors import ConfigError, InputRefused
from padan.home import Home

if TYPE_CHECKING:
    import duckdb

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


@contextmanager
def vault(home: Path) -> Iterator[tuple[Home, duckdb.DuckDBPyConnection]]:
    """The home and its warehouse, open for writing, for a command that is not a night's; no night can run beside it.

    Raises:
        InputRefused: there is no warehouse.
    """
    from padan.config import load_padan
    from padan.ledger import forget_attempt
    from padan.lock import single_writer
    from padan.operations.keys import finish_rotation
    from padan.rights.rewrite import finish_rewrite
    from padan.upgrade import upgrade
    from padan.warehouse import connect

    place = Home(home.resolve())
    if not place.warehouse.exists():
        raise InputRefused("rumah_kosong", "belum ada malam di folder ini.", todo="Periksa --home, atau jalankan padan run.")
    with single_writer(place.lock):
        finish_rewrite(place.warehouse)
        with connect(place, load_padan(PROJECT / "config").machine) as con:
            upgrade(con)
            finish_rotation(con, place)
            forget_attempt(con)
            yield place, con
