"""Secret keys from files: made once, never logged, never in SQL text or an argument."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Iterable
from pathlib import Path

from padan.errors import ConfigError

KEY_BYTES = 32
PASSWORD_BYTES = 15


def load_key(folder: Path, name: str) -> bytes:
    """The key `name`, made at first use with mode 0600: 32 bytes, and 32 more for each time it was changed.

    Raises:
        ConfigError: the file exists but does not hold 32 bytes in hex, or some times as many.
    """
    path = folder / f"{name}.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if not key or len(key) % KEY_BYTES:
        raise ConfigError(f"kunci {name}: isi berkas rusak.", todo="Pulihkan dari cadangan kunci; jangan membuat yang baru.")
    return key


def load_password(folder: Path, name: str) -> str:
    """The password `name` for workbooks that go out, made at first use with mode 0600. It is told to an office by another way.

    Raises:
        ConfigError: the file exists and is empty.
    """
    path = folder / f"{name}.password"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(PASSWORD_BYTES))
    if not (password := path.read_text().strip()):
        raise ConfigError(f"kata sandi {name}: berkasnya kosong.", todo="Tulis kata sandinya, atau hapus berkasnya agar dibuat yang baru.")
    return password


def keyed_hash(key: bytes, *parts: str) -> str:
    """128 bits of HMAC-SHA-256 in hex over the parts; parts cannot run into each other."""
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
    return hmac.digest(key, message, "sha256").hex()[:32]


def keyed_hashes(key: bytes, prefix: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """`keyed_hash(key, *prefix, *row)` of many rows; with a changed key that hash is hashed again with each later part of it."""
    hashes = _hashes(key[:KEY_BYTES], prefix, rows)
    for at in range(KEY_BYTES, len(key), KEY_BYTES):
        hashes = _hashes(key[at : at + KEY_BYTES], (), ((one,) for one in hashes))
    return hashes


def _hashes(key: bytes, prefix: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The same HMAC, its two key blocks hashed once for all rows."""
    padded = key.ljust(hashlib.sha256().block_size, b"\0")
    inner, outer = hashlib.sha256(bytes(b ^ 0x36 for b in padded)), hashlib.sha256(bytes(b ^ 0x5C for b in padded))
    inner.update(b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in prefix)))
    pack, join = struct.Struct(">I").pack, b"".join
    hashes = []
    for row in rows:
        within, around = inner.copy(), outer.copy()
        within.update(join([piece for cell in row for raw in (cell.encode(),) for piece in (pack(len(raw)), raw)]))
        around.update(within.digest())
        hashes.append(around.digest()[:16].hex())
    return hashes
