"""Both sides of a comparison as they may be shown: masked to a first letter, or as they are once access was logged."""

from __future__ import annotations

import re

import duckdb

from padan.linkage.model import Comparison

MASK = "•••"

#: Between the adults of a family, any of whom may be the guardian.
SEPARATOR = "/"


def masked(value: str | None) -> str | None:
    """First letter of each word and dots; of a number, date or code only dots. Lengths are not told."""
    if value is None:
        return None
    return " ".join(_masked_word(word) for word in value.split()) or MASK


def _masked_word(word: str) -> str:
    if word == SEPARATOR:
        return word
    return word[0] + MASK if word[0].isalpha() and len(word) > 1 else MASK


def compared_columns(comparison: Comparison) -> tuple[str, ...]:
    """Columns of a model table that hold what a comparison needs, as its null condition names them."""
    named = dict.fromkeys(re.findall(r"\b(\w+)_[lr]\b", comparison.null))
    return tuple(column for column in named if column != "presisi")


def side_values(
    con: duckdb.DuckDBPyConnection, table: str, number: int, comparisons: tuple[Comparison, ...], *, reveal: bool
) -> dict[str, str | None]:
    """By comparison: what stands in row `number` of a model table, in the form that is compared."""
    shown = [f"coalesce({', '.join(map(_text, compared_columns(c)))})" for c in comparisons]
    row = con.execute(f"SELECT {', '.join(shown)} FROM {table} WHERE unique_id = ?", [number]).fetchall()[0]
    return {c.name: value if reveal else masked(value) for c, value in zip(comparisons, row, strict=True)}


def _text(column: str) -> str:
    return f"array_to_string({column}, ' {SEPARATOR} ')" if column == "wali" else f"CAST({column} AS VARCHAR)"
