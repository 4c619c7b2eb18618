"""The macros of names and levels as expressions of Spark SQL: rules and levels are written once, for DuckDB, and rendered here.

Spark's own SQL functions cannot be called inside a lambda, where words are compared; so a call is replaced by the macro's
body, again and again until only functions of Spark and of Splink's jar are left. Where the two engines have no common
function, `_GAPS` says in Spark SQL what DuckDB's function does.
Does not belong here: any rule or level of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp, parse_one

#: DuckDB's functions that Spark lacks or reads otherwise. The jar halves transpositions without rounding and weakens the shared
#: prefix of long words, so it only sorts out what is far from alike (it is wrong by less than 0.08) and the rest is counted here.
_GAPS = (
    "len(v) AS size(v)",
    "list_sum(v) AS aggregate(v, CAST(0 AS DOUBLE), (total, item) -> total + item)",
    "list_has_any(a, b) AS arrays_overlap(a, b)",
    "hamming(a, b) AS aggregate(sequence(1, length(a)), 0, (n, i) -> n + CAST(substr(a, i, 1) <> substr(b, i, 1) AS INT))",
    """shared_prefix(a, b) AS CASE WHEN left(a, 1) <> left(b, 1) THEN 0 WHEN left(a, 2) <> left(b, 2) THEN 1
        WHEN left(a, 3) <> left(b, 3) THEN 2 WHEN left(a, 4) <> left(b, 4) THEN 3 ELSE least(4, length(a), length(b)) END""",
    # for each letter of a the place of its partner in b, no place twice, within reach
    """matched_letters(a, b, reach) AS aggregate(sequence(1, length(a)), CAST(array() AS ARRAY<INT>), (m, i) -> concat(m, slice(
        filter(sequence(1, length(b)), p -> p BETWEEN i - reach AND i + reach AND substr(b, p, 1) = substr(a, i, 1)
            AND NOT array_contains(m, p)), 1, 1)))""",
    "out_of_order(m, b) AS size(filter(m, (p, k) -> substr(b, p, 1) <> substr(b, array_sort(m)[k], 1)))",
    """jaro(a, b) AS CASE WHEN least(length(a), length(b)) >= 4 AND jaro_sim(a, b) < 0.7 THEN jaro_sim(a, b)
        ELSE transform(array(matched_letters(a, b, greatest(greatest(length(a), length(b)) DIV 2 - 1, 0))), m -> CASE
            WHEN size(m) = 0 THEN 0
            ELSE (size(m) / length(a) + size(m) / length(b) + (size(m) - out_of_order(m, b) DIV 2) / size(m)) / 3 END)[0] END""",
    """jaro_winkler_similarity(a, b) AS transform(array(jaro(a, b)), j -> CASE WHEN j > 0.7
        THEN j + 0.1D * shared_prefix(a, b) * (1 - j) ELSE j END)[0]""",
)

#: sqlglot knows some of them by another meaning (a list's len as a text's length): they are parsed under a name of their own.
_OWN_NAME = re.compile(rf"\b({'|'.join(gap.split('(')[0] for gap in _GAPS)})\(")


@dataclass(frozen=True)
class Macro:
    """A macro by its parameters and its body."""

    name: str
    parameters: tuple[str, ...]
    body: exp.Expr


class Renderer:
    """Renders calls of `macros` (texts "name(parameters) AS body", in DuckDB's SQL) as Spark SQL."""

    def __init__(self, macros: Iterable[str]) -> None:
        own = [_read(text, "duckdb") for text in macros]
        self._macros = {macro.name: macro for macro in [*(_read(text, "spark") for text in _GAPS), *own]}

    def spark(self, sql: str) -> str:
        """Spark SQL of a DuckDB expression."""
        return str(self.expand(_parsed(sql, "duckdb")).sql("spark"))

    def expand(self, tree: exp.Expr) -> exp.Expr:
        """A copy of a parsed expression or query with every call of a macro replaced by its body."""
        return tree.copy().transform(self._replaced)

    def calls(self, tree: exp.Expr) -> bool:
        """Whether a parsed expression calls a macro."""
        return any(call.name.lower() in self._macros for call in tree.find_all(exp.Anonymous))

    def _replaced(self, node: exp.Expr) -> exp.Expr:
        macro = self._macros.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        values = dict(zip(macro.parameters, (self.expand(value) for value in node.expressions), strict=True))
        return exp.paren(self.expand(_bound(macro.body, values)), copy=False)


def _read(text: str, dialect: str) -> Macro:
    head, body = re.split(r"\sAS\s", text, maxsplit=1)
    name, parameters = _OWN_NAME.sub(r"duckdb_\1(", head).rstrip(")").split("(")
    return Macro(name.strip(), tuple(p.strip() for p in parameters.split(",")), _parsed(body, dialect))


def _parsed(sql: str, dialect: str) -> exp.Expr:
    return parse_one(_OWN_NAME.sub(r"duckdb_\1(", sql), read=dialect)


def _bound(body: exp.Expr, values: dict[str, exp.Expr]) -> exp.Expr:
    """The body with its parameters' values in their place; `a.nik` of a parameter that stands for a row is that row's nik."""

    def put(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        if not node.table:
            return values[node.name].copy() if node.name in values else node
        row = values.get(node.table)
        return exp.Dot(this=row.copy(), expression=node.this.copy()) if row is not None else node

    return body.copy().transform(put)
