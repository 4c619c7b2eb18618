"""What may hold no planted value, and the ways in which one could be written there."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from hostile import PLANTED

from padan.keys import load_password
from padan.workbook import opened

VAULT = {"archive", "warehouse", "register", "keys", "returns", "review", "tmp"}


def outside_the_vault(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        if path.is_file() and path.relative_to(home).parts[0] not in VAULT:
            yield path


def spellings(value: str) -> set[bytes]:
    plain = value.encode()
    hashed = {hashlib.new(name, word).hexdigest().encode() for name in ("md5", "sha1", "sha256") for word in (plain, plain.lower())}
    return {plain, plain.lower(), plain.title(), plain.hex().encode(), base64.b64encode(plain), value.encode("utf-16-le"), *hashed}


def contents(path: Path) -> bytes:
    """What the file says: a pack or a workbook is opened, since it is compressed, and one with a password is decrypted."""
    content: Path | io.BytesIO = path
    if path.suffix == ".xlsx" and "returns" in path.parts:
        agency = path.parts[path.parts.index("returns") + 1]
        keys = Path(*path.parts[: path.parts.index("returns")]) / "keys"
        content = io.BytesIO(opened(path, load_password(keys, f"returns-{agency}")))
    if not zipfile.is_zipfile(content):
        return path.read_bytes()
    with zipfile.ZipFile(content) as pack:
        return b"\n".join(pack.read(name) for name in pack.namelist())


def assert_none_holds_a_planted_value(paths: Iterable[Path], root: Path) -> int:
    needles = [(value, needle) for value in PLANTED for needle in spellings(value)]
    searched = list(paths)
    for path in searched:
        content = contents(path)
        found = [PLANTED.index(value) for value, needle in needles if needle in content]
        assert not found, f"{path.relative_to(root)} holds planted value no. {found}"
    return len(searched)
