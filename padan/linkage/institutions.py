"""Which registered institution (LKS) each mention names: visits and complaints of KPAI, residents' rows of Kemensos.

The register is small, so that candidates are plain joins: the licence number, a word of the name, or kind and regency.
"""

from __future__ import annotations

import math

import duckdb

from padan.config import InstitutionPolicy, LinkageConfig
from padan.linkage.institution_v1.definition import INSTITUTION_V1, create_institution_macros
from padan.linkage.scoring import score_pairs
from padan.linkage.workspace import workspace
from padan.linkage.writing import create_tables, replace_tables
from padan.register.names import tokenize

#: Prior share of mentions whose institution is registered (2025: 16 of 17 thousand known LKSA are).
REGISTERED = 0.95

#: LKS that share a word of a name, at most, for the word to be a key.
WORD_CAP = 500

SIDES = ("mention_model", "lks_model")

NEXT_ACTIONS: dict[str, str] = {
    "no_td_cocok": "Tidak ada.",
    "bukti_cukup": "Tidak ada.",
    "pelari_kedua_dekat": "Peninjau memilih di antara lembaga senama; minta nomor tanda daftar atau kabupaten.",
    "bukti_abu_abu": "Peninjau memeriksa calon terbaik; minta nomor tanda daftar.",
    "bukti_lemah": "Periksa apakah lembaga belum terdaftar; bila benar, minta mendaftar (Permensos 5/2024).",
    "tak_ada_calon": "Periksa apakah lembaga belum terdaftar; bila benar, minta mendaftar (Permensos 5/2024).",
    "tak_ada_pembanding": "Instansi melengkapi nama lembaga atau nomor tanda daftar.",
    "tak_ada_register": "Muat kemensos/lks, lalu jalankan ulang.",
}

_MENTION = """
CREATE TABLE mention AS
SELECT CAST(row_number() OVER (ORDER BY agency, feed, delivery_date, source_file, source_row) AS INTEGER) AS no, * EXCLUDE (jenis),
    CASE WHEN jenis IN (SELECT jenis FROM {warehouse}.staging.stg_kemensos__lks) THEN jenis END AS jenis
FROM {warehouse}.intermediate.int_institution__named
"""

_LKS = """
CREATE TABLE lks AS
SELECT CAST(row_number() OVER (ORDER BY no_td) AS INTEGER) AS no, no_td, nama_lks, jenis, kode_kabupaten
FROM {warehouse}.staging.stg_kemensos__lks WHERE no_td IS NOT NULL QUALIFY row_number() OVER (PARTITION BY no_td ORDER BY nama_lks) = 1
"""

_MODEL = """
CREATE TABLE {table}_model AS
SELECT t.no AS unique_id, t.no_td, name_sorted(n.strict) AS inti, name_sorted(n.loose) AS inti_longgar,
    array_to_string(n.strict, '') AS inti_rapat, b.kata AS inti_kata, lks_number(lks_plain(t.nama_lks)) AS nomor,
    lks_kind(lks_plain(t.nama_lks)) AS sebutan, t.jenis, t.kode_kabupaten
FROM {table} t LEFT JOIN {table}_name n ON n.id = t.no LEFT JOIN (
    SELECT id, list({{'k': k, 'l': t.l, 'b': log2(s.total / coalesce(f.n, 1)), 'c': log2(s.total / coalesce(f.n, 1))}} ORDER BY i) AS kata
    FROM (SELECT id, unnest(strict) AS k, unnest(loose) AS l, generate_subscripts(strict, 1) AS i FROM {table}_name) t
    LEFT JOIN word_count f ON f.l = t.l CROSS JOIN (SELECT greatest(count(*), 1) AS total FROM lks) s GROUP BY id
) b ON b.id = t.no
"""

_CANDIDATES = f"""
CREATE TABLE mention_pair AS
SELECT m.unique_id AS l, r.unique_id AS r FROM mention_model m JOIN lks_model r ON r.no_td = m.no_td
UNION
SELECT m.id, r.id FROM (SELECT id, unnest(loose) AS w FROM mention_name) m JOIN (SELECT id, unnest(loose) AS w FROM lks_name) r USING (w)
JOIN word_count c ON c.l = m.w AND c.n <= {WORD_CAP}
UNION
SELECT m.unique_id, r.unique_id FROM mention_model m JOIN lks_model r ON r.kode_kabupaten = m.kode_kabupaten
WHERE m.inti IS NOT NULL
"""


_NOTHING_WEIGHED = """
CREATE TABLE mention_weighed (l INTEGER, r INTEGER, weight DOUBLE, gamma_no_td INTEGER, gamma_inti INTEGER, probability DOUBLE, rank BIGINT,
    runner_up_weight DOUBLE, two DOUBLE, named BOOLEAN)
"""


def link_institutions(con: duckdb.DuckDBPyConnection, config: LinkageConfig, run_id: str) -> None:
    """Decide every row of `intermediate.int_institution__named` against `staging.stg_kemensos__lks`; writes link.institution_decision."""
    with workspace(con, None) as (work, warehouse):
        create_tables(work, warehouse)
        size = prepare_mentions(work, warehouse)
        if size:
            prior = REGISTERED / size
            score_pairs(work, INSTITUTION_V1, INSTITUTION_V1.load(), SIDES, "mention_pair", "mention_scored", size=size, prior=prior)
            weigh_mentions(work, size)
        else:
            work.execute(_NOTHING_WEIGHED)
        _decide(work, config.institution, has_register=size > 0)
        replace_tables(work, warehouse, {"institution_decision": _decision_query(config, run_id)})


def prepare_mentions(con: duckdb.DuckDBPyConnection, warehouse: str) -> int:
    """Make the model tables of mentions and LKS and the pairs to compare; returns how many LKS there are."""
    create_institution_macros(con)
    con.execute(_MENTION.format(warehouse=warehouse))
    con.execute(_LKS.format(warehouse=warehouse))
    for table in ("lks", "mention"):
        tokenize(con, f"SELECT no AS id, lks_core(lks_plain(nama_lks)) AS raw FROM {table}", f"{table}_name")
    con.execute(
        "CREATE TABLE word_count AS SELECT l, count(*) AS n FROM (SELECT unnest(list_distinct(loose)) AS l FROM lks_name) GROUP BY 1"
    )
    for table in ("lks", "mention"):
        con.execute(_MODEL.format(table=table))
    con.execute(
        "CREATE TABLE frequency_inti AS SELECT inti AS value, count(*) AS expected FROM lks_model WHERE inti IS NOT NULL GROUP BY 1"
    )
    con.execute("CREATE TABLE frequency_kab AS SELECT kode_kabupaten AS value, count(*) AS expected FROM lks_model GROUP BY 1")
    con.execute(_CANDIDATES)
    return int(con.execute("SELECT count(*) FROM lks").fetchall()[0][0])


def weigh_mentions(con: duckdb.DuckDBPyConnection, size: int) -> None:
    """Make `mention_weighed`: `mention_scored` with rank and the posterior over {each LKS, an unregistered one}."""
    prior = REGISTERED / size
    con.execute(
        f"""CREATE OR REPLACE TABLE mention_weighed AS
        SELECT *, sum(probability) FILTER (rank <= 2) OVER (PARTITION BY l) AS two,
            -- being the only one of its kind in a regency is no name
            gamma_no_td = 2 OR gamma_inti >= 2 AS named
        FROM (
            SELECT *, likely / (sum(likely) OVER (PARTITION BY l) + {1 - REGISTERED}) AS probability,
                row_number() OVER best AS rank, lead(weight) OVER best AS runner_up_weight
            FROM (SELECT *, exp2_(weight - {math.log2(prior / (1 - prior))}) * {prior} AS likely FROM mention_scored)
            WINDOW best AS (PARTITION BY l ORDER BY round(weight, 6) DESC, r))"""
    )


def _decide(con: duckdb.DuckDBPyConnection, policy: InstitutionPolicy, *, has_register: bool) -> None:
    link, review = policy.link_probability, policy.review_probability
    con.execute(
        f"""CREATE TABLE mention_decided AS
        SELECT m.no, w.r, w.weight, w.probability, w.runner_up_weight, coalesce(w.gamma_no_td = 2 AND w.gamma_inti >= 1, false) AS guarded,
            CASE WHEN w.probability >= {link} AND w.named THEN 'link' WHEN w.two >= {review} THEN 'review' ELSE 'no_link' END AS decision,
            CASE WHEN NOT {has_register} THEN 'tak_ada_register'
                WHEN w.probability >= {link} AND w.named AND w.gamma_no_td = 2 AND w.gamma_inti >= 1 THEN 'no_td_cocok'
                WHEN w.probability >= {link} AND w.named THEN 'bukti_cukup'
                WHEN w.two >= {review} AND w.two - w.probability >= w.probability / 2 THEN 'pelari_kedua_dekat'
                WHEN w.two >= {review} THEN 'bukti_abu_abu'
                WHEN w.r IS NOT NULL THEN 'bukti_lemah'
                WHEN m.nama_lks IS NULL THEN 'tak_ada_pembanding' ELSE 'tak_ada_calon' END AS reason
        FROM mention m LEFT JOIN mention_weighed w ON w.l = m.no AND w.rank = 1"""
    )


def _decision_query(config: LinkageConfig, run_id: str) -> str:
    actions = " ".join(f"WHEN '{reason}' THEN '{action}'" for reason, action in NEXT_ACTIONS.items())
    return f"""
    SELECT m.mention_id AS record_id, m.agency, m.feed, m.delivery_date, m.source_file, m.source_row, 'institution' AS entity_type,
        'L' || substr(md5(coalesce(CASE WHEN d.decision = 'link' THEN k.no_td END,
            concat_ws('|', lks_plain(m.nama_lks), m.kode_kabupaten))), 1, 20) AS institution_id,
        CASE WHEN d.decision = 'link' THEN k.no_td END AS no_td, d.decision,
        CASE WHEN d.guarded THEN 'no_td' WHEN d.r IS NOT NULL THEN 'probabilistic' ELSE 'none' END AS method, d.reason,
        d.weight AS match_weight, d.probability AS match_probability, d.weight - d.runner_up_weight AS margin, d.runner_up_weight,
        CASE d.reason {actions} END AS next_action, '{config.institution.model_version}' AS model_version,
        '{config.policy_version}' AS policy_version, '{run_id}' AS run_id
    FROM mention m JOIN mention_decided d USING (no) LEFT JOIN lks k ON k.no = d.r"""
