"""Scores given pairs with Splink: the model is Splink's, the candidates are ours, and nothing else of the register is touched."""

from __future__ import annotations

from typing import Any

import duckdb

from padan.errors import Defect
from padan.linkage.model import Comparison, LinkType, Model, Probabilities
from padan.warehouse import count_rows

#: Pairs that Splink hydrates at a time: about 1 kB each.
CHUNK_PAIRS = 250_000


def score_pairs(
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
    """Make `target(l, r, weight, gamma_*, mw_*)`: every row of `pairs(l, r)` scored; weight is log2 odds, prior included.

    `tables`: the model tables that l and r number (the same one twice to compare records with records). `size`: rows
    of the register, `prior`: chance that two rows drawn at random are the same.

    Raises:
        Defect: Splink scored another number of pairs than it was given.
    """
    left, right = tables
    linker = _linker(con, model, model.settings(trained, size, prior, link_type(tables)), tables, size)
    keys = "l || '', r || ''" if left == right else f"'{left}-__-' || l, '{right}-__-' || r"
    columns = ", ".join(f"gamma_{c.name}, {weight_of(c)} AS mw_{c.name}" for c in model.comparisons)
    rows = count_rows(con, pairs)
    for chunk in range(max(1, -(-rows // CHUNK_PAIRS))):
        con.execute(
            f"""CREATE OR REPLACE TABLE blocked AS SELECT '0' AS match_key, k[1] AS join_key_l, k[2] AS join_key_r
            FROM (SELECT [{keys}] AS k, row_number() OVER (ORDER BY l, r) AS n FROM {pairs}) WHERE (n - 1) // {CHUNK_PAIRS} = {chunk}"""
        )
        blocked = linker._db_api.table_to_splink_dataframe("__splink__blocked_id_pairs", "blocked")
        linker.table_management.register_blocked_pairs_for_predict(blocked)
        scored = linker.inference.predict()
        select = f"SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS weight, {columns} FROM {scored.physical_name}"
        con.execute(f"CREATE TABLE {target} AS {select}" if chunk == 0 else f"INSERT INTO {target} {select}")
        scored.drop_table_from_database_and_remove_from_cache()
    linker.table_management.delete_tables_created_by_splink_from_db()
    if rows != (got := count_rows(con, target)):
        raise Defect(
            f"penilaian pasangan: {got} dari {rows} pasangan dinilai.", holds="Tidak ada keputusan yang ditulis.", todo="Laporkan."
        )


def link_type(tables: tuple[str, str]) -> LinkType:
    """Splink's name for comparing a table with itself, or with another."""
    return "dedupe_only" if tables[0] == tables[1] else "link_only"


def weight_of(comparison: Comparison) -> str:
    """Weight of a comparison in bits, term frequency included."""
    name = comparison.name
    return f"mw_{name} + mw_tf_adj_{name}" if any(level.tf for level in comparison.levels) else f"mw_{name}"


def _linker(con: duckdb.DuckDBPyConnection, model: Model, settings: Any, tables: tuple[str, str], size: int) -> Any:
    """A Splink linker over model tables, with the register's frequencies; an API object each, since two linkers on one would share them."""
    import logging

    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(con)
    inputs = [api.register(table, dataset_display_name=table) for table in dict.fromkeys(tables)]
    # Validation only logs what it doubts, and takes half a second a linker; the settings are ours and tested.
    linker = Linker(inputs, settings, log_level=logging.WARNING, validate_settings=False)
    create_lookups(con, model, tables, size)
    for column in model.frequencies:
        linker.table_management.register_term_frequency_lookup(api.register(f"lookup_{column}"), column)
    return linker


def create_lookups(con: duckdb.DuckDBPyConnection, model: Model, tables: tuple[str, str], size: int) -> None:
    """Make `lookup_<column>(<column>, tf_<column>)` for each column whose rarity counts: the register's share of each value met."""
    for column, frequency in model.frequencies.items():
        counted_by = con.execute(f"SELECT any_value(typeof(value)) FROM (FROM {frequency} LIMIT 1)").fetchall()[0][0]
        key = "name_key(string_split(v, ' '))" if counted_by == "BIGINT" else "v"  # the register counts names by key
        con.execute(
            f"""CREATE OR REPLACE TABLE lookup_{column} AS
            SELECT v AS {column}, coalesce(f.expected, {unlisted(con, frequency)[1]}) / {size} AS tf_{column}
            FROM (SELECT {column} AS v FROM {tables[0]} UNION SELECT {column} FROM {tables[1]}) LEFT JOIN {frequency} f ON f.value = {key}
            WHERE v IS NOT NULL"""
        )


def unlisted(con: duckdb.DuckDBPyConnection, frequency: str) -> tuple[int, float]:
    """Values of the register without a row in table `frequency`, and how often to expect such a value, or one that the register lacks.

    A name that one person bears is the rarest that there is; of values that are few the register lists all.
    """
    catalog, _, table = frequency.rpartition(".")
    kept = con.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = 'frequency_unlisted'", [catalog]).fetchone()
    rows = con.execute(f"SELECT names, expected FROM {catalog}.frequency_unlisted WHERE frequency = ?", [table]).fetchall() if kept else []
    return rows[0] if rows else (0, 1.0)
