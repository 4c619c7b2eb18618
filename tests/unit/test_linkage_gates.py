"""Every rule of the two gates is broken once on purpose, and fires; whole tables pass; results hold counts and no value."""

from __future__ import annotations

import shutil

import duckdb
import pytest
from linkage_world import CONFIG, built, child, crowd, home_of, linked, record, warehouse

from padan.linkage import RULES_IN, RULES_OUT, check_input, check_output, link_institutions

YUSUF = child(1, "YUSUF HABIBIE", "2013-04-19")
OTHER = crowd(2)[1]
SECRET = "RAHASIA"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A warehouse that passes every rule, linked once and copied for each damage."""
    folder = tmp_path_factory.mktemp("gates")
    home = home_of(folder / "home")
    release = built(home, [YUSUF, *crowd(100)])
    rows = [
        record(1, "YUSUF HABIBIE", "2013-04-19", nik=YUSUF["nik"]),
        record(2, "QADAR XYLO", None),
        record(3, OTHER["nama"], OTHER["tanggal_lahir"], nik=OTHER["nik"]),
    ]
    con = warehouse(rows)
    linked(con, home, release)
    con.execute(
        """INSERT INTO link.change BY NAME SELECT 1 AS run_no, run_id, record_id, agency, feed, 'no_link' AS before_decision,
        person_id AS before_person_id, decision AS after_decision, register_id AS after_register_id, person_id AS after_person_id,
        'data' AS cause FROM link.decision WHERE record_id = 'r0001'"""
    )
    con.execute("CREATE SCHEMA staging")
    con.execute(
        """CREATE TABLE intermediate.int_institution__named AS SELECT 'm1' AS mention_id, 'kpai' AS agency, 'pengawasan' AS feed,
        DATE '2026-11-23' AS delivery_date, 'a.json' AS source_file, CAST(1 AS BIGINT) AS source_row, CAST(NULL AS VARCHAR) AS no_td,
        'PSAA PELANGI' AS nama_lks, 'LKSA' AS jenis, '32.73' AS kode_kabupaten"""
    )
    con.execute(
        """CREATE TABLE staging.stg_kemensos__lks AS SELECT '1/LKSA/1' AS no_td, 'PSAA PELANGI' AS nama_lks, 'LKSA' AS jenis,
        '32.73' AS kode_kabupaten"""
    )
    link_institutions(con, CONFIG, "uji-1")
    path = folder / "whole.duckdb"
    con.execute(f"ATTACH '{path}' AS copied")
    con.execute("COPY FROM DATABASE memory TO copied")
    con.close()
    return path


@pytest.fixture
def con(whole, tmp_path):
    shutil.copy(whole, tmp_path / "damaged.duckdb")
    with duckdb.connect(str(tmp_path / "damaged.duckdb")) as con:
        yield con


S, D, L = "intermediate.int_person__standardized", "link.decision", "link.institution_decision"
BROKEN = [
    ("orang_bentuk", f"ALTER TABLE {S} ALTER source_row TYPE VARCHAR"),
    ("orang_bentuk", f"ALTER TABLE {S} DROP anak"),
    ("orang_kunci", f"UPDATE {S} SET record_id = 'r0001'"),
    ("orang_isi", f"UPDATE {S} SET no_kk = '12' WHERE record_id = 'r0001'"),
    ("orang_isi", f"UPDATE {S} SET jenis_kelamin = 'laki' WHERE record_id = 'r0001'"),
    ("orang_isi", f"UPDATE {S} SET agency = NULL WHERE record_id = 'r0001'"),
    ("orang_isi", f"UPDATE {S} SET kode_kabupaten = '3273' WHERE record_id = 'r0001'"),
    ("orang_isi", f"UPDATE {S} SET source_row = 0 WHERE record_id = 'r0001'"),
    ("nik_menurut_status", f"UPDATE {S} SET nik_status = 'missing' WHERE record_id = 'r0001'"),
    ("nik_menurut_status", f"UPDATE {S} SET nik = NULL WHERE record_id = 'r0001'"),
    ("tanggal_menurut_presisi", f"UPDATE {S} SET tanggal_lahir_precision = 'none' WHERE record_id = 'r0001'"),
    ("keputusan_bentuk", f"ALTER TABLE {D} DROP method"),
    ("keputusan_bentuk", f"ALTER TABLE {D} ADD tambahan VARCHAR"),
    ("keputusan_kunci", f"INSERT INTO {D} SELECT * FROM {D} WHERE record_id = 'r0001'"),
    ("keputusan_isi", f"UPDATE {D} SET decision = 'mungkin' WHERE record_id = 'r0002'"),
    ("keputusan_isi", f"UPDATE {D} SET person_id = NULL WHERE record_id = 'r0002'"),
    ("keputusan_isi", f"UPDATE {D} SET match_probability = 1.5 WHERE record_id = 'r0001'"),
    ("keputusan_isi", f"UPDATE {D} SET margin = -1 WHERE record_id = 'r0001'"),
    ("register_hanya_pada_tautan", f"UPDATE {D} SET register_id = NULL WHERE record_id = 'r0001'"),
    ("register_hanya_pada_tautan", f"UPDATE {D} SET register_id = 'D1' WHERE record_id = 'r0002'"),
    ("bobot_terhingga", f"UPDATE {D} SET match_weight = 'inf' WHERE record_id = 'r0001'"),
    ("bobot_terhingga", f"UPDATE {D} SET match_weight = NULL WHERE record_id = 'r0001'"),
    ("setiap_orang_diputus", f"DELETE FROM {D} WHERE record_id = 'r0002'"),
    ("setiap_orang_diputus", f"DELETE FROM {S} WHERE record_id = 'r0002'"),
    ("tautan_ada_di_register", "DELETE FROM link.register_key"),
    ("tautan_ada_di_register", "DELETE FROM link.register_person"),
    ("satu_orang_satu_register", f"UPDATE {D} SET person_id = 'P1'"),
    ("kunci_register_bentuk", "UPDATE link.register_key SET nik = '12'"),
    ("kunci_register_bentuk", "INSERT INTO link.register_key SELECT * FROM link.register_key"),
    ("orang_register_bentuk", "UPDATE link.register_person SET desil = 11"),
    ("orang_register_bentuk", "ALTER TABLE link.register_person DROP pbi"),
    ("perubahan_bentuk", "ALTER TABLE link.change DROP cause"),
    ("perubahan_kunci", "INSERT INTO link.change SELECT * FROM link.change"),
    ("perubahan_isi", "UPDATE link.change SET cause = 'entah'"),
    ("perubahan_bersisi", "UPDATE link.change SET before_decision = NULL, after_decision = NULL"),
    ("perubahan_lengkap", "UPDATE link.change SET after_person_id = 'P0'"),
    ("lembaga_bentuk", f"ALTER TABLE {L} DROP reason"),
    ("lembaga_kunci", f"INSERT INTO {L} SELECT * FROM {L}"),
    ("lembaga_isi", f"UPDATE {L} SET method = 'nik'"),
    ("lks_hanya_pada_tautan", f"UPDATE {L} SET no_td = NULL"),
    ("setiap_lembaga_diputus", f"DELETE FROM {L}"),
]


def failed(con, *checks) -> dict[str, int]:
    return {r.rule_id: r.numerator for check in checks or (check_input, check_output) for r in check(con) if not r.passed}


def test_whole_tables_pass_and_every_rule_is_asked(con) -> None:
    assert failed(con) == {}
    assert [r.rule for r in check_input(con)] == list(RULES_IN)
    assert [r.rule for r in check_output(con)] == list(RULES_OUT)
    assert {r.rule_id: r.denominator for r in check_output(con)}["keputusan_isi"] == 3


@pytest.mark.long
@pytest.mark.parametrize(("rule_id", "damage"), BROKEN)
def test_each_rule_fires_when_it_is_broken(con, rule_id, damage) -> None:
    con.execute(damage)
    before = rule_id in {rule.rule_id for rule in RULES_IN}
    assert failed(con, check_input if before else check_output).get(rule_id, 0) >= 1


def test_every_rule_is_broken_once_here() -> None:
    assert {rule_id for rule_id, _ in BROKEN} == {rule.rule_id for rule in (*RULES_IN, *RULES_OUT)}


def test_rows_are_counted_and_no_value_leaves_the_gate(con) -> None:
    con.execute(f"UPDATE {S} SET jenis_kelamin = '{SECRET}'")
    results = check_input(con)
    assert failed(con)["orang_isi"] == 3
    assert SECRET not in repr(results)


def test_rules_are_sentences_and_named_once() -> None:
    rules = (*RULES_IN, *RULES_OUT)
    assert len({rule.rule_id for rule in rules}) == len(rules)
    assert all(rule.question.endswith(".") and len(rule.question) > 20 for rule in rules)
