"""quality.linkage_accuracy: what the night's linkage was worth, kept for every night; and what of it is a failed rule.

Belongs here: keeping and judging figures. Does not belong here: how they come about (padan.linkage.evaluation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from padan.config import DriftLimits, EvaluationPolicy
from padan.linkage.drift import KINDS, Measure, compare
from padan.linkage.estimates import STRATIFIED, Figure
from padan.linkage.intervals import Estimate, difference, total
from padan.quality.checks import one_commit
from padan.warehouse import append_rows

TABLE = "quality.linkage_accuracy"

_COLUMNS = """run_id VARCHAR NOT NULL, measure VARCHAR NOT NULL, group_kind VARCHAR NOT NULL, group_value VARCHAR NOT NULL,
    numerator BIGINT NOT NULL, denominator BIGINT NOT NULL, value DOUBLE NOT NULL, lower DOUBLE NOT NULL, upper DOUBLE NOT NULL,
    method VARCHAR NOT NULL, PRIMARY KEY (run_id, measure, group_kind, group_value, method)"""

#: Fewer probes than this say nothing of a group, and are not shown.
SHOWN = 5

#: Groups whose recall is compared, with a NIK held equal: every probe is without a NIK that proves.
COMPARED = ("umur", "kelamin", "provinsi", "disabilitas", "kata_nama")


#: Groups whose recall the report plots.
KINDS_SHOWN: dict[str, str] = {
    "feed": "Menurut sumber",
    "umur": "Menurut umur",
    "kelamin": "Menurut jenis kelamin",
    "provinsi": "Menurut provinsi (kode)",
    "disabilitas": "Menurut disabilitas",
    "kata_nama": "Menurut jumlah kata dalam nama",
}

#: What an officer reads of each measure.
NAMES: dict[str, str] = {
    "recall": "ditemukan",
    "precision": "presisi",
    "wrong_link": "tertaut ke orang lain",
    "false_link": "tertaut padahal tak terdaftar",
    "unlike": "tautan yang tak terwakili uji",
}


@dataclass(frozen=True)
class Rule:
    """A rule on the night's linkage: green when `about` is true."""

    rule_id: str
    about: str
    blocking: bool = False


HELD_BACK = Rule("presisi_padanan_tidak_jatuh", "Tidak terbukti bahwa presisi tautan di bawah batas (batas atas selang).", blocking=True)
PROVEN_PRECISE = Rule("presisi_padanan_terbukti", "Presisi tautan terbukti di atas batas (batas bawah selang).")
EQUAL = Rule("kelompok_sama_ditemukan", "Tidak ada kelompok yang terbukti lebih jarang ditemukan daripada yang lain, di luar batas.")
DRIFT: dict[str, Rule] = {kind: Rule(f"{kind}_seperti_kartu_model", about) for kind, about in KINDS.items()}
RULES: tuple[Rule, ...] = (HELD_BACK, PROVEN_PRECISE, EQUAL, *DRIFT.values())


@dataclass(frozen=True)
class Verdict:
    """`failing` of `total` figures break the rule; `shown`: figures by name for the plot over nights; `note` why nothing was judged."""

    rule: Rule
    failing: int
    total: int
    shown: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


def record_accuracy(con: duckdb.DuckDBPyConnection, run_id: str, figures: Iterable[Figure]) -> int:
    """Write the figures of a run to quality.linkage_accuracy, instead of those it had; returns how many.

    One row a measure, group and method ('twin', 'decoy': probes; 'post_stratified': records of the night, as estimated), with
    measures 'recall', 'wrong_link' (of persons whom the register holds, linked to another), 'false_link' (of those whom it does not,
    linked to anybody), 'precision', and 'unlike' (links without proof of a kind that no found twin is). `value` with its 95 % interval;
    `numerator` of `denominator` probes or records.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({_COLUMNS})")
    rows = [
        [run_id, f.measure, f.group_kind, f.group_value, f.numerator, f.denominator]
        + [round(x, 6) for x in (f.estimate.value, f.estimate.lower, f.estimate.upper)]
        + [f.method]
        for f in figures
    ]
    with one_commit(con):
        con.execute(f"DELETE FROM {TABLE} WHERE run_id = ?", [run_id])
        append_rows(con, TABLE, rows)
    return len(rows)


def judge_accuracy(figures: Sequence[Figure], policy: EvaluationPolicy) -> list[Verdict]:
    """The rules on precision and on equal treatment."""
    asked = next((f.denominator for f in figures if (f.measure, f.group_kind, f.method) == ("recall", "semua", "twin")), 0)
    if asked < policy.minimum_probes:
        note = f"belum dinilai: {asked} uji, perlu {policy.minimum_probes}"
        return [Verdict(rule, 0, 0, note=note) for rule in (HELD_BACK, PROVEN_PRECISE, EQUAL)]
    precise = next(f.estimate for f in figures if (f.measure, f.group_kind, f.method) == ("precision", "semua", STRATIFIED))
    shown = _shown(f for f in figures if f.measure != "recall" or f.method == STRATIFIED)
    gaps = _gaps(figures)
    return [
        Verdict(HELD_BACK, int(precise.upper < policy.precision_target), 1, shown),
        _proven(precise, policy.precision_floor, asked),
        Verdict(EQUAL, sum(gap.lower > policy.recall_gap for _, gap in gaps), len(gaps), _recalls(figures, gaps)),
    ]


def _proven(precise: Estimate, floor: float, asked: int) -> Verdict:
    """Not judged where nothing was seen wrong and still too little was seen to prove it: that is a small night, no failing one."""
    shown = _named("presisi", precise)
    if precise.value >= 1 and precise.lower < floor:
        return Verdict(PROVEN_PRECISE, 0, 0, shown, f"tidak satu pun keliru di antara {asked} uji; terlalu sedikit untuk membuktikannya")
    return Verdict(PROVEN_PRECISE, int(precise.lower < floor), 1, shown)


def judge_drift(tonight: Measure, card: Measure | None, limits: DriftLimits) -> list[Verdict]:
    """One verdict for each kind of drift; without a card each says so."""
    if card is None:
        return [Verdict(rule, 0, 0, note="belum ada kartu model sebagai acuan") for rule in DRIFT.values()]
    shifts = compare(tonight, card, limits)
    verdicts = []
    for kind, rule in DRIFT.items():
        own = [s for s in shifts if s.kind == kind]
        shown = {f"{kind} · {s.group}": round(s.value, 4) for s in own} | {f"{kind} · batas": s.limit for s in own[:1]}
        note = None if own else "belum ada sumber yang dapat dibandingkan dengan kartu model"
        verdicts.append(Verdict(rule, sum(s.exceeds for s in own), len(own), shown, note))
    return verdicts


def _gaps(figures: Sequence[Figure]) -> list[tuple[Figure, Estimate]]:
    """How much less often each group is found than the other groups of its kind together."""
    gaps = []
    for kind in COMPARED:
        groups = [f for f in figures if (f.measure, f.group_kind, f.method) == ("recall", kind, "twin") and f.denominator >= SHOWN]
        for one in groups:
            others = [f for f in groups if f is not one]
            if others:
                gaps.append((one, difference(_together(others), one.estimate)))
    return gaps


def _together(figures: Sequence[Figure]) -> Estimate:
    """Groups as one, each by its number of probes."""
    size = sum(f.denominator for f in figures)
    return total((f.denominator / size, f.estimate) for f in figures)


def _recalls(figures: Sequence[Figure], gaps: Sequence[tuple[Figure, Estimate]]) -> dict[str, float]:
    shown = _shown(f for f in figures if f.measure == "recall" and f.method == "twin" and f.group_kind in ("semua", *COMPARED))
    return shown | {f"selisih · {f.group_kind} · {f.group_value}": round(gap.value, 4) for f, gap in gaps}


def _shown(figures: Iterable[Figure]) -> dict[str, float]:
    """Value and bounds of each figure that stands on enough, by a name that stays over nights."""
    shown: dict[str, float] = {}
    for f in figures:
        if f.denominator >= SHOWN:
            shown |= _named(f"{NAMES[f.measure]} · {f.group_kind} · {f.group_value}", f.estimate)
    return shown


def _named(name: str, estimate: Estimate) -> dict[str, float]:
    return {name: round(estimate.value, 4), f"{name} · bawah": round(estimate.lower, 4), f"{name} · atas": round(estimate.upper, 4)}
