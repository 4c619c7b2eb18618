"""The frame that Great Expectations judges: one row, one column a metric; and how bounds become expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bounds:
    """What a metric may be tonight, both ends included. `basis`: `history`, or `default` before there is enough of it."""

    lower: float
    upper: float
    basis: str


def bounded_suite(name: str, bounds: Mapping[str, Bounds]) -> Any:
    """A suite in which every metric is there and within its bounds.

    The first expectation is about the set of metrics: `between` says nothing of one that is absent tonight.
    """
    import great_expectations as gx
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
    from great_expectations.expectations.core.expect_table_columns_to_match_set import ExpectTableColumnsToMatchSet

    expectations: list[Any] = [ExpectTableColumnsToMatchSet(column_set=sorted(bounds), exact_match=True)]
    for metric, bound in sorted(bounds.items()):
        meta = {"basis": bound.basis}
        expectations.append(ExpectColumnValuesToBeBetween(column=metric, min_value=bound.lower, max_value=bound.upper, meta=meta))
    return gx.ExpectationSuite(name=name, expectations=expectations)
