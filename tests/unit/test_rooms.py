"""The generic package names are this repository's, and secrets stay in their files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import assets
import padan
import pipelines
import schemas
from padan.errors import ConfigError
from padan.home import Home
from padan.keys import keyed_hash, load_key

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("package", [assets, padan, pipelines, schemas])
def test_our_packages_are_the_ones_imported(package) -> None:
    assert Path(package.__file__).resolve().is_relative_to(REPO)


def test_vault_folders_and_keys_are_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    key = load_key(home.keys, "record")
    assert load_key(home.keys, "record") == key
    for path in (home.archive, home.warehouse.parent, home.register, home.returns, home.review, home.keys, home.tmp, home.answers):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home.keys / "record.key").stat().st_mode) == 0o600


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "record.key").write_text("abc")
    with pytest.raises(ConfigError):
        load_key(tmp_path, "record")
    assert (tmp_path / "record.key").read_text() == "abc"


def test_hashed_parts_cannot_run_into_each_other() -> None:
    key = b"k" * 32
    assert keyed_hash(key, "ab", "c") != keyed_hash(key, "a", "bc")
    assert keyed_hash(key, "a") != keyed_hash(b"x" * 32, "a")
