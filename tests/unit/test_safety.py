"""What keeps data closed and a night bounded: age recipients, the disk below, backups before a night, a night that hangs."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyrage
import pytest
from landed import Desk, csv_text, desk, pkh, row
from nights import REPO

from padan import journal
from padan.config import Backup, Encryption, PadanConfig
from padan.errors import ConfigError
from padan.home import Home
from padan.intake import rules
from padan.intake.archive import Archive
from padan.intake.replay import replay
from padan.operations.at_rest import require_encrypted, volume_of
from padan.operations.backup import back_up_before_night
from padan.returns.closing import close_returns

PKH = "kemensos/pkh"
NAME = "QWERTYANI PLANTULASARI"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Files of an age recipient and of its identity."""
    identity = pyrage.x25519.Identity.generate()
    public, secret = tmp_path / "penerima.txt", tmp_path / "identitas.txt"
    public.write_text(f"# kunci KPAI\n{identity.to_public()}\n")
    secret.write_text(str(identity))
    return public, secret


def taken(office: Desk, settings: Encryption) -> None:
    office.deliver(PKH, csv_text(PKH, [*pkh(20), row(PKH, id_pkh="0021", nama=NAME)]))
    config = PadanConfig(encryption=settings)
    assert office.take(PKH, config=config).accepted == 21


def test_a_closed_archive_holds_no_readable_byte_and_opens_with_the_identity_alone(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    public, secret = pair
    with desk(tmp_path) as office:
        taken(office, Encryption(archive_recipients=str(public)))
        files = list(office.home.archive.iterdir())
        assert [path.suffix for path in files] == [".age"] and NAME.encode() not in files[0].read_bytes()
        sha = files[0].stem
        for left in office.home.tmp.iterdir():
            left.unlink()
        opened = Archive.of(office.home, Encryption(archive_recipients=str(public), archive_identity=str(secret))).find(sha)
        assert opened is not None and NAME.encode() in opened.read_bytes() and opened.is_relative_to(office.home.tmp)
        opened.unlink()
        with pytest.raises(ConfigError, match="tersandi"):
            Archive.of(office.home, Encryption()).find(sha)
        secret.write_text(str(pyrage.x25519.Identity.generate()))
        with pytest.raises(ConfigError, match="tidak terbuka"):
            Archive.of(office.home, Encryption(archive_identity=str(secret))).find(sha)


def test_recipients_that_are_none_stop_the_night_before_a_byte_is_kept(tmp_path: Path) -> None:
    wrong = tmp_path / "penerima.txt"
    wrong.write_text("age1bukan\n")
    with desk(tmp_path) as office:
        office.deliver(PKH, csv_text(PKH, pkh(3)))
        with pytest.raises(ConfigError, match="penerima"):
            office.take(PKH, config=PadanConfig(encryption=Encryption(archive_recipients=str(wrong))))
        assert list(office.home.archive.iterdir()) == []


def test_returns_of_an_agency_with_recipients_are_closed_to_them(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    home = Home(tmp_path / "home").prepare()
    for agency in ("kpai", "kemensos"):
        (home.returns / agency / "daftar").mkdir(parents=True)
        (home.returns / agency / "daftar" / "pusat.csv").write_text(NAME)
    settings = Encryption(returns_recipients={"kpai": str(pair[0])})
    assert close_returns(home, settings) == 1 and close_returns(home, settings) == 0
    (closed,) = (home.returns / "kpai" / "daftar").iterdir()
    assert closed.name == "pusat.csv.age" and NAME.encode() not in closed.read_bytes()
    identity = pyrage.x25519.Identity.from_str(pair[1].read_text())
    assert pyrage.decrypt(closed.read_bytes(), [identity]).decode() == NAME
    assert (home.returns / "kemensos" / "daftar" / "pusat.csv").read_text() == NAME


def laid_disk(root: Path, uuid: str) -> tuple[Path, Path]:
    """A mount table in which the home lies on device 253:1, a logical volume upon 254:0 with that device-mapper uuid."""
    mounts, devices = root / "mountinfo", root / "block"
    mounts.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 253:1 / {root / 'srv'} rw - ext4 /dev/mapper/data rw\n")
    for name, kind, slaves in (("253:1", "LVM-abc", ["254:0"]), ("254:0", uuid, []), ("8:1", "", [])):
        (devices / name / "dm").mkdir(parents=True)
        if kind:
            (devices / name / "dm" / "uuid").write_text(kind)
            (devices / name / "dm" / "name").write_text("rahasia\n")
        (devices / name / "slaves").mkdir()
        for slave in slaves:
            (devices / name / "slaves" / "dm-0").symlink_to(devices / slave)
    (root / "srv").mkdir()
    return mounts, devices


def test_an_encrypted_disk_is_shown_by_what_the_kernel_says_however_deep(tmp_path: Path) -> None:
    mounts, devices = laid_disk(tmp_path, "CRYPT-LUKS2-0123-rahasia")
    assert volume_of(tmp_path / "srv", mounts, devices).proof == "dm-crypt rahasia"
    assert volume_of(tmp_path, mounts, devices).proof == ""


def test_a_disk_that_is_not_shown_to_be_encrypted_stops_a_night_that_asks_for_it(tmp_path: Path) -> None:
    mounts, devices = laid_disk(tmp_path, "LVM-def")
    assert volume_of(tmp_path / "srv", mounts, devices).proof == ""
    home = Home(tmp_path / "home").prepare()
    require_encrypted(home, Encryption())
    if not volume_of(home.root).proof:
        with pytest.raises(ConfigError, match="tidak terbukti"):
            require_encrypted(home, Encryption(volume="encrypted"))


def test_a_copy_is_taken_before_a_night_and_only_so_many_stay(tmp_path: Path) -> None:
    with desk(tmp_path) as office:
        taken(office, Encryption())
        home = office.home
    settings = Backup(folder=str(tmp_path / "cadangan"), keys_folder=str(tmp_path / "brankas"), keep=2)
    now = dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC)
    assert back_up_before_night(home, Backup(), now) is None
    (tmp_path / "cadangan").mkdir()
    (tmp_path / "brankas").mkdir()
    copies = [back_up_before_night(home, settings, now + dt.timedelta(days=day)) for day in range(4)]
    assert all(copy is not None and copy.files > 1 for copy in copies)
    for place in (settings.folder, settings.keys_folder):
        assert sorted(path.name for path in Path(place).iterdir()) == ["padan-20261126T010000Z", "padan-20261127T010000Z"]


def test_rows_set_aside_by_a_rule_that_was_wrong_come_in_again_and_the_next_night_leaves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path) as office:
        rows = [*pkh(40), row(PKH, id_pkh="0041", nama="NAMA YANG PANJANG SEKALI NAMUN BENAR ADANYA")]
        office.deliver(PKH, csv_text(PKH, rows))
        monkeypatch.setattr(rules, "MAX_CELL_CHARS", 30)
        assert office.take(PKH).quarantined == 1
        monkeypatch.undo()
        (done,) = replay(office.context(), office.contracts[PKH])
        assert (done.before, done.after) == (1, 0)
        assert office.quarantine() == [] and len(office.in_force(PKH)) == 41
        assert replay(office.context(), office.contracts[PKH]) == []
        assert office.take(PKH).deliveries[0].status == "unchanged"


HANG = """
import sys, time
from padan.processes import ended_after
with ended_after(0.5, lambda: print("terlalu lama", flush=True)):
    time.sleep(60)
"""


def test_a_night_that_hangs_is_ended_and_says_so() -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", HANG], cwd=REPO, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (1, "terlalu lama\n") and time.monotonic() - began < 20


def test_the_journal_keeps_our_counts_and_of_a_library_only_who_spoke(tmp_path: Path) -> None:
    journal.open_journal(tmp_path)
    journal.open_journal(tmp_path)
    try:
        journal.say("step_succeeded", step="link", rows=7, at_day=dt.date(2026, 11, 24))
        logging.getLogger("third.party").error("row of %s", NAME)
        logging.getLogger("third.party").info("nothing to see")
        lines = [json.loads(line) for line in (tmp_path / "padan.jsonl").read_text().splitlines()]
    finally:
        root = logging.getLogger()
        for handler in [h for h in root.handlers if getattr(h, "baseFilename", "").startswith(str(tmp_path))]:
            root.removeHandler(handler)
    assert [(line["event"], line.get("rows"), line.get("logger")) for line in lines] == [
        ("step_succeeded", 7, None),
        ("library", None, "third.party"),
    ]
    assert NAME not in (tmp_path / "padan.jsonl").read_text()


def test_a_dbt_whose_night_died_while_it_started_ends_at_once() -> None:
    """The kernel tells of a death only to who asked before it: whoever asks later must see for itself."""
    env = {**os.environ, "PADAN_NIGHT_PID": str(os.getppid())}  # alive, and not the parent
    done = subprocess.run([sys.executable, "-m", "pipelines.dbt_child", "--version"], cwd=REPO, env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL and not done.stdout
    env["PADAN_NIGHT_PID"] = str(os.getpid())
    assert subprocess.run([sys.executable, "-m", "pipelines.dbt_child", "--version"], cwd=REPO, env=env, check=False).returncode == 0
