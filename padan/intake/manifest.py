"""MANIFEST.sha256: what the agency says it sent. Checked when present; a delivery that differs from it is refused whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from padan.errors import InputRefused
from padan.intake.landing import shown

_LINE = re.compile(r"(?P<hash>[0-9A-Fa-f]{64}) [ *](?:\./)?(?P<name>[^/\\]+)")
_MAX_BYTES = 4 << 20


def verify(manifest: Path, delivered: Mapping[str, str]) -> None:
    """Compare the manifest with the delivered files (name → SHA-256 in hex).

    Raises:
        InputRefused: it cannot be read, names an absent file, does not name a delivered one, or a hash differs.
    """
    promised = _read(manifest)
    have = {_nfc(name): digest for name, digest in delivered.items()}
    for name, digest in sorted(promised.items()):
        if name not in have:
            raise InputRefused("manifest_berkas_tidak_ada", f"manifest menyebut {shown(name)}, berkas itu tidak ada.", todo=_TODO)
        if have[name] != digest:
            raise InputRefused("manifest_tak_cocok", f"{shown(name)}: isi berbeda dari manifest (SHA-256).", todo=_TODO)
    unnamed = sorted(set(have) - set(promised))
    if unnamed:
        raise InputRefused("manifest_tidak_menyebut", f"{shown(unnamed[0])}: tidak disebut manifest.", todo=_TODO)


_TODO = "Minta instansi mengirim ulang."


def _nfc(name: str) -> str:
    """One spelling of a name: macOS decomposes accents, others do not."""
    return unicodedata.normalize("NFC", name)


def _read(manifest: Path) -> dict[str, str]:
    """Name → hash in lower case."""
    try:
        with manifest.open("rb") as file:
            lines = file.read(_MAX_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputRefused("manifest_rusak", "manifest tidak terbaca sebagai UTF-8.", todo=_TODO) from None
    promised: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise InputRefused("manifest_rusak", f"manifest baris {number}: bukan baris sha256sum.", todo=_TODO)
        name, digest = _nfc(match["name"]), match["hash"].lower()
        if promised.get(name, digest) != digest:
            raise InputRefused("manifest_rusak", f"manifest menyebut {shown(name)} dua kali.", todo=_TODO)
        promised[name] = digest
    return promised
