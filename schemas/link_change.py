"""What linkage promises about its own history: link.change, one row a record whose answer a run changed."""

from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import pandera.ibis as pa

from schemas.link_decision import DECISIONS

CAUSES = ("data", "register", "model", "ruling")


class LinkChange(pa.DataFrameModel):
    """One row per record and run of linkage whose decision, register person or person_id differs from the run before.

    Columns before_* are absent where the record came back into force, after_* where it was withdrawn. `register_key` is one register
    person in any release; `register_id` is the row of that release.
    """

    run_no: dt.Int32 = pa.Field(ge=1)
    run_id: str = pa.Field(str_length={"min_value": 1})
    record_id: str = pa.Field(str_length={"min_value": 1})
    agency: str = pa.Field(str_length={"min_value": 1})
    feed: str = pa.Field(str_length={"min_value": 1})
    before_decision: str = pa.Field(nullable=True, isin=DECISIONS)
    before_register_id: str = pa.Field(nullable=True)
    before_register_key: str = pa.Field(nullable=True)
    before_person_id: str = pa.Field(nullable=True)
    after_decision: str = pa.Field(nullable=True, isin=DECISIONS)
    after_register_id: str = pa.Field(nullable=True)
    after_register_key: str = pa.Field(nullable=True)
    after_person_id: str = pa.Field(nullable=True)
    cause: str = pa.Field(isin=CAUSES)

    @pa.dataframe_check(name="perubahan_bersisi")
    def has_a_side(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A decision stands before, after, or both."""
        t = data.table
        return t.before_decision.notnull() | t.after_decision.notnull()

    class Config:
        """Columns in this order, no others; one row a record and run."""

        strict = True
        ordered = True
        unique = ["run_no", "record_id"]  # noqa: RUF012 (Pandera reads a list)
