"""What was checked in a night and what came of it: counts and rule names, never a value of a person."""

from __future__ import annotations

from typing import Literal, get_args

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

#: DAMA's six dimensions of data quality.
Dimension = Literal["completeness", "uniqueness", "validity", "consistency", "accuracy", "timeliness"]
#: `error` holds the publication back; `warn` is shown.
Severity = Literal["error", "warn"]
#: Which tool judges the rule.
Tool = Literal["padan", "pandera", "dbt", "great_expectations"]

DIMENSIONS: tuple[str, ...] = get_args(Dimension)
SEVERITIES: tuple[str, ...] = get_args(Severity)
TOOLS: tuple[str, ...] = get_args(Tool)


class QualityCheck(pa.DataFrameModel):
    """quality.check: one row a run, rule and table. `numerator` of `denominator` examined units break the rule."""

    run_id: Series[str]
    rule_id: Series[str]
    table_name: Series[str]
    dimension: Series[str] = pa.Field(isin=DIMENSIONS)
    severity: Series[str] = pa.Field(isin=SEVERITIES)
    numerator: Series[pl.Int64] = pa.Field(ge=0, nullable=True)
    denominator: Series[pl.Int64] = pa.Field(ge=0, nullable=True)
    value: Series[pl.Float64] = pa.Field(nullable=True)
    passed: Series[bool]
    checked_at: Series[pl.Datetime] = pa.Field(description="UTC")

    class Config:
        """One result each; a new column is a contract change."""

        strict = True
        unique = ["run_id", "rule_id", "table_name"]  # noqa: RUF012 (Pandera reads a list)


class QualityRule(pa.DataFrameModel):
    """quality.rule: one row a rule. `counts`: what the numerator counts, of what."""

    rule_id: Series[str] = pa.Field(unique=True)
    table_name: Series[str]
    dimension: Series[str] = pa.Field(isin=DIMENSIONS)
    severity: Series[str] = pa.Field(isin=SEVERITIES)
    owner: Series[str] = pa.Field(str_startswith="team:")
    counts: Series[str] = pa.Field(str_length={"min_value": 10})
    tool: Series[str] = pa.Field(isin=TOOLS)

    class Config:
        """A rule without an owner or a sentence is no rule."""

        strict = True
