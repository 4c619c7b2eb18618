"""Secret keys from files: made once, never logged, never in SQL text or an argument."""

from __future__ import annotations

import hmac
import os
import secrets
import struct
from collections.abc import Iterable
from pathlib import Path

from padan.errors import ConfigError

KEY_BYTES = 32


def load_key(folder: Path, name: str) -> bytes:
    """The key `name`, made at first use with mode 0600.

    Raises:
        ConfigError: the file exists but does not hold 32 bytes in hex.
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
    if len(key) != KEY_BYTES:
        raise ConfigError(f"kunci {name}: isi berkas rusak.", todo="Pulihkan dari cadangan kunci; jangan membuat yang baru.")
    return key


def keyed_hash(key: bytes, *parts: str) -> str:
    """128 bits of HMAC-SHA-256 in hex over the parts; parts cannot run into each other."""
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
    return hmac.digest(key, message, "sha256").hex()[:32]


def keyed_hashes(key: bytes, prefix: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """`keyed_hash(key, *prefix, *row)` of many rows, at about twice the speed of one by one."""
    start = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in prefix))
    digest, pack, join = hmac.digest, struct.Struct(">I").pack, b"".join
    hashes = []
    for row in rows:
        raw = [cell.encode() for cell in row]
        message = start + join([piece for cell in raw for piece in (pack(len(cell)), cell)])
        hashes.append(digest(key, message, "sha256")[:16].hex())
    return hashes
