"""What the machine tells its operators while it works: one JSON object a line, of counts, rule names and ids; and nothing else.

Every line that any library logs passes here too: its logger and level are kept, its text is not, since it may quote a cell.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import types
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from padan.errors import PadanError

#: Exceptions whose message is written for the operator and holds no value of a person.
OURS = frozenset({PadanError.__name__, *(kind.__name__ for kind in PadanError.__subclasses__())})
#: Name of the one logger whose fields are kept.
OWN = "padan"
MAX_BYTES, KEPT = 10_000_000, 8


class _Line(logging.Formatter):
    """A record as a JSON line. Grain: one event. Fields: at (UTC), level, event, and what the event counts."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname}
        if record.name == OWN:
            line |= {"event": record.msg, **getattr(record, "fields", {})}
        else:
            line |= {"event": "library", "logger": record.name, "module": record.module, "line": record.lineno}
        return json.dumps(line, ensure_ascii=False, default=str)


def say(event: str, **fields: Any) -> None:
    """Add one event; a field is a count, a name of ours, a date or an id, never a value of a person."""
    logging.getLogger(OWN).info(event, extra={"fields": fields})


def open_journal(folder: Path) -> None:
    """Write this process's events to `folder/padan.jsonl`, and let no library write its own to the terminal."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    path, root = folder / "padan.jsonl", logging.getLogger()
    if any(getattr(handler, "baseFilename", "") == str(path.resolve()) for handler in root.handlers):
        return
    handler = RotatingFileHandler(path.resolve(), maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(_Line())
    handler.addFilter(lambda record: record.name == OWN or record.levelno >= logging.WARNING)
    root.addHandler(handler)
    logging.getLogger(OWN).setLevel(logging.INFO)


def silence_terminal() -> None:
    """Last line of defence of this process: what nobody caught is told by its class, and no library's text reaches the terminal."""
    logging.lastResort = None
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda hook: _tell(hook.exc_type)
    threading.excepthook = lambda hook: _tell(hook.exc_type)


def _uncaught(kind: type[BaseException], error: BaseException, _trace: types.TracebackType | None) -> None:
    _tell(kind, str(error) if kind.__name__ in OURS else "")


def _tell(kind: type[BaseException] | None, text: str = "") -> None:
    sys.stderr.write(f"padan: {text or f'cacat program ({kind.__name__ if kind else None}).'}\n")
