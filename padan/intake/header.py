"""Delivered columns against the contract: by name, never by position.

A name matches whatever its case and spaces, or by one of the contract's aliases. Columns that the contract does not
know are kept as they came, in `lainnya`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from padan.errors import InputRefused
from padan.intake.reading import ROW, position
from schemas.extracts.contract import Contract

OTHERS = "lainnya"


@dataclass(frozen=True)
class Matched:
    """Where each contract column stands in the file, and what else stands there.

    `positions`: standard name → delivered position. `unknown`: label and position, by label. `absent`: optional
    columns that were not delivered. `doubled`: optional columns that stand twice, so that neither is believed.
    """

    positions: Mapping[str, int]
    unknown: tuple[tuple[str, int], ...]
    absent: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def reordered(self) -> bool:
        """True if the columns stand in another order than the contract's."""
        places = list(self.positions.values())
        return places != sorted(places)


def spelling(name: str) -> str:
    """A column name without case and spaces, as it is compared."""
    return "".join(name.replace("\ufeff", "").split()).casefold()


def known_names(contract: Contract) -> Mapping[str, str]:
    """Spelling of every delivered name and alias → standard name."""
    return _known(contract.feed.path, tuple((c.name, (c.delivered, *c.aliases)) for c in contract.columns))


@cache
def _known(path: str, columns: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for standard, names in columns:
        for name in names:
            if known.setdefault(spelling(name), standard) != standard:
                raise ValueError(f"{path}: two columns are delivered as {name}")
    return known


def match(contract: Contract, header: Sequence[str]) -> Matched:
    """Find the contract's columns in a header.

    Raises:
        InputRefused: no column of the contract is there, a required one is missing (or renamed), or stands twice.
    """
    known = known_names(contract)
    found: dict[str, list[int]] = {}
    for at, name in enumerate(header):
        standard = known.get(spelling(name))
        if standard is not None:
            found.setdefault(standard, []).append(at)
    _refuse(contract, found)
    positions = {c.name: found[c.name][0] for c in contract.columns if len(found.get(c.name, ())) == 1}
    taken = set(positions.values())
    unknown = _labels((at, name) for at, name in enumerate(header) if at not in taken)
    return Matched(
        positions,
        unknown,
        tuple(c.name for c in contract.columns if c.name not in found),
        tuple(c.name for c in contract.columns if len(found.get(c.name, ())) > 1),
    )


def _refuse(contract: Contract, found: Mapping[str, Sequence[int]]) -> None:
    """Names of the contract only: what the file calls its columns may be a row of data."""
    if not found:
        raise InputRefused("tanpa_kepala", "tidak ada baris kepala: tak satu pun kolom kontrak ditemukan.", todo=_todo(contract))
    required = [c for c in contract.columns if c.required]
    missing = [c.delivered for c in required if c.name not in found]
    if missing:
        raise InputRefused(
            "kolom_wajib_tidak_ada", f"kolom wajib tidak ada atau berganti nama: {', '.join(missing)}.", todo=_todo(contract)
        )
    doubled = [c.delivered for c in required if len(found[c.name]) > 1]
    if doubled:
        raise InputRefused("kolom_ganda", f"kolom wajib ganda: {', '.join(doubled)}.", todo=_todo(contract))


def _todo(contract: Contract) -> str:
    return f"Periksa dengan `padan inspect BERKAS --as {contract.feed.path}`."


def _labels(columns: Iterable[tuple[int, str]]) -> tuple[tuple[str, int], ...]:
    """One label a column: its name, or its place where it has none or shares it."""
    labels: dict[str, int] = {}
    for at, name in columns:
        base = " ".join(name.split()) or f"kolom_{at + 1}"
        label = base if base not in labels else f"{base} ({at + 1})"
        labels[label] = at
    return tuple(sorted(labels.items()))


def arrange(matched: Matched, contract: Contract, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the contract's shape: `source_row`, its columns in its order, and `lainnya` (JSON of the rest, or null)."""
    columns = [
        pl.col(position(matched.positions[c.name])).alias(c.name) if c.name in matched.positions else pl.lit(None, pl.String).alias(c.name)
        for c in contract.columns
    ]
    return rows.select(pl.col(ROW), *columns, _others(matched.unknown))


def _others(unknown: Sequence[tuple[str, int]]) -> pl.Expr:
    """The filled unknown cells of a row as one JSON object, by label; null if there are none."""
    if not unknown:
        return pl.lit(None, pl.String).alias(OTHERS)
    pairs = [
        pl.when(pl.col(position(at)).is_not_null()).then(
            pl.struct(pl.col(position(at)).alias(label)).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        )
        for label, at in unknown
    ]
    joined = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}"))).alias(OTHERS)
