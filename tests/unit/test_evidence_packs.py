"""A night's evidence: what the pack holds, how it is chained and signed, and that it verifies without us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from evidence_world import DAYS, PROJECT, night_of, seal, three_nights

from padan.config import Evidence
from padan.errors import ConfigError, Defect
from padan.evidence import Misfit, sign_open, verify_reports
from padan.evidence.form import CHAIN, HEAD, NOTHING, SIGNATURES, canonical, sha256
from padan.evidence.signing import sign
from padan.home import Home
from padan.night import Night
from padan.operations.keys import rotate


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return three_nights(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def home(sealed: Home, tmp_path: Path) -> Home:
    """Three nights of one's own, to change."""
    shutil.copytree(sealed.root, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


def script(reports: Path, *more: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(PROJECT / "docs" / "verify_evidence.py"), str(reports), *map(str, more)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_three_nights_verify_whole_and_by_the_day(home: Home) -> None:
    held = verify_reports(home.reports)
    assert (held.packs, held.last) == (3, str(DAYS[2]))
    assert verify_reports(home.reports / str(DAYS[0])).packs == 1


def test_the_script_in_the_docs_agrees_and_imports_nothing_of_ours(home: Home) -> None:
    text = (PROJECT / "docs" / "verify_evidence.py").read_text()
    assert "import padan" not in text and "from padan" not in text
    assert len(text.splitlines()) <= 60
    done = script(home.reports)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "COCOK"), done.stderr
    (home.reports / str(DAYS[0]) / "index.html").write_text("lain")
    assert script(home.reports).returncode != 0


def test_the_pack_names_what_the_night_was_made_of(home: Home) -> None:
    with zipfile.ZipFile(home.reports / str(DAYS[2]) / "evidence.zip") as pack:
        manifest = json.loads(pack.read("manifest.json"))
        checks = json.loads(pack.read("checks.json"))
        assert pack.read("files/index.html") == (home.reports / str(DAYS[2]) / "index.html").read_bytes()
    assert manifest["run_id"] == "malam-0003"
    assert set(manifest["config"]) == {path.name for path in (PROJECT / "config").glob("*.toml")}
    assert all(len(digest) == 64 for digest in (manifest["lock_file"], *manifest["config"].values(), manifest["model"]["person_v1"]))
    assert {check["rule_id"]: (check["numerator"], check["denominator"], check["passed"]) for check in checks} == {
        "baris_diterima_sama_dengan_hasil": (0, 10, True),
        "kiriman_diterima": (3, 10, False),
    }


def test_an_earlier_run_of_the_same_day_is_kept(home: Home) -> None:
    assert sorted(path.name for path in (home.reports / str(DAYS[2])).glob("*.zip")) == ["evidence-2.zip", "evidence.zip"]


def test_a_night_that_published_over_a_failed_gate_does_not_verify(home: Home) -> None:
    seal(home, 4, DAYS[2], "terbit", passed=False)
    with pytest.raises(Misfit, match="terbit walau baris_diterima_sama_dengan_hasil gagal"):
        verify_reports(home.reports)


def test_the_same_content_is_the_same_pack(tmp_path: Path) -> None:
    packs = []
    for name in ("a", "b"):
        one = Home(tmp_path / name).prepare()
        seal(one, 1, DAYS[0])
        packs.append((one.reports / str(DAYS[0]) / "evidence.zip").read_bytes())
    assert packs[0] == packs[1]


def test_a_changed_chain_stops_the_next_night_and_is_left_as_it_is(home: Home) -> None:
    path = home.reports / CHAIN
    changed = path.read_text().replace("malam-0001", "malam-0009")
    path.write_text(changed)
    with pytest.raises(Defect, match="rantai bukti"):
        seal(home, 4, DAYS[2])
    assert path.read_text() == changed


def test_lines_that_a_killed_night_did_not_write_are_written_by_the_next(home: Home) -> None:
    path = home.reports / CHAIN
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    (home.reports / ".head.json").write_text("setengah")
    seal(home, 4, DAYS[2])
    assert verify_reports(home.reports).packs == 4


def test_what_a_killed_night_left_in_another_days_folder_is_sealed_as_it_lies(home: Home) -> None:
    folder = home.reports / "2026-11-25"
    folder.mkdir()
    (folder / "index.html").write_text("setengah jadi")
    with pytest.raises(Misfit, match="2026-11-25"):
        verify_reports(home.reports)
    seal(home, 4, DAYS[2])
    assert verify_reports(home.reports).packs == 5
    assert '"verdict":"terhenti"' in (home.reports / CHAIN).read_text()


def test_another_account_signs_what_the_night_cannot(tmp_path: Path, monkeypatch) -> None:
    home = Home(tmp_path / "home").prepare()
    key = tmp_path / "key"
    settings = Evidence(signing_key=str(key), witness=str(tmp_path / "saksi"))
    (tmp_path / "saksi").mkdir()
    config = night_of(home, 1, DAYS[0]).config.model_copy(update={"evidence": settings})
    monkeypatch.setattr(Night, "config", property(lambda self: config))
    sealed = seal(home, 1, DAYS[0])
    assert (sealed.signed, sealed.witnessed) == (False, False)
    with pytest.raises(ConfigError, match="tidak terbaca oleh akun ini"):
        sign_open(home, settings)
    key.write_text(os.urandom(32).hex())
    assert sign_open(home, settings) == 1
    witness = next((tmp_path / "saksi").iterdir())
    assert verify_reports(home.reports, head=witness).vouched == 1
    assert seal(home, 2, DAYS[1]).witnessed is True


def new_key(home: Home) -> tuple[Path, str]:
    """Rotate the signing key; the auditor's copy of the public keys from before, and the old key as its finder holds it."""
    auditor, stolen = home.root / "kunci-auditor", (home.keys / "evidence.key").read_text()
    shutil.copy(home.reports / "evidence.pub", auditor)
    with night_of(home, 4, DAYS[2]).warehouse() as con:
        rotate(con, home, "evidence.key")
    return auditor, stolen


def test_a_new_signing_key_signs_what_follows_and_the_auditor_is_told(home: Home, tmp_path: Path) -> None:
    witness = tmp_path / "head.json"
    shutil.copy(home.reports / HEAD, witness)
    auditor, _ = new_key(home)
    assert verify_reports(home.reports, key=auditor).packs == 3
    seal(home, 4, DAYS[2])
    with pytest.raises(Misfit, match="diganti sejak baris 4"):
        verify_reports(home.reports, key=auditor)
    shutil.copy(home.reports / "evidence.pub", auditor)
    seal(home, 5, DAYS[2])
    held = verify_reports(home.reports, key=auditor, head=witness)
    assert (held.packs, held.vouched) == (5, 3)
    assert script(home.reports, auditor, witness).returncode == 0
    assert len(auditor.read_text().splitlines()) == 2


def test_whoever_found_the_old_key_can_forge_nothing_that_the_new_one_has_signed(home: Home) -> None:
    _, stolen = new_key(home)
    seal(home, 4, DAYS[2])
    seal(home, 5, DAYS[2])
    auditor, old = home.root / "kunci-auditor", Ed25519PrivateKey.from_private_bytes(bytes.fromhex(stolen))
    shutil.copy(home.reports / "evidence.pub", auditor)
    lines, previous = [], NOTHING
    for line in (home.reports / CHAIN).read_bytes().replace(b"malam-0002", b"malam-0009").splitlines():
        lines.append(canonical(json.loads(line) | {"previous": previous}))
        previous = sha256(lines[-1])
    rows = [{"entry": sha256(line), "signature": sign(old, sha256(line))} for line in lines]
    (home.reports / CHAIN).write_bytes(b"".join(line + b"\n" for line in lines))
    (home.reports / SIGNATURES).write_bytes(b"".join(canonical(row) + b"\n" for row in rows))
    (home.reports / HEAD).write_bytes(canonical({"sequence": len(rows), **rows[-1]}) + b"\n")
    with pytest.raises(Misfit, match="baris 4: tanda tangan tidak cocok"):
        verify_reports(home.reports, key=auditor)
    assert script(home.reports, auditor).returncode != 0
    (home.reports / "evidence.pub").write_text(auditor.read_text().splitlines(keepends=True)[0])
    with pytest.raises(Misfit, match="bukan kunci milik auditor"):
        verify_reports(home.reports, key=auditor)


@pytest.mark.parametrize("keys", ["", "{0} 2\n", "{0}\n{1} 9\n", "{0}\n{1} 2\n{0} 2\n", "{0}\n{1} 3\n{0} 2\n", "{0}\n\n", "{0}\r\n"])
def test_public_keys_written_in_another_way_do_not_verify(home: Home, keys: str) -> None:
    public = (home.reports / "evidence.pub").read_text().strip()
    (home.reports / "evidence.pub").write_bytes(keys.format(public, "ab" * 32).encode())
    with pytest.raises(Misfit):
        verify_reports(home.reports)
    assert script(home.reports).returncode != 0


def test_a_witness_finds_that_the_last_nights_are_gone(home: Home, tmp_path: Path) -> None:
    witness, earlier = tmp_path / "head.json", tmp_path / "lama"
    witness.write_bytes((home.reports / HEAD).read_bytes())
    key = tmp_path / "kunci"
    key.write_bytes((home.reports / "evidence.pub").read_bytes())
    other = three_nights(earlier)
    with pytest.raises(Misfit, match="bukan kunci milik auditor"):
        verify_reports(other.reports, key=key)
    _forget_last_day(home)
    assert verify_reports(home.reports, key=key).packs == 1
    with pytest.raises(Misfit, match="lebih pendek daripada yang disimpan saksi"):
        verify_reports(home.reports, key=key, head=witness)


def _forget_last_day(home: Home) -> None:
    """All traces of the last day go, and the head is put back to the day before."""
    for path in sorted((home.reports / str(DAYS[2])).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (home.reports / str(DAYS[2])).rmdir()
    for name in (CHAIN, SIGNATURES):
        path = home.reports / name
        path.write_text(path.read_text().splitlines(keepends=True)[0])
    first = json.loads((home.reports / SIGNATURES).read_text())
    head = json.dumps({"sequence": 1, **first}, sort_keys=True, separators=(",", ":"))
    (home.reports / HEAD).write_text(head + "\n")
