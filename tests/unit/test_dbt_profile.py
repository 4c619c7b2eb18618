"""dbt's connection has the machine's limits, and goes on after a model that did not fit the memory."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments.local import LocalEnvironment

PROFILE = Path(__file__).resolve().parents[2] / "dbt_project" / "profiles.yml"


def rendered(tmp_path: Path, memory: str) -> DuckDBCredentials:
    told = {"PADAN_WAREHOUSE": str(tmp_path / "w.duckdb"), "PADAN_TMP": str(tmp_path / "tmp"), "PADAN_MEMORY_LIMIT": memory}
    engine = jinja2.Environment(autoescape=False)  # noqa: S701 (YAML, not a page)
    engine.filters["as_number"] = int
    text = engine.from_string(PROFILE.read_text()).render(env_var=lambda name, default=None: told.get(name, default))
    output = yaml.safe_load(text)["padan"]["outputs"]["night"]
    return DuckDBCredentials(database="w", schema="main", **{k: v for k, v in output.items() if k not in ("type", "threads")})


def test_a_model_that_spilled_does_not_stop_the_next(tmp_path: Path) -> None:
    environment = LocalEnvironment(rendered(tmp_path, "64MB"))
    first = environment.handle()
    cursor = first.cursor()
    cursor.execute("CREATE TABLE besar AS SELECT md5(CAST(i AS VARCHAR)) AS m FROM range(3000000) r(i) ORDER BY m")
    with pytest.raises(Exception, match="temporary directory"):  # it has spilled: now DuckDB holds on to the folder
        cursor.execute("SET temp_directory = '/tmp'")
    second = environment.handle().cursor()
    second.execute("SELECT count(*) FROM besar")
    assert second.fetchall() == [(3_000_000,)]
    second.execute("SELECT current_setting('memory_limit'), current_setting('threads'), current_setting('preserve_insertion_order')")
    assert second.fetchall() == [("61.0 MiB", 2, False)]
    second.execute("SELECT current_setting('temp_directory'), current_setting('autoload_known_extensions')")
    assert second.fetchall() == [(str(tmp_path / "tmp"), False)]
