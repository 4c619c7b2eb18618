"""What the operator sees while a night runs: one line a step, with rows and seconds; nothing else reaches the terminal."""

from __future__ import annotations

import logging
import sys
import time

import dagster as dg

from padan.journal import OURS, OWN, say

SHOWN = {
    "STEP_START",
    "STEP_SUCCESS",
    "STEP_FAILURE",
    "STEP_SKIPPED",
    "STEP_UP_FOR_RETRY",
    "ASSET_MATERIALIZATION",
    "ASSET_CHECK_EVALUATION",
}


class ProgressHandler(logging.Handler):
    """Turns Dagster's events into lines on stderr: step, rows in force, failed checks, elapsed seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.started = time.monotonic()
        self.step_started: dict[str, float] = {}
        self.rows: dict[str, list[int]] = {}
        self.failed_checks: dict[str, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """One event of the run, or how far its step is; other records (log lines of libraries) are left to Dagster's own log."""
        if record.name == OWN:
            if record.msg == "step_progress":
                self._step_progress(**getattr(record, "fields", {}))
            return
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None or event.event_type_value not in SHOWN:
            return
        step = event.step_key or ""
        handler = getattr(self, "_" + event.event_type_value.lower(), None)
        if handler:
            handler(step, event)

    def _line(self, mark: str, step: str, text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - self.started:6.1f} s  {mark} {step:<28} {text}\n")
        sys.stderr.flush()

    def _took(self, step: str) -> float:
        return time.monotonic() - self.step_started.get(step, self.started)

    def _step_start(self, step: str, _event: dg.DagsterEvent) -> None:
        self.step_started[step] = time.monotonic()
        say("step_started", step=step)
        self._line("…", step, "mulai")

    def _step_progress(self, step: str, part: str, rows: int) -> None:
        self._line("·", step, f"{self._took(step):6.1f} s  {part}" + (f" {rows:,}" if rows else ""))

    def _asset_materialization(self, step: str, event: dg.DagsterEvent) -> None:
        count = event.step_materialization_data.materialization.metadata.get("dagster/row_count")
        if count is not None and isinstance(count.value, int):
            self.rows.setdefault(step, []).append(count.value)

    def _asset_check_evaluation(self, step: str, event: dg.DagsterEvent) -> None:
        evaluation = event.asset_check_evaluation_data
        if not evaluation.passed:
            self.failed_checks.setdefault(step, []).append(evaluation.check_name)

    def _step_success(self, step: str, _event: dg.DagsterEvent) -> None:
        rows = self.rows.get(step, [])
        text = f"{self._took(step):6.1f} s" + (f"  {sum(rows):>10,} baris" if rows else "")
        failed = self.failed_checks.get(step, [])
        say("step_succeeded", step=step, seconds=round(self._took(step), 1), rows=sum(rows), failed_checks=sorted(failed))
        if failed:
            text += f"  pemeriksaan gagal: {', '.join(sorted(failed))}"
        self._line("!" if failed else "✓", step, text)

    def _step_failure(self, step: str, event: dg.DagsterEvent) -> None:
        failed = self.failed_checks.get(step, [])
        why = f"pemeriksaan gagal: {', '.join(sorted(failed))}" if failed else _reason(event)
        say("step_failed", step=step, seconds=round(self._took(step), 1), failed_checks=sorted(failed), reason=why)
        self._line("✗", step, f"berhenti: {why}")

    def _step_skipped(self, step: str, _event: dg.DagsterEvent) -> None:
        say("step_skipped", step=step)
        self._line("-", step, "dilewati")

    def _step_up_for_retry(self, step: str, _event: dg.DagsterEvent) -> None:
        say("step_retried", step=step)
        self._line("↻", step, "diulang")


def _reason(event: dg.DagsterEvent) -> str:
    """What a step says of its own failure; the message of any other exception may quote a cell and is left out."""
    failure = event.step_failure_data
    told = failure.user_failure_data
    if told and told.description:
        return told.description
    error = failure.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is not None and error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
        return "dihentikan dari luar (Ctrl-C atau SIGTERM); yang selesai tetap ada, jalankan lagi untuk meneruskan"
    if error is None or error.cls_name not in OURS:
        return f"{error.cls_name if error else 'sebab tak dikenal'} (rinciannya dengan padan --debug run, di vault)"
    return error.message.split(": ", 1)[-1].strip()


@dg.logger(description="Baris kemajuan di terminal.")
def progress_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """A logger of its own, so that nothing else is attached to it."""
    logger = logging.Logger("padan.progress", level=logging.DEBUG)  # noqa: LOG001 (not shared with the root on purpose)
    handler, own = ProgressHandler(), logging.getLogger(OWN)
    own.handlers = [known for known in own.handlers if not isinstance(known, ProgressHandler)]
    for source in (logger, own):
        source.addHandler(handler)
    return logger
