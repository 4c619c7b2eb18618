"""The process that parses: reads requests from its parent, answers with the file's header, its batches and its notes, or with a sheet.

It may use a bounded amount of memory, write no file, and open few. Started by padan.intake.jail only.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from padan.errors import InputRefused
from padan.intake.opening import open_file
from padan.intake.reading import Batch
from padan.intake.returned import read_sheet
from padan.processes import die_with_parent

#: Bytes of memory of its own; the largest JSON that is read needs two thirds of it.
MEMORY_BYTES = 3 << 30
OPEN_FILES = 64


def confine_memory() -> None:
    """Bound the memory of this process for the rest of its life."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


def confine() -> None:
    """Bound this process for the rest of its life: memory, open files, no file written, no core dump."""
    confine_memory()
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer requests until the parent closes its end."""
    die_with_parent(int(sys.argv[1]))
    confine()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=0)
    while len(size := requests.read(4)) == 4:
        # from the parent, which is trusted; nothing is ever unpickled the other way
        request = pickle.loads(requests.read(struct.unpack(">I", size)[0]))  # noqa: S301
        _answer(answers, request)


def _answer(answers: Any, request: dict[str, Any]) -> None:
    try:
        if "sheet" in request:
            _send(answers, b"S", json.dumps(asdict(read_sheet(Path(request["path"]), request["password"], request["sheet"]))).encode())
            return
        reading = open_file(request["name"], Path(request["path"]), request["contract"])
        _send(answers, b"H", json.dumps({"header": reading.header, "layout": asdict(reading.layout)}).encode())
        for batch in reading.batches:
            _send(answers, b"B", _packed(batch))
        _send(answers, b"E", json.dumps(dict(reading.notes)).encode())
    except InputRefused as refused:
        _send(answers, b"R", json.dumps({"rule": refused.rule, "what": refused.what, "todo": refused.todo}).encode())
    except MemoryError:
        said = {"rule": "pembaca_berhenti", "what": "lebih besar daripada memori yang boleh dipakai untuk membacanya.", "todo": ""}
        _send(answers, b"R", json.dumps(said).encode())
    except Exception as error:  # noqa: BLE001 (its message may quote a cell: only the class leaves this process)
        _send(answers, b"D", type(error).__name__.encode())


def _packed(batch: Batch) -> bytes:
    rejects = json.dumps([{"row": r.row, "rule": r.rule, "raw": r.raw} for r in batch.rejects], default=str).encode()
    try:
        return struct.pack(">I", len(rejects)) + rejects + batch.rows.write_ipc_stream(None).getvalue()
    except OSError:  # it writes to memory and to nothing else: there was none
        raise MemoryError from None


def _send(answers: Any, kind: bytes, content: bytes) -> None:
    rest = memoryview(struct.pack(">cQ", kind, len(content)) + content)
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    main()
