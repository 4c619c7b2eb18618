"""Scores given pairs with Splink on Spark: the same settings as in DuckDB, the macros that they call rendered for Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp, parse_one

from padan.errors import Defect
from padan.linkage.model import Model, Probabilities
from padan.linkage.person_v1.levels import MACROS
from padan.linkage.scoring import create_lookups, link_type, weight_of
from padan.linkage.spark.dialect import Renderer
from padan.linkage.spark.exchange import copy_out, read_in


def score_pairs_on_spark(
    spark: Any,
    scratch: Path,
    con: duckdb.DuckDBPyConnection,
    model: Model,
    trained: Probabilities,
    tables: tuple[str, str],
    pairs: str,
    target: str,
    *,
    size: int,
    prior: float,
) -> None:
    """Make `target(l, r, weight, gamma_*, mw_*)` as `padan.linkage.scoring.score_pairs` does, with Spark at work.

    Raises:
        Defect: Splink scored another number of pairs than it was given.
    """
    left, right = tables
    create_lookups(con, model, tables, size)
    api = _api(spark, Renderer(MACROS))
    frames = {name: _sent(con, spark, name, scratch) for name in dict.fromkeys(tables)}
    linker = _linker(api, model, model.settings(trained, size, prior, link_type(tables)), frames)
    for column in model.frequencies:
        lookup = _sent(con, spark, f"lookup_{column}", scratch)
        linker.table_management.register_term_frequency_lookup(api.register(lookup, table_name=f"tf_of_{column}"), column)
    keys = ("l || ''", "r || ''") if left == right else (f"'{left}-__-' || l", f"'{right}-__-' || r")
    copy_out(con, f"SELECT '0' AS match_key, {keys[0]} AS join_key_l, {keys[1]} AS join_key_r FROM {pairs}", scratch / "blocked.parquet")
    spark.read.parquet(str(scratch / "blocked.parquet")).createOrReplaceTempView("blocked")
    linker.table_management.register_blocked_pairs_for_predict(api.table_to_splink_dataframe("__splink__blocked_id_pairs", "blocked"))
    scored = linker.inference.predict()
    columns = ", ".join(f"gamma_{c.name}, {weight_of(c)} AS mw_{c.name}" for c in model.comparisons)
    select = f"SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS weight, {columns} FROM {scored.physical_name}"
    spark.sql(select).write.mode("overwrite").parquet(str(scratch / "scored"))
    con.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT * FROM {read_in(scratch / 'scored')}")
    given, got = (con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in (pairs, target))
    if given != got:
        raise Defect(
            f"penilaian pasangan di Spark: {got} dari {given} pasangan dinilai.",
            holds="Tidak ada keputusan yang ditulis.",
            todo="Laporkan.",
        )


def _sent(con: duckdb.DuckDBPyConnection, spark: Any, table: str, scratch: Path) -> Any:
    copy_out(con, f"FROM {table}", scratch / f"{table}.parquet")
    return spark.read.parquet(str(scratch / f"{table}.parquet"))


def _linker(api: Any, model: Model, settings: Any, frames: dict[str, Any]) -> Any:
    import logging

    from splink import Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    inputs = [api.register(frame, table_name=name, dataset_display_name=name) for name, frame in frames.items()]
    return Linker(inputs, settings, log_level=logging.WARNING, validate_settings=False)


def _api(spark: Any, renderer: Renderer) -> Any:
    """Splink's Spark, to which our macros are known."""
    from splink import SparkAPI

    class MacroSparkAPI(SparkAPI):
        def _setup_for_execute_sql(self, sql: str, physical_name: str) -> str:
            # Splink's own step extends sqlglot's Spark dialect, which a compiled sqlglot forbids; plain Spark SQL needs no such step
            return renderer.expand(parse_one(sql, read="spark").transform(_reached_once)).sql("spark", pretty=True)

    return MacroSparkAPI(  # type: ignore[no-untyped-call]
        spark_session=spark, break_lineage_method="parquet"
    )


def _reached_once(node: exp.Expr) -> exp.Expr:
    """CASE WHEN level IS NULL … WHEN level = 14 …: the level, which is costly, is bound to a name and found once a pair."""
    first = node.args["ifs"][0].this if isinstance(node, exp.Case) else None
    if not isinstance(first, exp.Is) or not isinstance(first.this, exp.Paren):
        return node
    level = first.this
    named = node.transform(lambda part: exp.to_identifier("reached") if part == level else part)
    return parse_one(f"transform(array({level.sql('spark')}), reached -> {named.sql('spark')})[0]", read="spark")
