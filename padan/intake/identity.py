"""What makes a row the same row in another delivery: its key, or its content where no key is stable."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from padan.intake.header import OTHERS
from padan.keys import keyed_hashes
from schemas.extracts.contract import PATTERN, Contract, Kind, Scope


def identity_columns(contract: Contract) -> tuple[str, ...]:
    """The columns whose values are the row's identity: its key, else its whole content."""
    return contract.feed.key or content_columns(contract)


def content_columns(contract: Contract) -> tuple[str, ...]:
    """Everything of a row but the counter, which only numbers the rows of one file."""
    return (*(c.name for c in contract.columns if c.name != contract.feed.counter), OTHERS)


def record_ids(key: bytes, contract: Contract, rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """A keyed hash of agency, feed and the named columns for each row; an empty cell counts as an empty text."""
    feed = contract.feed
    cells = rows.select(pl.col(list(columns)).fill_null(""))
    hashes = keyed_hashes(key, (feed.agency, feed.name), cells.iter_rows())
    return pl.Series("record_id", hashes, dtype=pl.String)


def scope_of(contract: Contract) -> pl.Expr:
    """The row's regency (`32.73`) or province (`32`), null where the code shows none or the feed is national."""
    feed = contract.feed
    if feed.scope == Scope.NATIONAL or feed.scope_column is None:
        return pl.lit(None, pl.String).alias("scope")
    code = pl.col(feed.scope_column).str.strip_chars("' \u00a0").str.replace(r"^(\d{4,10})\.0$", "$1")
    digits = code.str.replace_all(".", "", literal=True)
    province, regency = digits.str.slice(0, 2), digits.str.slice(2, 2)
    scope = province if feed.scope == Scope.PROVINCE else pl.concat_str(province, regency, separator=".")
    enough = digits.str.len_chars() >= (2 if feed.scope == Scope.PROVINCE else 4)
    return pl.when(code.str.contains(PATTERN[Kind.REGION_CODE]) & enough).then(scope).alias("scope")
