"""The tables that linkage leaves in the warehouse (schema `link`): their columns, and the one transaction that writes them."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from padan.linkage.meanings import meanings
from padan.linkage.person_v1.definition import PERSON_V1

_DECISION = """record_id VARCHAR, agency VARCHAR, feed VARCHAR, delivery_date DATE, source_file VARCHAR, source_row BIGINT,
    entity_type VARCHAR, {subject} VARCHAR, {target} VARCHAR, decision VARCHAR, method VARCHAR, reason VARCHAR, match_weight DOUBLE,
    match_probability DOUBLE, margin DOUBLE, runner_up_weight DOUBLE, next_action VARCHAR, model_version VARCHAR, policy_version VARCHAR,
    run_id VARCHAR"""

_SCORES = ", ".join(f"gamma_{c.name} INTEGER, mw_{c.name} DOUBLE" for c in PERSON_V1.comparisons)

TABLES: dict[str, str] = {
    "decision": _DECISION.format(subject="person_id", target="register_id"),
    "institution_decision": _DECISION.format(subject="institution_id", target="no_td"),
    "register_key": "register_id VARCHAR, nik VARCHAR, id_keluarga VARCHAR",
    "register_person": """register_id VARCHAR, dtsen_versi DATE, id_keluarga VARCHAR, desil INTEGER, kode_kecamatan VARCHAR,
        kode_kabupaten VARCHAR, jenis_kelamin VARCHAR, tanggal_lahir DATE, status_dtsen VARCHAR, hubungan_kepala VARCHAR,
        partisipasi_sekolah VARCHAR, penglihatan VARCHAR, pendengaran VARCHAR, berjalan VARCHAR, belajar VARCHAR, perilaku VARCHAR,
        disabilitas VARCHAR, pbi VARCHAR""",
    "candidate": f"""record_id VARCHAR, register_id VARCHAR, rank BIGINT, rules VARCHAR[], match_weight DOUBLE,
        match_probability DOUBLE, {_SCORES},
        run_id VARCHAR""",
    "memory": """record_id VARCHAR, content UBIGINT, barred VARCHAR, basis VARCHAR, person_no INTEGER, best_register_id VARCHAR,
        match_weight DOUBLE, match_probability DOUBLE, margin DOUBLE, runner_up_weight DOUBLE, guarded BOOLEAN, decision VARCHAR,
        reason VARCHAR, keluarga INTEGER, nik_keluarga INTEGER""",
    "register_known": "register_id VARCHAR, register_key VARCHAR",
    "run": """run_no INTEGER, run_id VARCHAR, register VARCHAR, model VARCHAR, rulings BIGINT, records BIGINT, scored BIGINT,
        changed BIGINT""",
    "change": """run_no INTEGER, run_id VARCHAR, record_id VARCHAR, agency VARCHAR, feed VARCHAR, before_decision VARCHAR,
        before_register_id VARCHAR, before_register_key VARCHAR, before_person_id VARCHAR, after_decision VARCHAR,
        after_register_id VARCHAR, after_register_key VARCHAR, after_person_id VARCHAR, cause VARCHAR""",
    "block_loss": "record_id VARCHAR, rule VARCHAR, block_size BIGINT, lost BOOLEAN, run_id VARCHAR",
    "ruling_state": "ruling_id VARCHAR, record_id VARCHAR, ruling VARCHAR, register_id VARCHAR, state VARCHAR, run_id VARCHAR",
    "entity": "record_id VARCHAR, person_id VARCHAR, since_run_id VARCHAR, run_id VARCHAR",
}


def create_tables(con: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """Make the tables of schema `link` that are not there yet."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {warehouse}.link")
    there = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'link'", [warehouse]).fetchall()
    for table in TABLES.keys() - {name for (name,) in there}:
        _make(con, f"{warehouse}.link.{table}", table)


def _make(con: duckdb.DuckDBPyConnection, name: str, table: str) -> None:
    """An empty table under `name` with the columns of `table`, each with what it means."""
    con.execute(f"CREATE OR REPLACE TABLE {name} ({TABLES[table]})")
    for column, *_ in con.execute(f"DESCRIBE {name}").fetchall():
        con.execute(f"COMMENT ON COLUMN {name}.{column} IS '{meanings()[column]}'")


@dataclass(frozen=True)
class Writing:
    """How tables of schema `link` are written, each from a query.

    `anew`: replaced. `renewed`: a condition on the rows that go, and the query of those that come. `appended`: added to.
    """

    anew: dict[str, str] = field(default_factory=dict)
    renewed: dict[str, tuple[str, str]] = field(default_factory=dict)
    appended: dict[str, str] = field(default_factory=dict)


def replace_tables(con: duckdb.DuckDBPyConnection, warehouse: str, queries: dict[str, str]) -> None:
    """Make each table anew from its query, all or none; a newer code's columns replace an older's."""
    write_tables(con, warehouse, Writing(anew=queries))


def write_tables(con: duckdb.DuckDBPyConnection, warehouse: str, writing: Writing) -> None:
    """Write all tables or none."""
    con.execute("BEGIN TRANSACTION")
    try:
        for table, (gone, _) in writing.renewed.items():
            con.execute(f"DELETE FROM {warehouse}.link.{table} WHERE {gone}")
        for table in writing.anew:
            _make(con, f"{warehouse}.link.{table}", table)
        renewed = {table: query for table, (_, query) in writing.renewed.items()}
        for table, query in (writing.anew | renewed | writing.appended).items():
            con.execute(f"INSERT INTO {warehouse}.link.{table} BY NAME {query}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
