"""What linkage promises: link.institution_decision, one answer a mention of an institution."""

from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import pandera.ibis as pa

from schemas.link_decision import DECISIONS


class InstitutionDecision(pa.DataFrameModel):
    """One row per mention (record_id: the record that names it): which registered LKS, or why none yet."""

    record_id: str = pa.Field(str_length={"min_value": 1})
    agency: str = pa.Field(str_length={"min_value": 1})
    feed: str = pa.Field(str_length={"min_value": 1})
    delivery_date: dt.Date = pa.Field()
    source_file: str = pa.Field()
    source_row: dt.Int64 = pa.Field(ge=1)
    entity_type: str = pa.Field(isin=["institution"])
    institution_id: str = pa.Field(str_length={"min_value": 1})
    no_td: str = pa.Field(nullable=True)
    decision: str = pa.Field(isin=DECISIONS)
    method: str = pa.Field(isin=["no_td", "probabilistic", "none"])
    reason: str = pa.Field(str_length={"min_value": 1})
    match_weight: float = pa.Field(nullable=True)
    match_probability: float = pa.Field(nullable=True, ge=0, le=1)
    margin: float = pa.Field(nullable=True, ge=0)
    runner_up_weight: float = pa.Field(nullable=True)
    next_action: str = pa.Field(str_length={"min_value": 1})
    model_version: str = pa.Field(str_length={"min_value": 1})
    policy_version: str = pa.Field(str_length={"min_value": 1})
    run_id: str = pa.Field(str_length={"min_value": 1})

    @pa.dataframe_check(name="lks_hanya_pada_tautan")
    def licence_only_when_linked(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A licence number is named when, and only when, the decision is a link."""
        t = data.table
        return t.no_td.notnull() == (t.decision == "link")

    class Config:
        """Columns in this order, no others; one decision a mention."""

        strict = True
        ordered = True
        unique = ["record_id"]  # noqa: RUF012 (Pandera reads a list)
