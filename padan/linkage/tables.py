"""The tables that linkage leaves in the warehouse (schema `link`): their columns.

Does not belong here: writing them (writing), what a column means (meanings).
"""

from __future__ import annotations

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
        changed BIGINT, program VARCHAR""",
    "change": """run_no INTEGER, run_id VARCHAR, record_id VARCHAR, agency VARCHAR, feed VARCHAR, before_decision VARCHAR,
        before_register_id VARCHAR, before_register_key VARCHAR, before_person_id VARCHAR, after_decision VARCHAR,
        after_register_id VARCHAR, after_register_key VARCHAR, after_person_id VARCHAR, cause VARCHAR""",
    "block_loss": "record_id VARCHAR, rule VARCHAR, block_size BIGINT, lost BOOLEAN, run_id VARCHAR",
    "ruling_state": "ruling_id VARCHAR, record_id VARCHAR, ruling VARCHAR, register_id VARCHAR, state VARCHAR, run_id VARCHAR",
    "entity": "record_id VARCHAR, person_id VARCHAR, since_run_id VARCHAR, run_id VARCHAR",
}
