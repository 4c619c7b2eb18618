"""A file is parsed in a process of its own, under limits: what a crafted file does to its parser stays there.

Belongs here: starting, watching and ending that process. Does not belong here: parsing (padan.intake.opening).
What comes back is JSON and Arrow, never a pickle: a process that read hostile bytes is not believed more than they are.
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import polars as pl

from padan.errors import Defect, InputRefused
from padan.intake.reading import Batch, Layout, Reading, Reject
from padan.intake.returned import Returned
from schemas.extracts.contract import Contract

#: Seconds without a batch after which a parser is ended; 50,000 rows take one.
STALL_SECONDS = 300.0
#: A parser that grew is not used again: the next file gets a fresh one.
REUSE_RESIDENT_BYTES = 1 << 30
_FRAME = struct.Struct(">cQ")
_MAX_FRAME = 4 << 30
#: What the process may know of this one: where to find the code, and nothing else.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHASHSEED", "LANG", "LC_ALL", "TZ", "COVERAGE_PROCESS_START")


class _Parser:
    """One parser process, kept for the next file as long as it ends its files well."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        paths = [entry for entry in sys.path if entry] + [str(Path(__file__).resolve().parents[2])]
        environment |= {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
        command = [sys.executable, "-m", "padan.intake.parser_process", str(os.getpid())]
        # Arguments are ours; what the parser prints may quote cells and goes nowhere.
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=tempfile.gettempdir()
        )

    def alive(self) -> bool:
        """True if it can take a file."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> None:
        """Hand it one file."""
        assert self._process.stdin is not None
        message = pickle.dumps(request)
        try:
            self._process.stdin.write(struct.pack(">I", len(message)) + message)
            self._process.stdin.flush()
        except OSError:
            raise _died(None) from None

    def frame(self) -> tuple[bytes, bytes]:
        """The next piece of its answer: kind and content.

        Raises:
            InputRefused: it died, it stands still, or it says more than any batch holds.
        """
        assert self._process.stdout is not None
        kind, length = _FRAME.unpack(self._read(self._process.stdout, _FRAME.size))
        if length > _MAX_FRAME:
            raise _died(None)
        return kind, self._read(self._process.stdout, length)

    def _read(self, pipe: IO[bytes], size: int) -> bytes:
        whole, limit = bytearray(), time.monotonic() + STALL_SECONDS
        while len(whole) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, limit - time.monotonic()))
            if not ready:
                raise InputRefused("pembaca_berhenti", f"tidak selesai dibaca: tidak ada kemajuan selama {STALL_SECONDS:.0f} detik.")
            piece = os.read(pipe.fileno(), min(1 << 20, size - len(whole)))
            if not piece:
                raise _died(self._process.wait())
            whole += piece
        return bytes(whole)

    def reusable(self) -> bool:
        """False once it holds much memory: what one file left is not counted against the next."""
        try:
            pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") < REUSE_RESIDENT_BYTES

    def end(self) -> None:
        """Kill it; nothing that it holds is worth keeping."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent yet has nobody to go to
                    pipe.close()


def _died(code: int | None) -> InputRefused:
    how = f" (sinyal {-code})" if code is not None and code < 0 else ""
    return InputRefused("pembaca_berhenti", f"berkas ini menghentikan pembacanya{how}: rusak, atau melebihi batas memori.")


@contextmanager
def _only_sense() -> Iterator[None]:
    """What is no answer of ours says that the file has taken its parser over: it is refused."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, struct.error, pl.exceptions.PolarsError):
        raise _nonsense() from None


def _nonsense() -> InputRefused:
    return InputRefused("pembaca_berhenti", "jawaban pembaca berkas ini bukan yang diharapkan: berkasnya jangan dipercaya.")


_idle: list[_Parser] = []


def _take() -> _Parser:
    while _idle:
        parser = _idle.pop()
        if parser.alive():
            return parser
        parser.end()
    return _Parser()


@atexit.register
def end_parsers() -> None:
    """End the parser that waits for a next file."""
    while _idle:
        _idle.pop().end()


@contextmanager
def open_jailed(name: str, path: Path, contract: Contract) -> Iterator[Reading]:
    """`padan.intake.opening.open_file`, done by a process with limits; the reading's notes are complete at its end.

    Raises:
        InputRefused: the file is not what the contract promises, or its parser died or stood still.
        Defect: a defect of ours in the parser.
    """
    parser, ended = _take(), [b""]
    try:
        parser.ask({"name": name, "path": str(path), "contract": contract})
        kind, content = parser.frame()
        if kind != b"H":
            ended[0] = kind
            raise _told(kind, content)
        with _only_sense():
            header = json.loads(content)
            reading = Reading(tuple(map(str, header["header"])), Layout(**header["layout"]), iter(()))
        reading.batches = _batches(parser, reading, ended)
        yield reading
    finally:
        _release(parser, well=ended[0] in (b"E", b"R"))


def read_returned(path: Path, password: str | None, sheet: str) -> Returned:
    """`padan.intake.returned.read_sheet`, done by a process with limits.

    Raises:
        InputRefused: it is no workbook of ours, or its parser died or stood still.
        Defect: a defect of ours in the parser.
    """
    parser, kind = _take(), b""
    try:
        parser.ask({"path": str(path.resolve()), "password": password, "sheet": sheet})
        kind, content = parser.frame()
        if kind != b"S":
            raise _told(kind, content)
        with _only_sense():
            said = json.loads(content)
            rows = [[str(cell) for cell in row] for row in said["rows"]]
            if len({len(row) for row in rows}) > 1:
                raise ValueError
            return Returned(rows, str(said["digest"]))
    finally:
        _release(parser, well=kind in (b"S", b"R"))


def _release(parser: _Parser, *, well: bool) -> None:
    """Keep it for the next file if it ended this one well and is not grown; else end it."""
    if well and parser.reusable():
        _idle.append(parser)
    else:
        parser.end()


def _told(kind: bytes, content: bytes) -> InputRefused | Defect:
    """The failure that the process names: ours to repeat, or the class of a defect."""
    if kind == b"R":
        with _only_sense():
            said = json.loads(content)
            return InputRefused(str(said["rule"]), str(said["what"]), todo=str(said["todo"]))
    if kind != b"D":
        return _nonsense()
    return Defect(f"pembaca berkas gagal ({content.decode('ascii', 'replace')[:60]}).", holds="Terbitan terakhir tetap berlaku.")


def _batches(parser: _Parser, reading: Reading, ended: list[bytes]) -> Iterator[Batch]:
    """The batches as they come; `ended` gets the kind of the last frame."""
    while (frame := parser.frame())[0] == b"B":
        with _only_sense():
            batch = _batch(frame[1])
        yield batch
    ended[0], content = frame
    if ended[0] != b"E":
        raise _told(ended[0], content)
    with _only_sense():
        reading.notes.update({str(rule): int(count) for rule, count in json.loads(content).items()})


def _batch(content: bytes) -> Batch:
    size = struct.unpack_from(">I", content)[0]
    rejects = tuple(Reject(int(one["row"]), str(one["rule"]), one["raw"]) for one in json.loads(content[4 : 4 + size]))
    return Batch(pl.read_ipc_stream(content[4 + size :]), rejects)
