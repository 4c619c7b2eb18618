"""Checks PADAN reports without PADAN (needs `cryptography`): python3 verify_evidence.py REPORTS [PUBLIC_KEY_FILE [HEAD_FILE]]."""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

canonical = lambda value: json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()  # noqa: E731
sha = lambda data: hashlib.sha256(data).hexdigest()  # noqa: E731


def need(fits, what):
    None if fits else sys.exit(f"TIDAK COCOK: {what}")


def main(reports, key=None, witness=None):
    reports = Path(reports)
    own = (reports / "evidence.pub").read_bytes().decode()
    keys = {int((line.split(" ") + ["1"])[1]): line.split(" ")[0] for line in own.split("\n")[:-1]}
    form = "".join(f"{bytes.fromhex(keys[since]).hex()}{f' {since}' * (since > 1)}\n" for since in sorted(keys))
    need(own == form and 1 in keys and (not key or Path(key).read_bytes().decode() == own), "evidence.pub")
    lines = (reports / "chain.jsonl").read_bytes().split(b"\n")
    signed = (reports / "signatures.jsonl").read_bytes().split(b"\n")
    need(lines.pop() == signed.pop() == b"" and len(lines) == len(signed) >= max(keys), "rantai terpotong")
    days, previous = {}, "0" * 64
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        need((entry["sequence"], entry["previous"], canonical(entry)) == (number, previous, line), f"baris {number} rantai")
        row, signature = json.loads(signed[number - 1]), bytes.fromhex(json.loads(signed[number - 1])["signature"])
        need(signed[number - 1] == canonical({"entry": sha(line), "signature": signature.hex()}), f"baris {number} tanda tangan")
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[max(since for since in keys if since <= number)]))
        public.verify(signature, b"padan-evidence:" + sha(line).encode())
        days.setdefault(entry["as_of"], []).append(entry)
        previous = sha(line)
    need((reports / "head.json").read_bytes() == canonical({"sequence": len(lines), **row}) + b"\n", "head.json")
    head = json.loads(Path(witness).read_bytes()) if witness else {"sequence": len(lines), **row}
    need(head["sequence"] <= len(lines) and sha(lines[head["sequence"] - 1]) == head["entry"], "rantai dan kepala dari saksi")
    known = {"chain.jsonl", "signatures.jsonl", "head.json", "evidence.pub", *days}
    need({path.name for path in reports.iterdir()} == known, "berkas yang hilang atau tidak dikenal")
    for day, entries in days.items():
        files = {path.relative_to(reports / day).as_posix(): path for path in (reports / day).rglob("*") if not path.is_dir()}
        need(not any(path.is_symlink() for path in files.values()), f"tautan di {day}")
        packs = {sha(files[name].read_bytes()): files.pop(name) for name in list(files) if "/" not in name and name.startswith("evidence")}
        need(set(packs) == {entry["pack"] for entry in entries} and len(packs) == len(entries), f"paket {day}")
        for entry in entries:
            pack = zipfile.ZipFile(packs[entry["pack"]])
            content = {name: pack.read(name) for name in pack.namelist()}
            manifest = json.loads(content.pop("manifest.json"))
            need({name: sha(data) for name, data in content.items()} == manifest["content"], f"isi paket {day}")
            need(all(entry[name] == manifest[name] for name in ("run_id", "as_of", "verdict")), f"daftar isi paket {day}")
            need(sha(canonical(manifest["decisions"])) == entry["decisions"], f"keputusan {day}")
        listed = {name[6:]: digest for name, digest in manifest["content"].items() if name.startswith("files/")}
        need({name: sha(path.read_bytes()) for name, path in files.items()} == listed, f"berkas {day}")
    print(f"COCOK: {len(lines)} malam, sampai {entry['as_of']}")


main(*sys.argv[1:])
