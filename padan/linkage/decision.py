"""One answer a record, from the posterior over {each candidate, a relative the register lacks, nobody it holds}.

Threshold and margin are one thing here: a close runner-up takes its share of the probability. Household evidence (KK,
guardian, mother, place) ranks families; what proves a member is name, date, sex and NIK alone, weighed against the
commonest false link: the brother or sister who is in the register when the child is not.
Does not belong here: how a pair is scored (Splink), which record is the same person as another (entities).
"""

from __future__ import annotations

import math

import duckdb

from padan.config import PersonPolicy
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import NIK_SAME, PERSON_V1
from padan.linkage.siblings import prepare_siblings

#: Of the persons that the register lacks, the share whose family it holds: a child of a listed family is the common case.
ABSENT_IN_LISTED_FAMILY = 0.8

#: Level codes of the name up to which only part of the words is shared, and from which the whole name is.
PARTIAL_NAME, WHOLE_NAME = 5, 13

#: Level codes of name, birth date and age up to which they are another person's.
OTHER_NAME, OTHER_BIRTH = 2, 2

#: Where the serial begins in a NIK, after place and birthday.
NIK_SERIAL = 13

#: Level codes that tell the family: its card or the guardian's, and from which on the mother's whole name.
FAMILY_SAME, MOTHER_SAME = 3, 5

REASONS: dict[str, str] = {
    "nik_cocok": "NIK sama, dan nama serta tanggal lahir mendukung.",
    "bukti_cukup": "Nama, tanggal, tempat atau keluarga bersama-sama cukup.",
    "pelari_kedua_dekat": "Dua orang di register sama-sama mungkin.",
    "bukti_abu_abu": "Bukti belum cukup untuk tautan, terlalu banyak untuk ditolak.",
    "nama_atau_tanggal_beda": "NIK, keluarga atau tempat cocok, tetapi nama atau tanggal lahir tidak: mungkin milik keluarganya.",
    "diklaim_dua_baris": "Baris lain dari penyerahan yang sama, dengan data bertentangan, lebih cocok dengan orang itu.",
    "nik_milik_orang_lain": "NIK tercatat atas orang lain di register.",
    "tak_ada_pembanding": "Tidak ada nama, NIK, maupun KK yang dapat dibandingkan.",
    "tak_ada_calon": "Tidak ada orang di register yang sekunci.",
    "bukti_lemah": "Calon terbaik terlalu lemah.",
    "putusan_peninjau": "Peninjau menyatakan catatan ini orang itu.",
    "putusan_kedaluwarsa": "Peninjau pernah menyatakan catatan ini bukan orang itu; isinya sudah berubah sejak itu.",
    "putusan_berbeda": "Peninjau menyatakan catatan lain, yang lebih cocok dengan orang itu, orang yang berbeda.",
    "tak_ada_register": "Belum ada rilis DTSEN yang dibangun.",
}

NEXT_ACTIONS: dict[str, str] = {
    "nik_cocok": "Tidak ada.",
    "bukti_cukup": "Tidak ada.",
    "pelari_kedua_dekat": "Peninjau memilih di antara dua calon; minta NIK atau nama ibu kepada instansi.",
    "bukti_abu_abu": "Peninjau memeriksa calon terbaik; minta NIK atau nomor KK kepada instansi.",
    "nama_atau_tanggal_beda": "Peninjau memeriksa apakah anak ini saudara yang belum terdata; minta akta kelahiran atau NIK.",
    "diklaim_dua_baris": "Instansi memeriksa kedua baris; salah satunya memuat data orang lain.",
    "nik_milik_orang_lain": "Instansi memeriksa NIK (sering NIK orang tua); bila benar, lapor ke Dukcapil.",
    "tak_ada_pembanding": "Instansi melengkapi nama atau NIK.",
    "tak_ada_calon": "Dinas sosial memeriksa apakah keluarga belum terdata; usulkan pendataan DTSEN.",
    "bukti_lemah": "Instansi melengkapi NIK, tanggal lahir atau nama ibu; bila lengkap, usulkan pendataan DTSEN.",
    "putusan_peninjau": "Tidak ada.",
    "putusan_kedaluwarsa": "Peninjau memeriksa lagi dengan isi yang baru.",
    "putusan_berbeda": "Peninjau memeriksa siapa catatan ini; minta akta kelahiran atau NIK.",
    "tak_ada_register": "Muat dan bangun rilis DTSEN, lalu jalankan ulang.",
}

_TIES = "round(weight, 6) DESC, register_id"


def member_bits() -> str:
    """SQL over a scored pair: the bits that prove the member of a family, not the family, against a twin or another sibling.

    Whichever of the two is the likelier mistake. Needs the macros of `siblings.prepare_siblings`, and columns `parental` (the register
    person heads a family or is married to its head) and `family_words` (others of the family bear every word shared).
    """
    return f"least({_total('kembar')}, {_total('saudara')})"


def member_parts() -> dict[str, str]:
    """SQL over a scored pair, by comparison: the parts of `member_bits`."""
    twin, other = _parts("kembar"), _parts("saudara")
    twins = f"{_total('kembar')} < {_total('saudara')}"
    return {name: f"CASE WHEN {twins} THEN {twin[name]} ELSE {other[name]} END" for name in other}


def _total(kin: str) -> str:
    return f"({' + '.join(_parts(kin).values())})"


def _parts(kin: str) -> dict[str, str]:
    nik = f"CASE WHEN parental AND gamma_nik + 1 = {NIK_SAME} THEN parental_nik() ELSE {kin}_nik(gamma_nik + 1) END"
    nama = f"least(mw_nama, {kin}_nama(gamma_nama + 1))"
    parts = {
        "generasi": "least(mw_generasi, 0)",
        "nik": f"least(mw_nik, {nik})",
        # words that others of the family bear too prove no member, however rare they are
        "nama": f"""(CASE WHEN gamma_nama + 1 <= {PARTIAL_NAME} OR (family_words AND gamma_nama + 1 < {WHOLE_NAME})
            THEN least({nama}, 0) ELSE {nama} END)""",
        "kelamin": "saudara_kelamin(gamma_kelamin + 1)",
        # twins share the day, and are rare
        "lahir": "(-log2(kembar_share()))",
        "umur": "0.0",
    }
    if kin == "saudara":
        parts |= {
            "lahir": "(least(mw_lahir, saudara_lahir(gamma_lahir + 1)) - log2(1 - kembar_share()))",
            "umur": "least(mw_umur, saudara_umur(gamma_umur + 1))",
        }
    return parts


def weigh(con: duckdb.DuckDBPyConnection, scored: str, size: int, policy: PersonPolicy, trained: Probabilities | None = None) -> None:
    """Make `weighed`: `scored` with register_id, rank, and `probability`, the posterior of each candidate of a record.

    `scored.weight` is the log2 odds of Splink under the prior `coverage / size`. `trained`: what it was scored by, else the model in force.
    """
    absent = 1 - policy.register_coverage
    prepare_siblings(con, trained or PERSON_V1.load())
    con.execute(
        f"""CREATE OR REPLACE TABLE weighed AS
        SELECT *, row_number() OVER (PARTITION BY rec_no ORDER BY {_TIES}) AS rank,
            lead(weight) OVER (PARTITION BY rec_no ORDER BY {_TIES}) AS runner_up_weight, likely / (
                sum(likely) OVER (PARTITION BY rec_no) + sum(relative) OVER (PARTITION BY rec_no) + {absent}
            ) AS probability
        FROM (SELECT l AS rec_no, r AS person_no, * EXCLUDE (l, r),
                {likely_sql(policy, size)} AS likely, {relative_sql(policy, size, member_bits())} AS relative
            FROM (SELECT i.register_id, s.*, coalesce(i.hubungan_kepala IN ('1', '2'), false) AS parental,
                    -- every word shared is borne by other members of the family too
                    coalesce(list_has_all(f.words, list_intersect(n.loose, i.nama_longgar)), false) AS family_words
                FROM {scored} s JOIN chosen i ON i.person_no = s.r LEFT JOIN record_nama n ON n.id = s.l
                LEFT JOIN family_word f ON f.person_no = s.r))"""
    )


def likely_sql(policy: PersonPolicy, size: int) -> str:
    """SQL over `weight`: what a candidate puts into the posterior, as the record's person."""
    coverage = policy.register_coverage
    return f"exp2_(weight - {logodds(coverage / size)}) * {coverage / size}"


def relative_sql(policy: PersonPolicy, size: int, member: str) -> str:
    """SQL over `weight`: what a candidate puts into the posterior, as family of a person whom the register lacks."""
    coverage = policy.register_coverage
    return f"exp2_(weight - {logodds(coverage / size)} - ({member})) * {(1 - coverage) * ABSENT_IN_LISTED_FAMILY / size}"


def logodds(p: float) -> float:
    """Bits of a probability."""
    return math.log2(p / (1 - p))


def decide(con: duckdb.DuckDBPyConnection, policy: PersonPolicy) -> None:
    """Make `decided`: one row a record with decision, reason, method, the best candidate and the numbers behind it."""
    sure = f"b.probability >= {policy.link_probability}"
    con.execute(
        f"""CREATE OR REPLACE TABLE decided AS
        SELECT r.rec_no, b.person_no, b.register_id AS best_register_id, b.weight AS match_weight, b.probability AS match_probability,
            b.weight - b.runner_up_weight AS margin, b.runner_up_weight, coalesce(b.guarded, false) AS guarded,
            CASE WHEN {sure} AND NOT b.contradicted THEN 'link'
                WHEN b.two >= {policy.review_probability} THEN 'review' ELSE 'no_link' END AS decision,
            CASE WHEN {sure} AND b.contradicted THEN 'nama_atau_tanggal_beda'
                WHEN {sure} THEN CASE WHEN b.guarded THEN 'nik_cocok' ELSE 'bukti_cukup' END
                WHEN b.two >= {policy.review_probability} AND b.two - b.probability >= b.probability / 2 THEN 'pelari_kedua_dekat'
                WHEN b.two >= {policy.review_probability} THEN 'bukti_abu_abu'
                WHEN b.nik_elsewhere THEN 'nik_milik_orang_lain'
                WHEN b.rec_no IS NOT NULL THEN 'bukti_lemah'
                WHEN m.nik IS NULL AND m.nama IS NULL AND m.no_kk IS NULL THEN 'tak_ada_pembanding' ELSE 'tak_ada_calon' END AS reason
        FROM record r JOIN record_model m ON m.unique_id = r.rec_no LEFT JOIN ({_best()}) b ON b.rec_no = r.rec_no"""
    )


def _best() -> str:
    """The best candidate of each record; `guarded`: NIK equal, and name and birth date (its own or the NIK's) agree with it.

    `two`: probability that it is the best or the second candidate. `nik_elsewhere`: the NIK is some candidate's.
    `contradicted`: name or birth date are not this person's, whatever the NIK or the family weigh.
    """
    return f"""
    SELECT w.*, w.gamma_nik + 1 = {NIK_SAME} AND coalesce(nik_guard(l, r), false) AS guarded, t.two, t.nik_elsewhere,
        CASE WHEN w.gamma_nik + 1 = {NIK_SAME} THEN {_nik_of_another()} ELSE {_another_of_the_family()} END AS contradicted
    FROM weighed w JOIN record_model l ON l.unique_id = w.rec_no JOIN register_model r ON r.unique_id = w.person_no
    JOIN (SELECT rec_no, sum(probability) FILTER (rank <= 2) AS two, bool_or(gamma_nik + 1 = {NIK_SAME}) AS nik_elsewhere
        FROM weighed GROUP BY 1) t
        ON t.rec_no = w.rec_no
    WHERE w.rank = 1"""


def _nik_of_another() -> str:
    """SQL over a pair of one NIK: no date and only part of the name agrees; or it is a parent's, and the row a child's of another day."""
    child = "child_in_year(l.tanggal_lahir, l.tanggal_acuan)"
    return f"""(w.gamma_nama + 1 BETWEEN 1 AND {PARTIAL_NAME} AND greatest(w.gamma_lahir, w.gamma_umur) + 1 <= {OTHER_BIRTH})
        OR (w.parental AND w.gamma_lahir + 1 BETWEEN 1 AND {OTHER_BIRTH} AND {child})"""


def _another_of_the_family() -> str:
    """SQL over a pair without one NIK: another's name or birth date; what a twin has of it as well.

    That is part of the name where the family is known, and all but the whole name where the NIK is the next one to this person's.
    """
    known = f"(w.gamma_keluarga + 1 = {FAMILY_SAME} OR w.gamma_ibu + 1 >= {MOTHER_SAME})"
    return f"""w.gamma_nama + 1 BETWEEN 1 AND CASE WHEN {known} THEN {PARTIAL_NAME} ELSE {OTHER_NAME} END
        OR w.gamma_lahir + 1 BETWEEN 1 AND {OTHER_BIRTH}
        OR (w.gamma_nama + 1 BETWEEN 1 AND {WHOLE_NAME - 1} AND {_next_nik()})"""


def _next_nik() -> str:
    """SQL over a pair: one place and birthday, and serials next to each other, as twins have who are entered one after the other."""
    serials = (f"TRY_CAST(substr({side}.nik, {NIK_SERIAL}) AS INTEGER)" for side in "lr")
    return f"coalesce(left(l.nik, {NIK_SERIAL - 1}) = left(r.nik, {NIK_SERIAL - 1}) AND abs({' - '.join(serials)}) = 1, false)"


def withdraw_contradictions(con: duckdb.DuckDBPyConnection) -> None:
    """Two records of one delivery that claim one register person and contradict each other: the weaker goes to review.

    Several rows about one child are normal (stages, months, cases): a contradiction is two NIKs, or two dates under two names.
    """
    con.execute(
        """CREATE OR REPLACE TABLE contradicted AS
        SELECT DISTINCT a.rec_no FROM decided a JOIN decided b ON b.person_no = a.person_no AND b.rec_no <> a.rec_no
        JOIN record ra ON ra.rec_no = a.rec_no JOIN record rb ON rb.rec_no = b.rec_no
        JOIN record_model ma ON ma.unique_id = a.rec_no JOIN record_model mb ON mb.unique_id = b.rec_no
        WHERE a.decision = 'link' AND b.decision = 'link'
            AND (ra.agency, ra.feed, ra.delivery_date) = (rb.agency, rb.feed, rb.delivery_date)
            AND (round(a.match_weight, 6), rb.rec_no) < (round(b.match_weight, 6), ra.rec_no) AND contradicts(ma, mb)"""
    )
    con.execute(
        """UPDATE decided SET decision = 'review', reason = 'diklaim_dua_baris' WHERE rec_no IN (SELECT rec_no FROM contradicted)"""
    )
