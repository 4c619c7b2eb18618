"""Delivered files as they came, each under its own SHA-256: what a reading can always be repeated from."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from padan.errors import InputRefused
from padan.intake.landing import shown

_BLOCK = 1 << 20
_READ_ONLY = 0o400


@dataclass(frozen=True)
class Archived:
    """One archived file: SHA-256 in hex, and where its bytes now lie, read-only."""

    sha256: str
    path: Path


def store(archive: Path, source: Path) -> Archived:
    """Copy `source` into the archive, whole or not at all; a file that is there already is left alone.

    Raises:
        InputRefused: `source` is a link or no regular file.
    """
    known = archive / digest_of(source)
    if known.exists():
        return Archived(known.name, known)
    partial = archive / f".{known.name}.part"
    partial.unlink(missing_ok=True)
    with _open(source) as reader, partial.open("xb") as writer:
        # hashed again while copying: the file may have changed since, and the name must be that of these bytes
        digest = _digest(reader, writer)
        writer.flush()
        os.fsync(writer.fileno())
    partial.chmod(_READ_ONLY)
    kept = archive / digest
    partial.replace(kept)
    _sync_folder(archive)
    return Archived(digest, kept)


def digest_of(source: Path) -> str:
    """SHA-256 of a regular file in hex.

    Raises:
        InputRefused: it is a link or no regular file.
    """
    with _open(source) as reader:
        return _digest(reader, None)


def _open(source: Path) -> BinaryIO:
    """Open without following a link and without blocking on a pipe."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputRefused("berkas_tidak_terbuka", f"{shown(source.name)}: tidak dapat dibuka ({type(error).__name__}).") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise InputRefused("bukan_berkas", f"{shown(source.name)}: bukan berkas biasa.")
    return os.fdopen(handle, "rb")


def _digest(reader: BinaryIO, writer: BinaryIO | None) -> str:
    digest = hashlib.sha256()
    while block := reader.read(_BLOCK):
        digest.update(block)
        if writer is not None:
            writer.write(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
