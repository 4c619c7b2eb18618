"""Column lineage as the UI shows it: read from SQL, through CTEs, unions and subqueries, down to the delivered column."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from nights import RanNight
from sqlglot.schema import MappingSchema

from assets.lineage import column_lineage, model_metadata
from padan.home import Home

SCHEMA = MappingSchema({"s": {"a": {"id": "TEXT", "x": "TEXT"}, "b": {"id": "TEXT", "y": "TEXT"}}}, dialect="duckdb")


@pytest.mark.parametrize(
    ("sql", "column", "origins"),
    [
        ("select a.x from s.a", "x", {("s", "a", "x")}),
        ("select upper(a.x) || b.y as z from s.a join s.b using (id)", "z", {("s", "a", "x"), ("s", "b", "y")}),
        ("with c as (select id, x as y from s.a) select c.y from c", "y", {("s", "a", "x")}),
        ("select x as v from s.a union all select y from s.b", "v", {("s", "a", "x"), ("s", "b", "y")}),
        ("select c.y from (select id, x from s.a union all by name select id, y from s.b) as c", "y", {("s", "b", "y")}),
        ("select (select max(b.y) from s.b where b.id = a.id) as m from s.a", "m", {("s", "b", "y"), ("s", "b", "id"), ("s", "a", "id")}),
        ("select 'tetap' as k from s.a", "k", set()),
    ],
)
def test_a_column_comes_from_the_columns_it_is_computed_of(sql: str, column: str, origins: set[tuple[str, str, str]]) -> None:
    assert column_lineage(sql, SCHEMA)[column] == origins


def test_every_model_of_the_night_tells_its_lineage_and_an_indicator_leads_to_delivered_columns(small_night: RanNight) -> None:
    home = Home(small_night.home)
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        manifests = sorted(home.dbt.glob("runs/*/*/manifest.json"))
        models = {name.split(".")[-1]: told for path in manifests for name, told in model_metadata(con, path).items()}
    lineage = {name: told["dagster/column_lineage"].deps_by_column for name, told in models.items()}
    assert set(lineage) == set(models), "a model whose SQL cannot be read"
    assert len(models) > 30
    seen, open_columns = set(), [("indicator", column) for column in lineage["indicator"]]
    while open_columns:
        table, column = open_columns.pop()
        for dep in lineage.get(table, {}).get(column, []):
            schema, below = dep.asset_key.path
            if (schema, below, dep.column_name) not in seen:
                seen.add((schema, below, dep.column_name))
                open_columns.append((below, dep.column_name))
    delivered = {f"{table}.{column}" for schema, table, column in seen if schema == "raw"}
    assert {"kpai__pengaduan.tanggal", "ditjenpas__abh.diversi", "kemensos__atensi.tanggal_masuk"} <= delivered


def test_a_dbt_that_ended_before_its_manifest_hides_nothing_of_why(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        assert model_metadata(con, tmp_path / "manifest.json") == {}
