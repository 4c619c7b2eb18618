"""Each dbt test of the project is broken once on a real night's tables and finds it: there is no check that cannot fail."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import duckdb
from judged import Bench

from padan.quality import dbt_rules

PLANTED = {d["rule"]: d["sql"] for d in tomllib.loads((Path(__file__).parent / "planted_defects.toml").read_text())["defect"]}

#: How each of our own tests is broken that no planted defect breaks.
OWN = {
    "assert_a_region_code_has_one_meaning_a_day": "INSERT INTO marts.wilayah FROM marts.wilayah LIMIT 1",
    "assert_attention_names_each_record_once_a_rule": "INSERT INTO marts.perhatian FROM marts.perhatian LIMIT 1",
    "assert_every_kpai_case_has_one_journey": "INSERT INTO marts.child_journey FROM marts.child_journey LIMIT 1",
    "assert_one_row_per_child_category_and_rule": "INSERT INTO marts.child_category FROM marts.child_category LIMIT 1",
    "assert_one_row_per_visit_and_finding": "INSERT INTO marts.temuan FROM marts.temuan LIMIT 1",
    "assert_periods_of_a_family_do_not_overlap": "INSERT INTO marts.keluarga FROM marts.keluarga LIMIT 1",
    "assert_every_code_is_filled": "UPDATE codes.codes_desil SET kode = NULL WHERE kode = '1'",
    "assert_every_indicator_has_a_figure_of_the_nation": "DELETE FROM marts.indicator WHERE indicator_code = 'I01'",
    "assert_indicator_has_one_row_per_cell": "INSERT INTO marts.indicator FROM marts.indicator LIMIT 1",
    "assert_disagreements_are_among_the_compared": "UPDATE marts.selisih SET berbeda = dibandingkan + 1",
    "assert_one_row_per_pair_column_and_place": "INSERT INTO marts.selisih FROM marts.selisih LIMIT 1",
    "assert_one_row_per_pair_of_feeds_and_place": "INSERT INTO marts.padanan FROM marts.padanan LIMIT 1",
    "assert_one_row_per_worker_role_and_regency": "INSERT INTO marts.pekerja_sosial FROM marts.pekerja_sosial LIMIT 1",
    "assert_outcomes_add_up_to_all_finished_cases": "UPDATE marts.indicator SET numerator = numerator + 1 WHERE indicator_code = 'I13'",
    "assert_regencies_add_up_to_their_province": "UPDATE marts.indicator SET numerator = numerator + 1 WHERE tingkat = 'provinsi'",
    "assert_sexes_and_age_bands_add_up_to_everyone": "UPDATE marts.indicator SET numerator = numerator + 1 WHERE jenis_kelamin = 'L'",
}


def _break(node: dict[str, Any], table: str, bench: Bench) -> str:
    """A statement after which a generic test of dbt's own must find a row."""
    kind, asked = node["test_metadata"]["name"], node["test_metadata"]["kwargs"]
    column = asked["column_name"]
    one = {"not_null": "NULL", "accepted_values": "'TIDAK ADA'", "relationships": "'TIDAK ADA'"}
    if kind == "unique":
        extra = f"SELECT * REPLACE ('KEMBAR' AS {column}) FROM (SELECT * FROM {table} LIMIT 1), range(2)"
        extra = extra.replace("SELECT * REPLACE", "SELECT * EXCLUDE (range) REPLACE")
    else:
        extra = f"SELECT * REPLACE ({one[kind]} AS {column}) FROM (FROM {table} LIMIT 1)"
    schema, name = table.split(".")
    kind = "VIEW" if name in bench.views else "TABLE"
    return f"""CREATE TABLE {schema}.broken AS FROM {table} UNION ALL BY NAME {extra};
        DROP {kind} {table}; ALTER TABLE {schema}.broken RENAME TO {name}"""


def _ways(bench: Bench) -> dict[str, str]:
    manifest = {"nodes": {n["unique_id"]: n for kind in ("model", "seed", "snapshot") for n in bench.nodes(kind)}, "sources": {}}
    generic = {name: node for name, node in bench.dbt_nodes.items() if node.get("test_metadata")}
    return {name: _break(node, dbt_rules.tested_table(node, manifest), bench) for name, node in generic.items()} | PLANTED | OWN


def _found(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0])


def test_every_dbt_rule_can_fail(bench: Bench, tmp_path: Path) -> None:
    ways, blind = _ways(bench), []
    with bench.damaged(tmp_path) as con:
        for name, sql in bench.dbt_tests.items():
            assert name in ways, f"nobody says how {name} is broken"
            assert _found(con, sql) == 0
            con.begin()
            con.execute(ways[name])
            if not _found(con, sql):
                blind.append(name)
            con.rollback()
    assert len(bench.dbt_tests) > 60
    assert blind == []
