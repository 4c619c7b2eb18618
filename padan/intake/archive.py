"""Delivered files as they came, each under its own SHA-256: what a reading can always be repeated from."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from padan.age import SUFFIX, close_file, open_file
from padan.config import Encryption
from padan.errors import ConfigError, InputRefused
from padan.home import Home
from padan.intake.landing import shown

_BLOCK = 1 << 20
_READ_ONLY = 0o400


@dataclass(frozen=True)
class Archived:
    """One archived file: SHA-256 in hex, and where its bytes can be read from, read-only."""

    sha256: str
    path: Path


@dataclass(frozen=True)
class Archive:
    """The archive of a home. With recipients a file lies closed in it, and is read from a copy in the work folder.

    `recipients`, `identity`: files of age lines; None: deliveries lie as they came.
    """

    folder: Path
    work: Path
    recipients: Path | None = None
    identity: Path | None = None

    @classmethod
    def of(cls, home: Home, encryption: Encryption) -> Archive:
        """As the settings have it."""
        recipients, identity = encryption.archive_recipients, encryption.archive_identity
        return cls(home.archive, home.tmp, Path(recipients) if recipients else None, Path(identity) if identity else None)

    def store(self, source: Path) -> Archived:
        """Keep the bytes of `source`, whole or not at all; what is there already is left alone.

        Raises:
            InputRefused: `source` is a link or no regular file.
            ConfigError: the recipients cannot be read.
        """
        if self.recipients is None:
            return _store(self.folder, source)
        plain = _store(self.work, source)
        closed = self.folder / f"{plain.sha256}{SUFFIX}"
        if not closed.exists():
            close_file(plain.path, closed, self.recipients)
            _sync_folder(self.folder)
        return plain

    def find(self, sha256: str) -> Path | None:
        """Where the bytes of that hash can be read from, opened if they lie closed; None where they are not, or not whole.

        Raises:
            ConfigError: they lie closed, and no identity opens them.
        """
        plain, closed = self.folder / sha256, self.folder / f"{sha256}{SUFFIX}"
        if not plain.exists() and closed.exists():
            if self.identity is None:
                raise ConfigError("arsip tersandi.", todo="Tunjuk [encryption] archive_identity ke identitas yang membukanya.")
            plain = self.work / sha256
            if not plain.exists():
                open_file(closed, plain, self.identity)
        return plain if plain.exists() and digest_of(plain) == sha256 else None


def _store(folder: Path, source: Path) -> Archived:
    """Copy `source` into a folder under its hash."""
    known = folder / digest_of(source)
    if known.exists():
        return Archived(known.name, known)
    partial = folder / f".{known.name}.part"
    partial.unlink(missing_ok=True)
    with _open(source) as reader, partial.open("xb") as writer:
        # hashed again while copying: the file may have changed since, and the name must be that of these bytes
        digest = _digest(reader, writer)
        writer.flush()
        os.fsync(writer.fileno())
    partial.chmod(_READ_ONLY)
    kept = folder / digest
    partial.replace(kept)
    _sync_folder(folder)
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
