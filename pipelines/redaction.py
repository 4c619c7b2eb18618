"""No value of a person in what Dagster keeps: every event passes here before it is stored, whoever raised or logged it.

An exception's message may quote a cell, and any library may raise one; so its class is kept, and its message only where it is one
of ours, written without values. What a library logs is not kept. Belongs here: the store that the instance is configured with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster import EventLogEntry, deserialize_value, serialize_value
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen

from padan.journal import OURS

#: Dagster's own wrappers, which say only which step failed.
_WRAPPERS = frozenset(
    {"DagsterExecutionStepExecutionError", "DagsterExecutionInterruptedError", "Failure", "DagsterExecutionHandleOutputError"}
)
_OPEN_FILES = 8
_WAIT = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
_ERROR = "SerializableErrorInfo"
HIDDEN = "(pesan tidak disimpan: dapat memuat nilai orang)"


def clean_event(entry: EventLogEntry) -> EventLogEntry:
    """An entry as it may be kept: errors by class, however deep they lie in it, and what is no event of the run without its text."""
    if entry.dagster_event is None:
        entry = entry._replace(user_message=HIDDEN)
    written = serialize_value(entry)
    if _ERROR not in written:
        return entry
    return deserialize_value(json.dumps(_clean(json.loads(written))), EventLogEntry)


def _clean(node: Any) -> Any:
    """The same, with the class of each error in the place of its message, unless it is one that holds no value."""
    if isinstance(node, list):
        return [_clean(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _clean(one) for name, one in node.items()}
    if kept.get("__class__") == _ERROR and kept.get("cls_name") not in OURS | _WRAPPERS:
        kept["message"] = f"{kept.get('cls_name')}: {HIDDEN}\n"
    return kept


class CleanEventLog(SqliteEventLogStorage):
    """Dagster's event log in files, of cleaned events."""

    @cached_property
    def _engines(self) -> dict[str, Engine]:
        return {}

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """Files stay open where Dagster opens and closes one an event: a night has thousands, and each close of a log is a checkpoint."""
        if shard not in self._initialized_dbs:
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).connect() as con, con.begin():
            yield con

    def _engine(self, shard: str) -> Engine:
        """The file's connections; those used longest ago are closed."""
        found = self._engines.pop(shard, None) or _opened(self.conn_string_for_shard(shard))
        self._engines[shard] = found
        while len(self._engines) > _OPEN_FILES:
            self._engines.pop(next(iter(self._engines))).dispose()
        return found

    def store_event(self, event: EventLogEntry) -> None:
        """Keep one event, without values."""
        super().store_event(clean_event(event))


def _opened(conn_string: str) -> Engine:
    """An engine that waits for the disk at checkpoints of its log, not at every event.

    A killed process loses nothing by it; a machine without power the last moments of what the UI shows, never of our ledger or evidence.
    """
    engine = create_engine(conn_string, connect_args=_WAIT)
    listen(engine, "connect", lambda con, _: con.execute("PRAGMA synchronous = NORMAL"))
    return engine


class CleanStorage(DagsterSqliteStorage):
    """Dagster's own storage in files, but for the event log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        kept = self._event_log_storage
        self._event_log_storage = CleanEventLog(kept._base_dir)
        kept.dispose()

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> CleanStorage:
        """As Dagster makes it from dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)
