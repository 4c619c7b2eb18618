"""One linkage system over given records and register, timed by stage: ours, Splink the plain way, an exact NIK.

Each writes `answer(record_id, nik, probability)`, its best person of each record that it answers; prints its stages as JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.measure import Stages
from padan.config import Machine, PersonPolicy
from padan.home import Home
from padan.linkage.answering import answer
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.workspace import workspace
from padan.warehouse import configure

STANDARD = "intermediate.int_person__standardized"

_REGISTER = """
CREATE TABLE dtsen AS SELECT CAST(a.source_row AS VARCHAR) AS unique_id, a.nik, a.no_kk, a.nama, a.nama_ibu, a.tanggal_lahir,
    CASE a.jenis_kelamin WHEN '1' THEN 'L' ELSE 'P' END AS jenis_kelamin, left(k.kode_kecamatan, 5) AS kode_kabupaten
FROM delivered.raw.dtsen__anggota a JOIN delivered.raw.dtsen__keluarga k USING (id_keluarga)
"""

_CASES = f"""
CREATE TABLE kasus AS SELECT record_id AS unique_id, nik, no_kk, nama, nama_ibu, CAST(tanggal_lahir AS VARCHAR) AS tanggal_lahir,
    jenis_kelamin, kode_kabupaten FROM cases.{STANDARD}
"""


def _open(folder: Path, work: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(work))
    configure(con, Machine(memory_limit="6GB"), folder)
    con.execute(f"ATTACH '{folder / 'cases.duckdb'}' AS cases (READ_ONLY)")
    return con


def padan(home: Home, folder: Path, stages: Stages) -> dict[str, Any]:
    """The night's own linkage over the built register; also which true pairs were candidates at all."""
    release = max(home.register.glob("*/register.duckdb"))
    con = duckdb.connect(str(folder / "cases.duckdb"))
    configure(con, Machine(memory_limit=os.environ.get("PADAN_MEMORY_LIMIT", Machine().memory_limit)), folder)
    policy = PersonPolicy()
    with workspace(con, release) as (work, warehouse):
        prepare_records(work, warehouse)
        stages.done("records")
        reached = []
        answer(work, policy, PERSON_V1.load(), register_size(work), lambda step, rows: (reached.append((step, rows)), stages.done(step))[0])
        stages.done("decisions")
        work.execute(f"ATTACH '{folder / 'answers_padan.duckdb'}' AS answers")
        work.execute(
            """CREATE OR REPLACE TABLE answers.answer AS SELECT r.record_id, c.nik, d.match_probability AS probability, d.decision, d.reason
            FROM decided d JOIN record r USING (rec_no) JOIN chosen c USING (person_no)"""
        )
        work.execute(
            f"""CREATE OR REPLACE TABLE answers.reached AS SELECT r.record_id, w.probability FROM weighed w JOIN record r USING (rec_no)
            JOIN {warehouse}.truth t ON t.record_id = r.record_id JOIN chosen c ON c.person_no = w.person_no AND c.nik = t.nik_register"""
        )
        work.execute("DETACH answers")
    return {"pairs": dict(reached).get("dinilai")}


def nik(home: Home, folder: Path, stages: Stages) -> dict[str, Any]:
    """The person who has the record's NIK."""
    con = _open(folder, folder / "answers_nik.duckdb")
    con.execute(f"ATTACH '{max(home.register.glob('*/delivered.duckdb'))}' AS delivered (READ_ONLY)")
    con.execute(
        f"""CREATE TABLE answer AS SELECT c.record_id, c.nik, 1.0 AS probability FROM cases.{STANDARD} c
        JOIN delivered.raw.dtsen__anggota a ON a.nik = c.nik GROUP BY c.record_id, c.nik HAVING count(*) = 1"""
    )
    stages.done("join")
    return {"pairs": con.execute("SELECT count(*) FROM answer").fetchall()[0][0]}


def splink(home: Home, folder: Path, stages: Stages) -> dict[str, Any]:
    """Splink link_only on both full tables: trained on them, then predict."""
    con, api, tables = _splink_tables(home, folder, "splink")
    stages.done("load")
    from splink import Linker, block_on

    linker = Linker(tables, _splink_settings(), log_level=logging.ERROR)
    sure = [block_on("nik"), block_on("nama", "tanggal_lahir", "kode_kabupaten")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.6)
    stages.done("prior")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    stages.done("u")
    for rule in (block_on("nik"), block_on("nama", "tanggal_lahir"), block_on("tanggal_lahir", "kode_kabupaten")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    stages.done("em")
    linker.misc.save_model_to_json(str(folder / "splink.json"), overwrite=True)
    return _predict(con, linker, stages)


def splink_saved(home: Home, folder: Path, stages: Stages) -> dict[str, Any]:
    """The same with the model that the run before it saved: load and predict only."""
    con, api, tables = _splink_tables(home, folder, "splink_saved")
    stages.done("load")
    from splink import Linker

    linker = Linker(tables, str(folder / "splink.json"), log_level=logging.ERROR)
    return _predict(con, linker, stages)


def _splink_tables(home: Home, folder: Path, name: str) -> tuple[duckdb.DuckDBPyConnection, Any, list[Any]]:
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    con = _open(folder, folder / f"answers_{name}.duckdb")
    con.execute(f"ATTACH '{max(home.register.glob('*/delivered.duckdb'))}' AS delivered (READ_ONLY)")
    con.execute(_CASES)
    con.execute(_REGISTER)
    con.execute("DETACH delivered")
    con.execute("DETACH cases")
    api = DuckDBAPI(con)
    return con, api, [api.register(table, dataset_display_name=table) for table in ("kasus", "dtsen")]


def _splink_settings() -> Any:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.LevenshteinAtThresholds("nik", [1, 2]),
            cl.ExactMatch("no_kk"),
            cl.JaroWinklerAtThresholds("nama", [0.96, 0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("nama_ibu", [0.96, 0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("tanggal_lahir", input_is_string=True),
            cl.ExactMatch("jenis_kelamin"),
            cl.ExactMatch("kode_kabupaten").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nik"),
            block_on("no_kk"),
            block_on("tanggal_lahir", "kode_kabupaten"),
            block_on("nama", "tanggal_lahir"),
            block_on("nama", "kode_kabupaten"),
        ],
    )


def _predict(con: duckdb.DuckDBPyConnection, linker: Any, stages: Stages) -> dict[str, Any]:
    scored = linker.inference.predict()
    con.execute(
        f"""CREATE TABLE answer AS SELECT c.unique_id AS record_id, d.nik, p.match_probability AS probability
        FROM (SELECT CASE source_dataset_l WHEN 'kasus' THEN unique_id_l ELSE unique_id_r END AS kasus,
                CASE source_dataset_l WHEN 'kasus' THEN unique_id_r ELSE unique_id_l END AS dtsen, match_probability, match_weight
            FROM {scored.physical_name}) p
        JOIN kasus c ON c.unique_id = p.kasus JOIN dtsen d ON d.unique_id = p.dtsen
        QUALIFY row_number() OVER (PARTITION BY c.unique_id ORDER BY round(match_weight, 6) DESC, d.unique_id) = 1"""
    )
    pairs = con.execute(f"SELECT count(*) FROM {scored.physical_name}").fetchall()[0][0]
    stages.done("predict")
    return {"pairs": pairs}


SYSTEMS: dict[str, Callable[[Home, Path, Stages], dict[str, Any]]] = {
    "padan": padan,
    "splink": splink,
    "splink_saved": splink_saved,
    "nik": nik,
}


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    (options.folder / f"answers_{options.system}.duckdb").unlink(missing_ok=True)
    stages = Stages()
    found = SYSTEMS[options.system](Home(options.home), options.folder, stages)
    work = {f"work_{unit}": round(sum(stage[unit] for stage in stages.taken.values()), 2) for unit in ("wall_s", "cpu_s")}
    print(json.dumps({"system": options.system, **found, **work, "stages": stages.taken}))


if __name__ == "__main__":
    _main()
