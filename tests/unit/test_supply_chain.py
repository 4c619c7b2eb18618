"""What is installed is what the lock file names, byte for byte as its packages came."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path

from nights import REPO

LOCK = (REPO / "requirements.lock").read_text()
#: A package may be pinned to another version for another Python.
PINNED = set(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCK, flags=re.M))
#: What a virtual environment brings along, and the project itself.
OWN = {"pip", "setuptools", "padan", "wheel"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_of_the_lock_is_pinned_to_one_version_and_has_hashes() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.M)[1:]
    named = [block for block in blocks if not block.startswith("#")]
    assert len(named) > 100
    assert all("==" in block.split("\n")[0] and "--hash=sha256:" in block for block in named)
    assert "://" not in re.sub(r"^#.*$", "", LOCK, flags=re.M), "no address in the lock: the registry is the installer's choice"


def test_nothing_is_installed_that_the_lock_does_not_name() -> None:
    wanted = {(normal(name), version) for name, version in PINNED}
    extra = []
    for one in distributions():
        name = normal(one.metadata["Name"])
        if name not in OWN and (name, one.version) not in wanted:
            extra.append(f"{name} {one.version}")
    # the spark extra and bench have locks of their own, and may be there
    others = (REPO / "spark-requirements.lock").read_text() + (REPO / "bench" / "requirements.lock").read_text()
    assert [one for one in extra if f"{one.split()[0]}=={one.split()[1]}" not in others] == []


def test_the_packages_that_read_deliveries_and_sign_evidence_are_as_they_came() -> None:
    for name in ("duckdb", "polars", "python-calamine", "cryptography", "pyrage", "msoffcrypto-tool"):
        for file in distribution(name).files or []:
            if file.hash is None:
                continue
            digest = hashlib.new(file.hash.mode, Path(str(file.locate())).read_bytes()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, f"{name}: {file} was changed"


def test_the_packages_agree_with_each_other() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
