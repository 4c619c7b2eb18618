"""Five hundred random edits of a folder of evidence, by somebody without the signing key: all of them are found.

The auditor holds the public key and the head that a witness kept. The editor may write any file, and repairs what can be repaired without
the key: hashes inside a pack, the pack's hash in the chain, the links of the chain, the head.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_world import DAYS, night_of, seal, three_nights

from padan.evidence import Misfit, verify_reports
from padan.evidence.form import CHAIN, HEAD, MANIFEST, NOTHING, SIGNATURES, canonical, sha256
from padan.operations.keys import rotate

EDITS = 500
Edit = Callable[[Path, random.Random], None]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> tuple[Path, Path, Path]:
    """Reports of six nights, the auditor's copy of the keys (a new one since the fifth), and the witness's head."""
    root = tmp_path_factory.mktemp("bukti")
    home = three_nights(root / "home")
    for number in (4, 5, 6):
        if number == 5:
            with night_of(home, number, DAYS[2]).warehouse() as con:
                rotate(con, home, "evidence.key")
        seal(home, number, DAYS[2].replace(day=24 + number), "terbit")
    key, head = root / "kunci", root / "head.json"
    shutil.copy(home.reports / "evidence.pub", key)
    shutil.copy(home.reports / HEAD, head)
    return home.reports, key, head


def _any_file(reports: Path, dice: random.Random) -> Path:
    return dice.choice(sorted(path for path in reports.rglob("*") if path.is_file()))


def flip(reports: Path, dice: random.Random) -> None:
    path = _any_file(reports, dice)
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def cut(reports: Path, dice: random.Random) -> None:
    path = _any_file(reports, dice)
    data = path.read_bytes()
    path.write_bytes(data[: dice.randrange(len(data))])


def lengthen(reports: Path, dice: random.Random) -> None:
    path = _any_file(reports, dice)
    path.write_bytes(path.read_bytes() + dice.choice((b"\n", b" ", b"\0", b"{}\n")))


def remove(reports: Path, dice: random.Random) -> None:
    _any_file(reports, dice).unlink()


def add(reports: Path, dice: random.Random) -> None:
    folder = dice.choice([reports, *sorted(path for path in reports.rglob("*") if path.is_dir())])
    (folder / dice.choice(("evidence-9.zip", "baru.html", ".tersembunyi", "index.htm"))).write_bytes(dice.randbytes(20))


def rename(reports: Path, dice: random.Random) -> None:
    path = _any_file(reports, dice)
    path.rename(path.with_name(path.name + "x"))


def swap(reports: Path, dice: random.Random) -> None:
    files = sorted(path for path in reports.rglob("*") if path.is_file())
    one = dice.choice(files)
    other = dice.choice([path for path in files if path.read_bytes() != one.read_bytes()])
    a, b = one.read_bytes(), other.read_bytes()
    one.write_bytes(b)
    other.write_bytes(a)


def remove_day(reports: Path, dice: random.Random) -> None:
    shutil.rmtree(dice.choice(sorted(path for path in reports.iterdir() if path.is_dir())))


def link_out(reports: Path, dice: random.Random) -> None:
    path = _any_file(reports, dice)
    outside = reports.parent / "luar"
    shutil.move(path, outside)
    path.symlink_to(outside)
    path.unlink() if path.name in (CHAIN, SIGNATURES, HEAD, "evidence.pub") else None


def drop_lines(reports: Path, dice: random.Random) -> None:
    path = reports / dice.choice((CHAIN, SIGNATURES))
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    path.write_bytes(b"".join(lines))


def reorder_lines(reports: Path, dice: random.Random) -> None:
    path = reports / dice.choice((CHAIN, SIGNATURES))
    lines = path.read_bytes().splitlines(keepends=True)
    i = dice.randrange(len(lines) - 1)
    lines[i], lines[i + 1] = lines[i + 1], lines[i]
    path.write_bytes(b"".join(lines))


def forget_last_nights(reports: Path, dice: random.Random) -> None:
    """Chain, signatures, folders and head as they were some nights ago: only the witness knows better."""
    lines = (reports / CHAIN).read_bytes().splitlines()
    keep = dice.randrange(3, len(lines))
    for line in lines[keep:]:
        shutil.rmtree(reports / json.loads(line)["as_of"], ignore_errors=True)
    signed = (reports / SIGNATURES).read_bytes().splitlines()[:keep]
    (reports / CHAIN).write_bytes(b"\n".join(lines[:keep]) + b"\n")
    (reports / SIGNATURES).write_bytes(b"\n".join(signed) + b"\n")
    (reports / HEAD).write_bytes(canonical({"sequence": keep, **json.loads(signed[-1])}) + b"\n")


def rewrite_pack(reports: Path, dice: random.Random) -> None:
    """A check, a verdict or a report is changed, and every hash that leads to it; the signatures stay as they are."""
    path = dice.choice(sorted(reports.rglob("evidence.zip")))
    before = sha256(path.read_bytes())
    with zipfile.ZipFile(path) as pack:
        content = {name: pack.read(name) for name in pack.namelist()}
    name = dice.choice(sorted(content))
    if name == MANIFEST:
        manifest = json.loads(content[name]) | {"policy_version": str(dice.random())}
    else:
        content[name] = content[name].replace(b"0", b"1") + b" "
        manifest = json.loads(content[MANIFEST])
        manifest["content"][name] = sha256(content[name])
        if name.startswith("files/"):
            (path.parent / name[6:]).write_bytes(content[name])
    content[MANIFEST] = canonical(manifest)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as pack:
        for one, data in sorted(content.items()):
            pack.writestr(zipfile.ZipInfo(one), data)
    path.write_bytes(written.getvalue())
    _rechain(reports, before, sha256(written.getvalue()))


def rewrite_entry(reports: Path, dice: random.Random) -> None:
    """An entry says something else, and the chain is made whole again after it."""
    entry = json.loads(dice.choice((reports / CHAIN).read_bytes().splitlines()))
    _rechain(reports, entry["run_id"], f"malam-{dice.randrange(100, 999):04d}")


def _rechain(reports: Path, old: str, new: str) -> None:
    lines, previous = [], NOTHING
    for line in (reports / CHAIN).read_bytes().replace(old.encode(), new.encode()).splitlines():
        lines.append(canonical(json.loads(line) | {"previous": previous}))
        previous = sha256(lines[-1])
    signed = [json.loads(line) for line in (reports / SIGNATURES).read_bytes().splitlines()]
    rows = [{**row, "entry": sha256(line)} for row, line in zip(signed, lines, strict=True)]
    (reports / CHAIN).write_bytes(b"".join(line + b"\n" for line in lines))
    (reports / SIGNATURES).write_bytes(b"".join(canonical(row) + b"\n" for row in rows))
    (reports / HEAD).write_bytes(canonical({"sequence": len(rows), **rows[-1]}) + b"\n")


KINDS: tuple[Edit, ...] = (
    flip, flip, cut, cut, lengthen, remove, add, rename, swap, remove_day, link_out, drop_lines, reorder_lines, forget_last_nights,
    rewrite_pack, rewrite_pack, rewrite_entry,
)  # fmt: skip


def test_an_unedited_folder_verifies(evidence: tuple[Path, Path, Path]) -> None:
    reports, key, head = evidence
    held = verify_reports(reports, key=key, head=head)
    assert (held.packs, held.vouched, held.own_key) == (6, 6, False)


def test_every_edit_is_found(evidence: tuple[Path, Path, Path], tmp_path: Path) -> None:
    reports, key, head = evidence
    missed = []
    for seed in range(EDITS):
        dice = random.Random(seed)  # noqa: S311 (which edit, not a secret)
        edit, copy = KINDS[seed % len(KINDS)], tmp_path / "salinan" / "reports"
        shutil.copytree(reports, copy)
        edit(copy, dice)
        try:
            verify_reports(copy, key=key, head=head)
            missed.append((edit.__name__, seed))
        except (Misfit, OSError, ValueError, KeyError, TypeError):
            pass
        shutil.rmtree(copy.parent)
    assert missed == []
