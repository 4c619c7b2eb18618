"""Explains one record: reads its case, scores it again in a workspace, and says where the answer of today differs from the night's."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from padan.config import LinkageConfig, Machine
from padan.errors import InputRefused
from padan.home import Home
from padan.ledger.access import checked_reason, record_access
from padan.linkage.decision import REASONS
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import register_size
from padan.linkage.why import institutions
from padan.linkage.why.answer import Candidate, Keys, Pair, Why
from padan.linkage.why.case import Case, read_case
from padan.linkage.why.persons import Model, against_register, number_of, prepare
from padan.linkage.why.records import CAP_NOTE, against_record
from padan.linkage.workspace import workspace
from padan.lock import single_writer
from padan.register import Release, current_release
from padan.warehouse import connect

#: Candidates that are listed.
LISTED = 5

#: Bits by which a recomputed weight may differ from the stored one: sums in another order.
_ROUNDING = 1e-6


def explain(
    home: Home,
    machine: Machine,
    config: LinkageConfig,
    asked: str,
    other: str | None = None,
    *,
    institution: bool = False,
    reveal: bool = False,
    reason: str | None = None,
) -> Why:
    """Why the record `asked` was decided so, and what speaks for and against `other` (a register_id, a record, or a no_td).

    Values are masked unless `reveal`, which needs a `reason` and is first written to `ledger.access`.

    Raises:
        ConfigError: there is no night in this home.
        InputRefused: no record or register person is called so, or values are asked for without a reason.
        Locked: a night is at work.
    """
    reason = checked_reason(reason) if reveal else None
    with read_case(home, machine, asked, other, institution=institution) as case:
        if case.subject.entity_type == "institution":
            why = _institution(case, config, reveal=reveal)
        else:
            release = current_release(home, case.as_of) if case.as_of else None
            why = _person(case, config, release, reveal=reveal)
    if reason is not None:
        # before anything is shown, and by ids that are found: what was typed may be a value
        with single_writer(home.lock), connect(home, machine) as con:
            record_access(con, why.decided.record_id, why.pair.other if why.pair else None, reason)
    return why


def _person(case: Case, config: LinkageConfig, release: Release | None, *, reveal: bool) -> Why:
    why = Why(
        decided=replace(case.subject, explained=REASONS.get(case.subject.reason, "")),
        as_of=case.as_of,
        register=release.version.isoformat() if release else None,
        size=release.persons if release else 0,
        candidates=(),
        compared=0,
        pair=None,
        keys=(),
        notes=_version_notes(case, config.person.model_version, config),
        revealed=reveal,
    )
    if release is None:
        return replace(why, notes=(*why.notes, "Tidak ada rilis DTSEN pada malam itu, jadi tidak ada yang dibandingkan."))
    with workspace(case.con, release.path) as (work, warehouse):
        prepare(work, warehouse)
        model = Model(config.person, PERSON_V1.load(), register_size(work))
        subject = number_of(work, case.subject.record_id)
        if case.other is None:
            found = against_register(work, subject, case.other_id, model, LISTED, reveal=reveal)
            drift = _drift_notes(case.con, found.candidates)
            return replace(
                why, candidates=found.candidates, compared=found.compared, pair=found.pair, keys=found.keys, notes=(*why.notes, *drift)
            )
        pair, keys = _two_records(case, work, subject, model, reveal=reveal)
        return replace(why, pair=pair, keys=keys, notes=(*why.notes, CAP_NOTE))


def _two_records(case: Case, work: duckdb.DuckDBPyConnection, subject: int, model: Model, *, reveal: bool) -> tuple[Pair, tuple[Keys, ...]]:
    assert case.other is not None
    if case.other.record_id == case.subject.record_id:
        raise InputRefused("catatan_sama", "kedua nama itu catatan yang sama.", todo="Sebut dua catatan.")
    numbers = subject, number_of(work, case.other.record_id)
    return against_record(work, numbers, (case.subject, case.other), model, case.records, reveal=reveal)


def _institution(case: Case, config: LinkageConfig, *, reveal: bool) -> Why:
    with workspace(case.con, None) as (work, warehouse):
        candidates, compared, pair, size = institutions.against_lks(work, warehouse, case.other_id, LISTED, reveal=reveal)
    return Why(
        decided=replace(case.subject, explained=institutions.REASONS.get(case.subject.reason, "")),
        as_of=case.as_of,
        register=None,
        size=size,
        candidates=candidates,
        compared=compared,
        pair=pair,
        keys=(),
        notes=_version_notes(case, config.institution.model_version, config),
        revealed=reveal,
    )


def _version_notes(case: Case, model_version: str, config: LinkageConfig) -> tuple[str, ...]:
    then, now = (case.subject.model_version, case.subject.policy_version), (model_version, config.policy_version)
    if then == now:
        return ()
    return (f"Keputusan dibuat dengan {then[0]}, kebijakan {then[1]}; angka di sini dihitung dengan {now[0]}, kebijakan {now[1]}.",)


def _drift_notes(con: duckdb.DuckDBPyConnection, candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Whether the recomputed weights are those of the night, as far as it kept them."""
    stored = dict(con.execute("SELECT register_id, match_weight FROM main.stored").fetchall())
    moved = sum(abs(stored[c.other] - c.match_weight) > _ROUNDING for c in candidates if c.other in stored)
    gone = sum(c.other not in stored for c in candidates)
    if not stored or not (moved or gone):
        return ()
    changed = "model, setelan, rilis atau putusan berubah sesudahnya"
    return (f"{moved + gone} dari {len(candidates)} calon kini berbobot lain daripada malam itu: {changed}.",)
