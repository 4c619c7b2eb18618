"""Every level that the model asks for is rendered for Spark down to functions that Spark or Splink's jar has."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.person_v1.levels import MACROS
from padan.linkage.spark.dialect import Renderer

#: Functions of Splink's jar that sqlglot does not know.
JAR = {"jaro_sim", "damerau_levenshtein"}
#: Functions of Spark that sqlglot does not know.
SPARK = {"aggregate", "arrays_overlap"}


@pytest.mark.parametrize("comparison", PERSON_V1.comparisons, ids=lambda c: c.name)
def test_a_comparison_is_left_with_functions_that_spark_has(comparison) -> None:
    rendered = parse_one(Renderer(MACROS).spark(comparison.sql), read="spark")
    assert {call.name.lower() for call in rendered.find_all(exp.Anonymous)} <= JAR | SPARK
    assert {c.name for c in rendered.find_all(exp.Column)} >= {
        c.name for c in parse_one(comparison.sql, read="duckdb").find_all(exp.Column)
    }


def test_a_macro_of_rows_reads_the_columns_of_the_rows_it_is_given() -> None:
    assert Renderer(["older(a, b) AS a.lahir < b.lahir"]).spark("older(l, r)") == "(l.lahir < r.lahir)"


def test_macros_call_macros_and_lambdas_keep_their_variables() -> None:
    macros = ["double(x) AS x + x", "doubled(items) AS list_transform(items, lambda x: double(x))"]
    assert Renderer(macros).spark("doubled(words_l)") == "(TRANSFORM(words_l, x -> (x + x)))"


def test_lists_count_their_items_and_texts_their_letters() -> None:
    assert Renderer([]).spark("len(v) + length(t)") == "(SIZE(v)) + LENGTH(t)"


def test_places_in_a_list_begin_with_nought_in_spark() -> None:
    assert Renderer([]).spark("list_transform([a], lambda v: v)[1]") == "TRANSFORM(ARRAY(a), v -> v)[0]"
