"""How many rows of a table break each rule of its Pandera model, counted in DuckDB in one look at the table.

Pandera's own validation brings the rows that fail into Python, one dict each, with the values of persons: two million broken rows
took it more than ten minutes and 5 GB. Here only counts leave DuckDB, however many rows are broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import duckdb

from padan.warehouse import number

if TYPE_CHECKING:
    from pandera.ibis import DataFrameModel

#: The rules that every model has: columns and types, the key, values. Its dataframe checks are rules by their own names.
FORM, KEY, CONTENT = "bentuk", "kunci", "isi"


def _length_within(value: Any, min_value: int | None, max_value: int | None, exact_value: int | None) -> Any:
    least, most = (min_value or 0, max_value) if exact_value is None else (exact_value, exact_value)
    return value.length() >= least if most is None else value.length().between(least, most)


#: Pandera's checks of a field, as the schemas use them; its own functions for ibis bring rows into Python.
_HOLDS: dict[str, Callable[..., Any]] = {
    "greater_than_or_equal_to": lambda value, min_value: value >= min_value,
    "less_than_or_equal_to": lambda value, max_value: value <= max_value,
    "isin": lambda value, allowed_values: value.isin(allowed_values),
    "str_length": _length_within,
    "str_matches": lambda value, pattern: value.re_search(f"^({pattern})"),
}


def broken_rows(con: duckdb.DuckDBPyConnection, model: type[DataFrameModel], table: str, among: str = "") -> dict[str, int]:
    """How many rows of `table` break `model`, by rule; a rule that nothing breaks is left out.

    For FORM it is columns, and rules that cannot be asked of a table of another form. `among`: a WHERE clause for the rows that
    are looked at.
    """
    import ibis

    rows = f"SELECT * FROM {table} {among}"
    relation = ibis.duckdb.from_connection(con).sql(rows)
    broken = Counter({FORM: _form(model, relation)})
    schema = model.to_schema()
    asked: dict[str, list[Any]] = {}
    for rule, breaks in _questions(schema, relation):
        if breaks is None:
            broken[FORM] += 1
        else:
            asked.setdefault(rule, []).append(breaks.fill_null(False))
    counts = relation.aggregate(**{rule: ibis.or_(*breaks).sum() for rule, breaks in asked.items()})
    broken.update({rule: int(count or 0) for rule, count in counts.to_pyarrow().to_pylist()[0].items()})
    if schema.unique and set(schema.unique) <= set(relation.columns):
        broken[KEY] = _repeated(con, rows, ", ".join(schema.unique))
    return {rule: count for rule, count in broken.items() if count}


def _form(model: type[DataFrameModel], relation: Any) -> int:
    """How many columns are missing, of another type, out of order or not promised: Pandera's look at the table without its rows."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
            model.validate(relation, lazy=True)
    except SchemaErrors as errors:
        return len(errors.schema_errors)
    return 0


def _questions(schema: Any, relation: Any) -> Iterator[tuple[str, Any]]:
    """Each rule about values with the expression that is true where a row breaks it; None where the table's form does not let one ask."""
    for name, column in schema.columns.items():
        if name not in relation.columns:
            continue
        if not column.nullable:
            yield CONTENT, relation[name].isnull()
        for check in column.checks:
            yield CONTENT, _breaks(check, relation, name)
    for check in schema.checks:
        yield check.name, _breaks(check, relation, None)


def _breaks(check: Any, relation: Any, column: str | None) -> Any:
    """Where `check` does not hold; null, as Pandera has it, where the value is absent. None: not to be asked of a column of this type."""
    from ibis.common.exceptions import IbisError

    try:
        holds = _HOLDS[check.name](relation[column], **check.statistics) if column else check(relation).check_output
    except (AttributeError, TypeError, IbisError):
        return None
    return ~holds


def _repeated(con: duckdb.DuckDBPyConnection, rows: str, key: str) -> int:
    """Rows whose key another row has too: by 64 bits a key first, and by the keys themselves only where those meet."""
    if number(con, f"SELECT count(*) - count(DISTINCT hash({key})) FROM ({rows})") == 0:
        return 0
    return number(con, f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ({rows}) GROUP BY {key} HAVING count(*) > 1)")
