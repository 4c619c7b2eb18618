"""What was checked in a night and what came of it: counts and rule names, never a value of a person."""

from __future__ import annotations

from typing import Literal, get_args

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

#: DAMA's six dimensions of data quality.
Dimension = Literal["completeness", "uniqueness", "validity", "consistency", "accuracy", "timeliness"]
#: Characteristics of ISO/IEC 25012 that a rule can measure on data at rest.
Iso25012 = Literal["accuracy", "completeness", "consistency", "credibility", "currentness", "compliance", "precision", "traceability"]
#: The four principles of Satu Data Indonesia (Perpres 39/2019, pasal 3).
SatuData = Literal["standar data", "metadata", "interoperabilitas data", "kode referensi dan data induk"]
#: `error` holds the publication back; `warn` is shown.
Severity = Literal["error", "warn"]
#: Which tool judges the rule.
Tool = Literal["padan", "pandera", "dbt", "great_expectations"]

DIMENSIONS: tuple[str, ...] = get_args(Dimension)
ISO25012: tuple[str, ...] = get_args(Iso25012)
SATU_DATA: tuple[str, ...] = get_args(SatuData)
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
    """quality.rule: one row a rule and table. `question`: true when green; `counts`: what the numerator counts, of what."""

    rule_id: Series[str]
    table_name: Series[str]
    dimension: Series[str] = pa.Field(isin=DIMENSIONS)
    iso25012: Series[str] = pa.Field(isin=ISO25012)
    sdi: Series[str] = pa.Field(isin=SATU_DATA)
    severity: Series[str] = pa.Field(isin=SEVERITIES)
    owner: Series[str] = pa.Field(str_startswith="team:")
    question: Series[str] = pa.Field(str_length={"min_value": 10})
    counts: Series[str] = pa.Field(str_length={"min_value": 10})
    tool: Series[str] = pa.Field(isin=TOOLS)

    class Config:
        """A rule without an owner or a sentence is no rule."""

        strict = True
        unique = ["rule_id", "table_name"]  # noqa: RUF012 (Pandera reads a list)
