"""What linkage promises: link.decision, one answer a person record."""

from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import pandera.ibis as pa

DECISIONS = ("link", "review", "no_link")
METHODS = ("nik", "probabilistic", "ruling", "none")


class LinkDecision(pa.DataFrameModel):
    """One row per person record: which person it is, or why nobody yet. Weights are log2 odds, margins bits."""

    record_id: str = pa.Field(str_length={"min_value": 1})
    agency: str = pa.Field(str_length={"min_value": 1})
    feed: str = pa.Field(str_length={"min_value": 1})
    delivery_date: dt.Date = pa.Field()
    source_file: str = pa.Field()
    source_row: dt.Int64 = pa.Field(ge=1)
    entity_type: str = pa.Field(isin=["person"])
    person_id: str = pa.Field(str_length={"min_value": 1})
    register_id: str = pa.Field(nullable=True)
    decision: str = pa.Field(isin=DECISIONS)
    method: str = pa.Field(isin=METHODS)
    reason: str = pa.Field(str_length={"min_value": 1})
    match_weight: float = pa.Field(nullable=True)
    match_probability: float = pa.Field(nullable=True, ge=0, le=1)
    margin: float = pa.Field(nullable=True, ge=0)
    runner_up_weight: float = pa.Field(nullable=True)
    next_action: str = pa.Field(str_length={"min_value": 1})
    model_version: str = pa.Field(str_length={"min_value": 1})
    policy_version: str = pa.Field(str_length={"min_value": 1})
    run_id: str = pa.Field(str_length={"min_value": 1})

    @pa.dataframe_check(name="register_hanya_pada_tautan")
    def register_only_when_linked(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A register row is named when, and only when, the decision is a link."""
        t = data.table
        return t.register_id.notnull() == (t.decision == "link")

    @pa.dataframe_check(name="bobot_terhingga")
    def weights_are_finite(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A decision with a candidate has a finite weight; one without has none; a ruling stands with or without."""
        t = data.table
        weighed = t.match_weight.notnull() & ~t.match_weight.isinf() & ~t.match_weight.isnan()
        scored = t.method.isin(["nik", "probabilistic"])
        return (
            ((t.method == "none") & t.match_weight.isnull())
            | (scored & weighed)
            | ((t.method == "ruling") & (t.match_weight.isnull() | weighed))
        )

    class Config:
        """Columns in this order, no others; one decision a record."""

        strict = True
        ordered = True
        unique = ["record_id"]  # noqa: RUF012 (Pandera reads a list)
