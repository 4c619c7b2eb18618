"""How a night begins and ends in the ledger: whatever happens in between, it ends with a verdict and a report."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.access import empty, give
from padan.alerts import tell
from padan.evidence import seal_night
from padan.evidence.form import FAILED
from padan.evidence.form import HELD as HELD_BACK
from padan.evidence.form import PUBLISHED as IN_FORCE
from padan.intake.landing import fingerprint, scan
from padan.journal import say
from padan.ledger import finish_night, note_attempt, start_night
from padan.night import Night
from padan.operations.keys import finish_rotation
from padan.quality import FailingGate, catalogue, gate_status, write_rules
from padan.quality.incidents import follow_incidents
from padan.quality.waivers import write_waivers
from padan.report import render
from padan.returns import write_scorecards
from padan.returns.closing import close_returns
from padan.rights.rewrite import finish_rewrite
from padan.serving import current_run
from padan.upgrade import upgrade

KEEP_DBT_RUNS = 3
#: Refused deliveries that lie in the landing folder tonight: what `kiriman_diterima` of each feed counted.
REFUSED_TONIGHT = "SELECT coalesce(sum(numerator), 0)::BIGINT FROM quality.check WHERE run_id = ? AND rule_id = 'kiriman_diterima'"
PUBLISHED, REFUSED_INPUT, HELD, DEFECT = 0, 2, 3, 1


@dataclass(frozen=True)
class Verdict:
    """How a night ended: published or not, by which gates, how many deliveries were refused, and which steps failed."""

    published: bool
    failing: tuple[FailingGate, ...]
    refused: int
    broken: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 published; 2 published, though a delivery was refused; 3 held by a gate; 1 a defect of ours, before or after publication."""
        if self.published and not self.broken:
            return REFUSED_INPUT if self.refused else PUBLISHED
        return HELD if self.failing and not self.published else DEFECT

    def told(self) -> str:
        """The verdict in counts and rule names, for a message that leaves the machine."""
        gates = (
            [f"{len(self.failing)} gerbang menahan: {', '.join(sorted({gate.rule_id for gate in self.failing}))}."] if self.failing else []
        )
        refused = [f"{self.refused} kiriman ditolak."] if self.refused else []
        broken = [f"Terbit, tetapi langkah sesudahnya gagal: {', '.join(self.broken)}."] if self.published and self.broken else []
        return " ".join([*gates, *refused, *broken, "Baca laporan malam di mesinnya; pesan ini tidak memuat data orang."])

    @property
    def tags(self) -> dict[str, str]:
        """What the run carries in the UI, so that a held night is found among green steps."""
        return {
            "padan/verdict": self.status,
            "padan/exit_code": str(self.exit_code),
            "padan/gerbang_gagal": str(len(self.failing)),
            "padan/kiriman_ditolak": str(self.refused),
        }

    @property
    def status(self) -> str:
        """The word for it in the ledger."""
        if self.published:
            return "published"
        return "gate_failed" if self.failing else "failed"


def begin(night: Night, attempt: str) -> None:
    """Record that the night began, on which deliveries, code and policy, by which rules and waivers; dbt's files of old nights go.

    `attempt`: the run of Dagster's history: the night's own, or one that repeats it.
    """
    _prune(night.home.dbt / "runs")
    empty(night.home.tmp)
    finish_rewrite(night.home.warehouse)
    with night.warehouse() as con:
        upgrade(con)
        finish_rotation(con, night.home)
        prepare_rules(con, night)
        found = fingerprint(scan(night.landing, night.as_of))
        say("night_began", run_id=night.run_id, as_of=night.as_of, code=night.code_version, policy=night.linkage.policy_version)
        start_night(con, night.run_id, night.as_of, found, code=night.code_version, policy=night.linkage.policy_version)
        note_attempt(con, night.run_id, attempt, night.steps_version)


def prepare_rules(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Write the catalogue to quality.rule, beside the dbt rules of the last night, and tonight's waivers.

    Raises:
        ConfigError: a waiver names no rule or is approved by the rule's owner.
    """
    for tool in {rule.tool for rule in catalogue().values()}:
        write_rules(con, [rule for rule in catalogue().values() if rule.tool == tool], instead_of=tool if tool != "dbt" else "")
    write_waivers(con, night.run_id, night.as_of, night.waivers)


def _prune(runs: Path) -> None:
    """Keep what dbt left of the last nights: some 40 MB each."""
    left = sorted((path for path in runs.glob("*") if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for folder in left[:-KEEP_DBT_RUNS]:
        shutil.rmtree(folder, ignore_errors=True)


def finish(night: Night, broken: tuple[str, ...] = ()) -> Verdict:
    """Write the verdict of the night, render its report, and seal both in the chain of evidence; `broken`: steps that failed.

    What fails here is a defect of ours, and the next night is then not one with nothing new.
    """
    with night.warehouse() as con:
        failing = tuple(gate_status(con, night.run_id))
        refused = con.execute(REFUSED_TONIGHT, [night.run_id]).fetchall()[0][0]
        verdict = Verdict(current_run(night.home) == night.run_id, failing, refused, broken)
        follow_incidents(con, night.run_id, night.as_of)
        # until report and evidence stand, it is a night that something went wrong with
        finish_night(con, night.run_id, verdict.status, DEFECT)  # type: ignore[arg-type]
        render(con, night)
        write_scorecards(con, night)
        word = IN_FORCE if verdict.published else HELD_BACK if verdict.failing else FAILED
        seal_night(con, night, word, [str(gate) for gate in failing])
    close_returns(night.home, night.config.encryption)
    for folder in (night.home.reports, night.home.logs):
        give(folder, night.config.access.audit_group)
    with night.warehouse() as con:
        finish_night(con, night.run_id, verdict.status, verdict.exit_code)  # type: ignore[arg-type]
    say(
        "night_ended",
        run_id=night.run_id,
        as_of=night.as_of,
        verdict=verdict.status,
        exit_code=verdict.exit_code,
        failing=sorted({gate.rule_id for gate in failing}),
        refused_deliveries=refused,
    )
    if verdict.exit_code != PUBLISHED:
        tell(night.config.alerts, f"PADAN {night.as_of}: {word} ({verdict.exit_code})", verdict.told())
    return verdict
