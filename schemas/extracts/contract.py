"""The vocabulary in which a feed's contract is written: one Pandera model a feed, one `column` a delivered column.

A contract is the only place that knows a delivered name. It states for each column what it is read as (`Kind`),
whether a delivery without it is refused, who may see it, and which DTSEN column and code list it answers to;
for the feed it states format, row key, scope, legal basis, due time, retention and limits (`Feed`).
Belongs here: what an agency promises to send. Does not belong here: how a file is read (padan.intake) or typed (dbt).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import pandera.polars as pa
import polars as pl


class Kind(StrEnum):
    """What a delivered text is read as. `PATTERN` says which shapes count as readable; dbt does the reading."""

    TEXT = "text"
    NAME = "name"
    NIK = "nik"
    KK = "kk"
    DATE = "date"
    MONTH = "month"
    INTEGER = "integer"
    MONEY = "money"
    CODE = "code"
    REGION_CODE = "region_code"
    REGION_NAME = "region_name"
    LIST = "list"


#: Readable shapes of the typed kinds: over 20 % unreadable filled cells refuse the delivery.
PATTERN: dict[Kind, str] = {
    Kind.DATE: (
        r"^\s*(\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ].*)?"
        r"|\d{1,2}\s+[A-Za-z]+\.?\s+\d{2,4}|\d{5}(\.0)?|\d{4}(\.0)?)\s*$"
    ),
    Kind.MONTH: r"^\s*([A-Za-z]+\.?\s+\d{4}|\d{4}-\d{2}(-\d{2})?|\d{1,2}[-/]\d{4})\s*$",
    Kind.INTEGER: r"^\s*-?\d+(\.0+)?\s*$",
    Kind.MONEY: r"^\s*(Rp\.?\s*)?-?[\d.]+(,\d+)?\s*$",
    Kind.REGION_CODE: r"^\s*\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?\s*$",
}


class Sensitivity(StrEnum):
    """Who may see a column: PUBLIC in codes and counts, INTERNAL to its agency, PERSONAL and CASE in the vault only."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    CASE = "case"


class Scope(StrEnum):
    """The area that one file of a full delivery speaks for: what it may withdraw."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGENCY = "regency"


@dataclass(frozen=True)
class Csv:
    """Delimited text. `encoding` and `delimiter` are verified against the bytes, never guessed."""

    delimiter: str
    encoding: str = "utf-8"
    suffixes: tuple[str, ...] = (".csv", ".txt")


@dataclass(frozen=True)
class Xlsx:
    """A workbook: the one sheet whose first `header_within` rows hold the header. Numeric cells stay visible as such."""

    header_within: int = 20
    suffixes: tuple[str, ...] = (".xlsx",)


@dataclass(frozen=True)
class Json:
    """A list of objects; a nested field is named by its dotted path, a list is kept as JSON text."""

    suffixes: tuple[str, ...] = (".json",)


@dataclass(frozen=True)
class Parquet:
    """Columnar file, or the same columns as delimited text."""

    csv: Csv = field(default_factory=lambda: Csv(delimiter=","))
    suffixes: tuple[str, ...] = (".parquet", ".csv")


Format = Csv | Xlsx | Json | Parquet


@dataclass(frozen=True)
class Legal:
    """Why we may hold this feed, and until when: an expired agreement refuses the delivery."""

    basis: str
    agreement: str
    purpose: str
    valid_until: dt.date
    retention_years: int


@dataclass(frozen=True)
class Due:
    """How often a feed is owed; `grace_days` after `every_days` it counts as late."""

    every_days: int
    grace_days: int = 3


@dataclass(frozen=True)
class Limits:
    """Shares above which a whole delivery is refused, the share of rows whose absence asks the operator, and that of doubles shown."""

    quarantined: float = 0.05
    unreadable: float = 0.20
    withdrawn: float = 0.05
    duplicates: float = 0.02


@dataclass(frozen=True)
class Feed:
    """What holds for a feed as a whole. `key` empty: no stable row key, identity is the row's content.

    `person`: each row is about one person, to be linked to DTSEN. `child`: that person is (mostly) a child.
    `scope_column`: standard column whose regency or province part is the row's scope (None: national).
    """

    agency: str
    name: str
    title: str
    owner: str
    format: Format
    legal: Legal
    due: Due
    key: tuple[str, ...] = ()
    counter: str | None = None
    footer: tuple[str, ...] = ()
    scope: Scope = Scope.NATIONAL
    scope_column: str | None = None
    full: bool = True
    person: bool = False
    child: bool = False
    institution: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def path(self) -> str:
        """`agency/feed`, as in the landing folder."""
        return f"{self.agency}/{self.name}"

    @property
    def is_register(self) -> bool:
        """True for the register itself: its releases are files of their own and never rows of the warehouse."""
        return self.agency == "dtsen"

    @property
    def table(self) -> str:
        """Name of the raw table, `<agency>__<feed>`."""
        return f"{self.agency}__{self.name}"


@dataclass(frozen=True)
class ColumnSpec:
    """One delivered column, as the contract states it."""

    name: str
    delivered: str
    aliases: tuple[str, ...]
    kind: Kind
    required: bool
    sensitivity: Sensitivity
    dtsen: str | None
    codes: str | None
    description: str


def column(
    delivered: str,
    kind: Kind = Kind.TEXT,
    *,
    about: str,
    aliases: tuple[str, ...] = (),
    required: bool = True,
    filled: bool = False,
    allowed: tuple[str, ...] | None = None,
    codes: str | None = None,
    dtsen: str | None = None,
    sensitivity: Sensitivity = Sensitivity.INTERNAL,
) -> Any:
    """Declare a delivered column.

    `required`: a delivery without the column is refused. `filled`: a row without a value is quarantined
    (row keys). `allowed`: a row with another value is quarantined (only the column that the feed is about);
    `codes` names the code list that conformity is measured against (unknown values are flagged, the row stays).
    """
    checks: dict[str, Any] = {"str_length": {"max_value": 10_000}}
    if allowed is not None:
        checks["isin"] = list(allowed)
    return pa.Field(
        nullable=not filled,
        description=about,
        metadata={
            "delivered": delivered,
            "aliases": aliases,
            "kind": kind,
            "required": required,
            "codes": codes,
            "dtsen": dtsen,
            "sensitivity": sensitivity,
        },
        **checks,
    )


class Extract(pa.DataFrameModel):
    """Base of every contract: all columns are text, strictly those declared, nothing coerced."""

    class Config:
        """A new column is a contract change: unknown delivered columns are kept aside, never in the frame."""

        strict = True
        coerce = False


class PersonExtract(Extract):
    """A feed whose rows are about one person each: a row with neither a name nor a valid NIK is nobody's."""

    @pa.dataframe_check(name="tanpa_identitas", error="baris tanpa nama dan tanpa NIK yang sah")
    def has_identity(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805 (Pandera passes the class)
        """Name present, or a NIK of 16 digits that is no placeholder."""
        nik = pl.col("nik").str.strip_chars("' \u00a0").str.replace(r"\.0$", "")
        valid = nik.str.contains(r"^\d{16}$") & ~nik.str.contains(r"^0+$|^1234567890123456$|^9+$|^1+$")
        named = pl.col("nama").str.strip_chars().str.len_chars() > 0
        return data.lazyframe.select((named | valid).fill_null(False))


@dataclass(frozen=True)
class Contract:
    """A feed and the Pandera model of its rows."""

    feed: Feed
    model: type[Extract]

    @property
    def is_case(self) -> bool:
        """True if its rows are cases: what is erased of them never keeps a new complaint from coming in."""
        return any(column.sensitivity == Sensitivity.CASE for column in self.columns)

    @cached_property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The delivered columns in contract order."""
        return columns_of(self.model)


_CONTRACTS: dict[str, Contract] = {}


def extract(feed: Feed) -> Callable[[type[Extract]], type[Extract]]:
    """Register the decorated model as the contract of `feed`; a feed has one contract.

    Raises:
        ValueError: the feed has one already, or names a key or scope column that the model lacks.
    """

    def register(model: type[Extract]) -> type[Extract]:
        known = _CONTRACTS.get(feed.path)
        if known is not None and known.model.__qualname__ != model.__qualname__:
            raise ValueError(f"{feed.path} already has a contract")
        contract = Contract(feed, model)
        names = {c.name for c in contract.columns}
        named = {*feed.key, *filter(None, (feed.counter, feed.scope_column))}
        if named - names:
            raise ValueError(f"{feed.path}: unknown columns {sorted(named - names)}")
        _CONTRACTS[feed.path] = contract
        return model

    return register


def registered() -> dict[str, Contract]:
    """Every contract that was imported, by `agency/feed`, sorted."""
    return dict(sorted(_CONTRACTS.items()))


def columns_of(model: type[Extract]) -> tuple[ColumnSpec, ...]:
    """The delivered columns of a contract in contract order."""
    specs = []
    for name, col in model.to_schema().columns.items():
        meta = dict(col.metadata or {})
        specs.append(
            ColumnSpec(
                name=name,
                delivered=meta["delivered"],
                aliases=meta["aliases"],
                kind=meta["kind"],
                required=meta["required"],
                sensitivity=meta["sensitivity"],
                dtsen=meta["dtsen"],
                codes=meta["codes"],
                description=col.description or "",
            )
        )
    return tuple(specs)
