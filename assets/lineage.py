"""Which column each column of a dbt model was made from, as Dagster's UI draws it: read from the SQL that dbt ran tonight.

Belongs here: column lineage and the shown schema of tables. Does not belong here: what a column means (its yml or contract says).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from assets.shown import markdown

Column = tuple[str, str, str]
Metadata = dict[str, Any]
IN_FORCE = "__in_force"
CODES = "codes"


def model_metadata(con: duckdb.DuckDBPyConnection, manifest: Path) -> dict[str, Metadata]:
    """For each model that dbt compiled, by its unique id: columns with type and comment, lineage, and rows where it is a table.

    Nothing where dbt ended before it wrote its manifest: why it ended is told by the stage, not hidden by this.
    """
    if not manifest.is_file():
        return {}
    known = _schema(con)
    mapping = MappingSchema(known, dialect="duckdb")
    models = [node for node in json.loads(manifest.read_text())["nodes"].values() if node["resource_type"] == "model"]
    return {
        node["unique_id"]: _about(con, node["schema"], node["name"], node["compiled_code"], mapping)
        for node in models
        if node.get("compiled_code") and node["name"] in known.get(node["schema"], {})
    }


def column_lineage(sql: str, schema: MappingSchema) -> dict[str, set[Column]]:
    """The (schema, table, column) that each column of a SELECT is computed from; constants come from nowhere.

    Raises:
        SqlglotError: the SQL cannot be read.
    """
    query = qualify(parse_one(sql, dialect="duckdb"), schema=schema, dialect="duckdb", validate_qualify_columns=False)
    root = build_scope(query)
    memo: dict[tuple[int, str], set[Column]] = {}
    return {name: _origins(root, name, memo) for name in query.named_selects} if root else {}


def _origins(scope: Scope, column: str, memo: dict[tuple[int, str], set[Column]]) -> set[Column]:
    """Columns of tables behind one output column of a query; a query that refers to itself ends where it began."""
    place = (id(scope), column)
    if place not in memo:
        memo[place] = set()
        memo[place] = set().union(*_of_parts(scope, column, memo))
    return memo[place]


def _of_parts(scope: Scope, column: str, memo: dict[tuple[int, str], set[Column]]) -> Iterator[set[Column]]:
    if scope.set_operation_scopes:
        by_name, names = scope.expression.args.get("by_name"), scope.expression.named_selects
        for part in scope.set_operation_scopes:
            name = column if by_name else part.expression.named_selects[names.index(column)]
            yield _origins(part, name, memo)
        return
    for selected in scope.expression.selects:
        if selected.alias_or_name == column:
            yield from (_of_column(scope, read, memo) for read in selected.find_all(exp.Column))


def _of_column(scope: Scope, read: exp.Column, memo: dict[tuple[int, str], set[Column]]) -> set[Column]:
    """What a column that is read comes from; a code that was looked up also comes from what it was looked up by."""
    found = _of_source(scope, read, memo)
    if not found or any(schema != CODES for schema, _, _ in found):
        return found
    joins = [join for join in scope.expression.args.get("joins") or [] if join.alias_or_name == read.table]
    keys = [column for join in joins for column in (join.args.get("on") or join).find_all(exp.Column) if column.table != read.table]
    return found.union(*(_of_source(scope, key, memo) for key in keys))


def _of_source(scope: Scope, read: exp.Column, memo: dict[tuple[int, str], set[Column]]) -> set[Column]:
    for within in (scope, *scope.subquery_scopes):
        source = within.sources.get(read.table)
        if isinstance(source, exp.Table):
            return {(source.db, source.name, read.name)}
        if source is not None:
            return _origins(source, read.name, memo)
    return set()


def _about(con: duckdb.DuckDBPyConnection, schema: str, table: str, sql: str, mapping: MappingSchema) -> Metadata:
    told: Metadata = {"dagster/column_schema": table_schema(con, schema, table), "dagster/table_name": f"{schema}.{table}"}
    # A query that sqlglot cannot read has no lineage in the UI; the night does not depend on it, a test of the project does.
    with suppress(SqlglotError, ValueError, IndexError):
        told |= lineage_metadata(column_lineage(sql, mapping))
    rows = con.execute("SELECT estimated_size FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [schema, table]).fetchone()
    return told | ({"dagster/row_count": rows[0]} if rows else {})


def lineage_metadata(origins: Mapping[str, set[Column]]) -> Metadata:
    """Origins as Dagster keeps them, and as a table to read; the view of what is in force stands for its raw table."""
    known = {
        column: [(schema, table.removesuffix(IN_FORCE), name) for schema, table, name in sorted(found)]
        for column, found in origins.items()
        if found
    }
    deps = {
        column: [dg.TableColumnDep(dg.AssetKey([schema, table]), name) for schema, table, name in found] for column, found in known.items()
    }
    read = [(column, ", ".join(".".join(one) for one in found)) for column, found in known.items()]
    return {"dagster/column_lineage": dg.TableColumnLineage(deps), "asal_kolom": markdown(("kolom", "dihitung dari"), read)}


def table_schema(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> dg.TableSchema:
    """Columns of a table as the warehouse has them, with their comments."""
    rows = con.execute(
        """SELECT column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_index""",
        [schema, table],
    ).fetchall()
    return dg.TableSchema([dg.TableColumn(name, kind, description=comment) for name, kind, comment in rows])


def _schema(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    known: dict[str, dict[str, dict[str, str]]] = {}
    rows = con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = current_database()"
    )
    for schema, table, column, kind in rows.fetchall():
        known.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return known
