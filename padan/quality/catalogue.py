"""Every rule outside dbt, in the order of the night: intake, register, linkage, accuracy, and tonight against the nights before.

Belongs here: which rules there are. Does not belong here: how one is judged; dbt's own tests (dbt_rules).
"""

from __future__ import annotations

from functools import cache

from padan.linkage import RULES_IN, RULES_OUT
from padan.quality.accuracy import RULES as ACCURACY
from padan.quality.accuracy import TABLE as ACCURACY_TABLE
from padan.quality.rules import Rule, rule
from padan.quality.suites import SUITES
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

ROWS_ADD_UP = "baris_diterima_sama_dengan_hasil"
WITHDRAWAL_ANSWERED = "penarikan_terjawab"
ACCEPTED = "kiriman_diterima"
ON_TIME = "kiriman_tepat_waktu"
QUARANTINE_SMALL = "karantina_kecil"
DUPLICATES_FEW = "duplikat_persis_sedikit"
RELEASE_THERE = "rilis_dtsen_ada"
CONFORMS = "sesuai_standar_dtsen"
QUEUE_YOUNG, READERS_AGREE = "antrean_putusan_tidak_menua", "pembaca_putusan_sependapat"
REVIEW_TABLE = "review.case"
LANDING_TABLE, RELEASE_TABLE, CONFORMITY_TABLE = "ledger.delivery", "register.release", "intermediate.int_conformity"


@cache
def catalogue() -> dict[tuple[str, str], Rule]:
    """Every rule by (rule_id, table_name)."""
    intake = [one for contract in contracts().values() for one in _of_feed(contract)]
    return {(one.rule_id, one.table_name): one for one in (*_OWN, *intake, *_conformity(), *_linkage(), *_accuracy(), *_suites())}


def expected_gates() -> list[tuple[str, str]]:
    """(rule, table) of every blocking rule outside dbt: one without a result tonight has failed. dbt records those that it skipped."""
    return [key for key, one in catalogue().items() if one.blocking]


_OWN = (
    rule(
        ACCEPTED,
        LANDING_TABLE,
        "validity",
        "Tidak ada isi folder kiriman di luar sumber yang dikenal.",
        "isi folder yang bukan kiriman, dari isi folder",
        tool="padan",
        blocking=False,
        sdi="metadata",
    ),
    rule(
        RELEASE_THERE,
        RELEASE_TABLE,
        "completeness",
        "Ada rilis DTSEN yang utuh untuk tanggal acuan.",
        "rilis yang tidak ada, dari satu yang perlu",
        tool="padan",
        owner="team:dtsen",
        sdi="kode referensi dan data induk",
    ),
    rule(
        QUEUE_YOUNG,
        REVIEW_TABLE,
        "timeliness",
        "Tidak ada kasus yang menunggu putusan lebih lama daripada batasnya ([review] oldest_days).",
        "kasus yang terlalu lama menunggu, dari kasus dalam antrean",
        tool="padan",
        blocking=False,
        owner="team:padan",
    ),
    rule(
        READERS_AGREE,
        REVIEW_TABLE,
        "accuracy",
        "Dua pembaca kasus yang sama sependapat lebih sering daripada kebetulan ([review] least_agreement, kappa).",
        "pasangan jawaban yang berbeda, dari pasangan jawaban",
        tool="padan",
        blocking=False,
        owner="team:padan",
    ),
)


def _of_feed(contract: Contract) -> list[Rule]:
    """What is asked of every delivery of a feed."""
    table, due, limits = f"raw.{contract.feed.table}", contract.feed.due, contract.feed.limits
    last = due.every_days + due.grace_days
    return [
        rule(
            ROWS_ADD_UP,
            table,
            "consistency",
            "Baris diterima = baris sah + karantina + duplikat persis, untuk setiap berkas.",
            "baris yang tidak terhitung, dari baris diterima",
            tool="padan",
            owner="team:padan",
            iso25012="traceability",
        ),
        rule(
            WITHDRAWAL_ANSWERED,
            table,
            "completeness",
            "Tidak ada baris ditarik tanpa jawaban operator bila terlalu banyak yang hilang.",
            "penarikan tanpa jawaban operator, dari kiriman di folder",
            tool="padan",
        ),
        rule(
            ACCEPTED,
            table,
            "validity",
            "Tidak ada kiriman yang ditolak malam ini.",
            "kiriman yang ditolak, dari kiriman di folder",
            tool="padan",
            blocking=False,
            sdi="metadata",
        ),
        rule(
            ON_TIME,
            table,
            "timeliness",
            f"Kiriman yang berlaku tidak lebih tua dari {last} hari (tiap {due.every_days} hari, tenggang {due.grace_days}).",
            "kiriman yang terlambat, dari satu yang jatuh tempo",
            tool="padan",
            blocking=False,
        ),
        rule(
            QUARANTINE_SMALL,
            table,
            "validity",
            f"Karantina kiriman yang berlaku tidak lebih dari {limits.quarantined / 2:.1%} barisnya.",
            "baris dalam karantina, dari baris diterima",
            tool="pandera",
            blocking=False,
        ),
        rule(
            DUPLICATES_FEW,
            table,
            "uniqueness",
            f"Duplikat persis dalam kiriman yang berlaku tidak lebih dari {limits.duplicates:.0%} barisnya.",
            "baris yang sama persis dengan yang lain, dari baris diterima",
            tool="padan",
            blocking=False,
        ),
    ]


def _conformity() -> list[Rule]:
    """One rule a coded column of a feed; shown under the column's own name."""
    return [
        rule(
            CONFORMS,
            f"{c.feed.path}.{column.name}",
            "validity",
            f"Isian {column.name} sesuai kolom DTSEN dan daftar kodenya.",
            f"sel {column.name} terisi yang tidak terbaca atau tidak dikenal, dari sel terisi",
            tool="dbt",
            blocking=False,
            owner=c.feed.owner,
            iso25012="compliance",
            sdi="kode referensi dan data induk" if column.codes else "standar data",
        )
        for c in contracts().values()
        if not c.feed.is_register
        for column in c.columns
        if column.dtsen or column.codes
    ]


def _linkage() -> list[Rule]:
    form = ("_bentuk",)
    return [
        rule(
            one.rule_id,
            one.table_name,
            one.dimension,
            one.question,
            f"baris yang melanggar (kolom, untuk bentuk tabel), dari baris {one.table_name}",
            tool="pandera",
            iso25012="compliance" if one.rule_id.endswith(form) else "",
            sdi="metadata" if one.rule_id.endswith(form) else "",
        )
        for one in (*RULES_IN, *RULES_OUT)
    ]


def _accuracy() -> list[Rule]:
    return [
        rule(
            one.rule_id,
            ACCURACY_TABLE,
            "accuracy",
            one.about,
            "angka di luar batas, dari angka yang dinilai",
            tool="padan",
            blocking=one.blocking,
            iso25012="credibility",
        )
        for one in ACCURACY
    ]


def _suites() -> list[Rule]:
    return [
        rule(
            one.name,
            one.table_name,
            one.dimension,
            one.about,
            "ukuran di luar batas yang dipelajari dari malam-malam sebelumnya, dari ukuran malam ini",
            tool="great_expectations",
            blocking=one.severity == "error",
        )
        for one in SUITES
    ]
