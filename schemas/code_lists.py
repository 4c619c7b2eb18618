"""The code lists that contracts and tables answer to, read from their one home: `dbt_project/seeds/codes_<list>.csv`.

dbt loads the same files into the schema `codes`; `docs/codes.md` says where each list comes from.
Belongs here: reading a list. Does not belong here: a code itself, or a rule about typed text beyond its spelling.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"


@cache
def code_lists() -> tuple[str, ...]:
    """Names of all lists, sorted, as contracts write them in `codes=` (without `codes_`)."""
    return tuple(sorted(path.stem.removeprefix("codes_") for path in SEEDS.glob("codes_*.csv")))


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The list in file order: one mapping a row, column to text; an empty cell is the empty text.

    Raises:
        KeyError: no list has that name.
    """
    if name not in code_lists():
        raise KeyError(f"no code list {name!r}: dbt_project/seeds/codes_{name}.csv is absent")
    with (SEEDS / f"codes_{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(MappingProxyType(row) for row in csv.DictReader(file, strict=True))


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list (its column `kode`).

    Raises:
        KeyError: no list has that name, or its rows have no `kode`.
    """
    return frozenset(row["kode"] for row in rows(name))


@cache
def spellings(name: str) -> Mapping[str, str]:
    """Other texts that mean one code of the list, in capitals, to that code: its name, where no other row has it, and `codes_ejaan`."""
    named = [(row["nama"].upper(), row["kode"]) for row in rows(name) if row.get("nama")]
    once = {text: code for text, code in named if sum(other == text for other, _ in named) == 1}
    return MappingProxyType(once | {row["ejaan"]: row["kode"] for row in rows("ejaan") if row["daftar"] == name})


def code_of(name: str, typed: str) -> str | None:
    """The code that a typed text means, or None: capitals and single spaces, then the code itself, then a known spelling.

    Raises:
        KeyError: no list has that name.
    """
    text = " ".join(typed.upper().split())
    return text if text in codes(name) else spellings(name).get(text)
