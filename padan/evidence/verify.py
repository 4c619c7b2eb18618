"""Does the evidence hold? Chain, signatures, packs and files, offline; the first thing that does not fit is named.

The same checks, without anything of ours, are in docs/verify_evidence.py.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from padan.evidence.form import (
    CHAIN,
    CHECKS,
    FIELDS,
    HEAD,
    MANIFEST,
    NOTHING,
    PUBLIC_KEY,
    PUBLISHED,
    SIGNATURES,
    STOPPED,
    WAIVERS,
    SigningKey,
    canonical,
    file_sha256,
    is_pack,
    key_of,
    read_keys,
    sha256,
)
from padan.evidence.pack import folder_files
from padan.evidence.signing import signature_fits


class Misfit(Exception):
    """The first thing that does not fit: where, and what is wrong with it."""


@dataclass(frozen=True)
class Verified:
    """What held: nights' packs, files named by them, entries that somebody else's copy of the head vouches for."""

    packs: int
    files: int
    last: str
    vouched: int
    own_key: bool


def verify_reports(place: Path, *, key: Path | None = None, head: Path | None = None) -> Verified:
    """Check `place`: a folder of reports, or one night's folder in it (then its neighbours' chain, and only its own files).

    Args:
        place: `reports/` or `reports/<date>/`.
        key: the auditor's own copy of the public keys; without it, the one that lies beside the reports is believed.
        head: a witness's copy of a head: that entry must be in the chain as it was.

    Raises:
        Misfit: the first thing that does not fit.
    """
    reports = place if (place / CHAIN).exists() or not (place.parent / CHAIN).exists() else place.parent
    entries, lines = _read_chain(reports)
    _check_root(reports, entries)
    keys = _keys(reports / PUBLIC_KEY)
    _check_keys(keys, _keys(key) if key else keys, len(lines))
    _check_signatures(reports, lines, keys)
    vouched = _check_head(lines, keys, head)
    packs = files = 0
    for as_of in sorted({entry["as_of"] for entry in entries}):
        if place == reports or place.name == as_of:
            of_day = [entry for entry in entries if entry["as_of"] == as_of]
            packs += len(of_day)
            files += _check_day(reports / as_of, of_day)
    return Verified(packs, files, entries[-1]["as_of"], vouched, own_key=key is None)


def _read_chain(reports: Path) -> tuple[list[dict[str, Any]], list[bytes]]:
    path = reports / CHAIN
    if not path.is_file():
        raise Misfit(f"{CHAIN}: tidak ada")
    data = path.read_bytes()
    lines = data.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise Misfit(f"{CHAIN}: kosong, atau baris terakhirnya terpotong")
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        entry = _json(line, f"{CHAIN} baris {number}")
        if not isinstance(entry, dict) or tuple(sorted(entry)) != FIELDS or canonical(entry) != line:
            raise Misfit(f"{CHAIN} baris {number}: bukan bentuk yang ditulis PADAN")
        if entry["sequence"] != number or entry["previous"] != (sha256(lines[number - 2]) if number > 1 else NOTHING):
            raise Misfit(f"{CHAIN} baris {number}: tidak menyambung ke baris sebelumnya (baris dihapus, disisipkan atau ditukar)")
        entries.append(entry)
    return entries, lines


def _check_root(reports: Path, entries: list[dict[str, Any]]) -> None:
    known = {CHAIN, SIGNATURES, HEAD, PUBLIC_KEY} | {entry["as_of"] for entry in entries}
    for path in sorted(reports.iterdir()):
        if path.name not in known or path.is_symlink():
            raise Misfit(f"{path.name}: tidak disebut oleh rantai (ditambahkan, atau sisa penulisan yang terputus)")
    for name in sorted(known - {path.name for path in reports.iterdir()}):
        raise Misfit(f"{name}: hilang")


def _keys(path: Path) -> list[SigningKey]:
    try:
        return read_keys(path.read_bytes().decode())
    except (OSError, ValueError):
        raise Misfit(f"{path.name}: bukan kunci publik Ed25519 (32 bita heksadesimal; kunci pengganti dengan barisnya)") from None


def _check_keys(keys: list[SigningKey], own: list[SigningKey], lines: int) -> None:
    if keys[: len(own)] == own and len(keys) > len(own):
        since = keys[len(own)].since
        raise Misfit(f"{PUBLIC_KEY}: kunci tanda tangan diganti sejak baris {since}; mintalah kunci baru lewat jalan lain sebelum percaya")
    if keys != own:
        raise Misfit(f"{PUBLIC_KEY}: bukan kunci milik auditor")
    if keys[-1].since > lines:
        raise Misfit(f"{PUBLIC_KEY}: kunci yang belum menandatangani apa pun")


def _check_signatures(reports: Path, lines: list[bytes], keys: list[SigningKey]) -> None:
    """One signature a line of the chain, in its order; and the head is the last of them."""
    data = (reports / SIGNATURES).read_bytes()
    rows = data.split(b"\n")
    if rows.pop() != b"":
        raise Misfit(f"{SIGNATURES}: baris terakhirnya terpotong")
    row: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        if number > len(rows):
            raise Misfit(f"{CHAIN} baris {number}: belum ditandatangani (padan sign), atau tanda tangannya dihapus")
        row = _json(rows[number - 1], f"{SIGNATURES} baris {number}")
        fits = isinstance(row, dict) and row.get("entry") == sha256(line) and canonical(row) == rows[number - 1]
        if not fits or not signature_fits(key_of(keys, number), str(row["entry"]), str(row.get("signature"))):
            raise Misfit(f"{SIGNATURES} baris {number}: tanda tangan tidak cocok dengan rantai dan kunci")
    if len(rows) > len(lines):
        raise Misfit(f"{SIGNATURES} baris {len(lines) + 1}: menandatangani malam yang tidak ada di rantai")
    if (reports / HEAD).read_bytes() != canonical({"sequence": len(lines), **row}) + b"\n":
        raise Misfit(f"{HEAD}: bukan kepala rantai ini")


def _check_head(lines: list[bytes], keys: list[SigningKey], head: Path | None) -> int:
    """What a witness kept must still be there; returns how many entries it vouches for."""
    if head is None:
        return 0
    row = _json(head.read_bytes(), head.name)
    sequence = row.get("sequence") if isinstance(row, dict) else None
    if not isinstance(sequence, int) or sequence < 1:
        raise Misfit(f"{head.name}: bukan kepala rantai")
    if not signature_fits(key_of(keys, sequence), str(row.get("entry")), str(row.get("signature"))):
        raise Misfit(f"{head.name}: salinan saksi tidak ditandatangani kunci ini")
    if sequence > len(lines):
        raise Misfit(f"{CHAIN}: lebih pendek daripada yang disimpan saksi ({len(lines)} dari {sequence} baris)")
    if sha256(lines[sequence - 1]) != row["entry"]:
        raise Misfit(f"{CHAIN} baris {sequence}: bukan yang disimpan saksi")
    return sequence


def _check_day(folder: Path, entries: list[dict[str, Any]]) -> int:
    """Every pack of the day is named by one entry, and every file by the day's last pack."""
    packs = {file_sha256(path): path for path in sorted(folder.iterdir()) if is_pack(path.name)}
    named = {entry["pack"] for entry in entries}
    for digest, path in packs.items():
        if digest not in named or path.is_symlink():
            raise Misfit(f"{folder.name}/{path.name}: berubah, atau tidak disebut oleh rantai")
    for entry in entries:
        if entry["pack"] not in packs:
            raise Misfit(f"{folder.name}: paket malam {entry['run_id'][:8] or STOPPED} (baris {entry['sequence']} rantai) hilang")
        content = _check_pack(packs[entry["pack"]], entry)
    if len(named) != sum(is_pack(path.name) for path in folder.iterdir()):
        raise Misfit(f"{folder.name}: jumlah paket tidak sama dengan jumlah baris rantai")
    return len(packs) + _check_files(folder, {name[6:]: digest for name, digest in content.items() if name.startswith("files/")})


def _check_pack(path: Path, entry: dict[str, Any]) -> dict[str, str]:
    """The pack's own manifest: every file in it, the entry that names it, and a verdict that its checks bear out."""
    where = f"{path.parent.name}/{path.name}"
    with zipfile.ZipFile(path) as pack:
        content = {name: pack.read(name) for name in pack.namelist()}
    manifest = _json(content.pop(MANIFEST, b""), f"{where}: {MANIFEST}")
    for name in sorted(content.keys() | manifest["content"].keys()):
        if sha256(content.get(name, b"")) != manifest["content"].get(name):
            raise Misfit(f"{where}: {name} berbeda dari daftar isinya")
    told = {"as_of": manifest["as_of"], "run_id": manifest["run_id"], "verdict": manifest["verdict"]}
    if told | {"decisions": sha256(canonical(manifest["decisions"]))} != {name: entry[name] for name in (*told, "decisions")}:
        raise Misfit(f"{where}: {MANIFEST} tidak sesuai baris {entry['sequence']} rantai")
    if entry["verdict"] == PUBLISHED:
        _check_verdict(where, content)
    listed: dict[str, str] = manifest["content"]
    return listed


def _check_verdict(where: str, content: dict[str, bytes]) -> None:
    """Nothing was published over a blocking check that failed, unless a waiver names it and it was run."""
    waived = {(row["rule_id"], row["table_name"]) for row in _json(content.get(WAIVERS, b"[]"), WAIVERS) if row["active"]}
    for check in _json(content.get(CHECKS, b""), f"{where}: {CHECKS}"):
        named = {(check["rule_id"], check["table_name"]), (check["rule_id"], "*")} & waived
        if check["severity"] == "error" and not check["passed"] and (not named or check["numerator"] is None):
            raise Misfit(f"{where}: terbit walau {check['rule_id']} gagal pada {check['table_name']}")


def _check_files(folder: Path, listed: dict[str, str]) -> int:
    there = folder_files(folder)
    for name in sorted(there.keys() | listed.keys()):
        if name not in there:
            raise Misfit(f"{folder.name}/{name}: hilang")
        if there[name].is_symlink() or file_sha256(there[name]) != listed.get(name):
            raise Misfit(f"{folder.name}/{name}: " + ("berubah" if name in listed else "tidak disebut oleh paket malam itu"))
    return len(there)


def _json(data: bytes, where: str) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise Misfit(f"{where}: tidak terbaca") from None
