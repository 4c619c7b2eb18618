"""The written form of evidence, for those who write and those who verify: canonical JSON, hashes, names of files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Beside the nights' folders: one line a pack, one line a signature, the newest entry, the public keys.
CHAIN, SIGNATURES, HEAD, PUBLIC_KEY = "chain.jsonl", "signatures.jsonl", "head.json", "evidence.pub"
#: In a night's folder: the newest pack of that day; earlier ones of the day are `evidence-<sequence>.zip`.
PACK, EARLIER = "evidence.zip", "evidence-{sequence}.zip"
MANIFEST, CHECKS, WAIVERS, INCIDENTS = "manifest.json", "checks.json", "waivers.json", "incidents.json"
#: What the first entry follows.
NOTHING = "0" * 64
#: Fields of an entry, all of them text but the sequence.
FIELDS = ("as_of", "decisions", "pack", "previous", "run_id", "sequence", "verdict")
#: Verdicts. A night that was killed has left a report at most.
PUBLISHED, HELD, FAILED, STOPPED = "terbit", "ditahan", "gagal", "terhenti"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8: the same value is the same bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """Of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def signed_text(entry: str) -> bytes:
    """What a signature signs: the hash of an entry's line, under a name of its own."""
    return b"padan-evidence:" + entry.encode()


@dataclass(frozen=True)
class SigningKey:
    """A public key (32 bytes) and the line of the chain from which on it signs."""

    since: int
    public: bytes


def keys_text(keys: Sequence[SigningKey]) -> str:
    """A line a key: in hex, and for a later one the line of the chain from which on it signs."""
    return "".join(f"{key.public.hex()}{f' {key.since}' if key.since > 1 else ''}\n" for key in keys)


def read_keys(text: str) -> list[SigningKey]:
    """What `keys_text` wrote, in its order.

    Raises:
        ValueError: it is not written so, or no key signs the first line.
    """
    keys = [SigningKey(int((line.split(" ") + ["1"])[1]), bytes.fromhex(line.split(" ")[0])) for line in text.splitlines()]
    since = [key.since for key in keys]
    if keys_text(keys) != text or since[:1] != [1] or since != sorted(set(since)) or any(len(key.public) != 32 for key in keys):
        raise ValueError
    return keys


def key_of(keys: Sequence[SigningKey], line: int) -> bytes:
    """The public key that signs this line of the chain."""
    return next(key.public for key in reversed(keys) if key.since <= line)


def is_pack(name: str) -> bool:
    """Whether a file in a night's folder is a pack."""
    return name == PACK or (name.startswith("evidence-") and name.endswith(".zip"))
