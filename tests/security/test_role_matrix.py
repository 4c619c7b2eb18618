"""Who can open what, asked of the kernel: every role under a user id of its own, against every file of a whole night's home."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nights import RanNight, padan

from padan.access import give, open_faults, require_closed
from padan.config import Access
from padan.errors import ConfigError
from padan.home import Home
from padan.serving.swap import seal
from schemas.sharing import AUDIENCES

PIPELINE, AUDITORS = 20_000, 30_900
GROUPS = {audience: 30_001 + at for at, audience in enumerate(AUDIENCES)}


@dataclass(frozen=True)
class Role:
    name: str
    uid: int
    gid: int


ROLES = [
    *(Role(f"analyst of {audience}", 20_100 + at, GROUPS[audience]) for at, audience in enumerate(AUDIENCES)),
    Role("auditor", 20_200, AUDITORS),
    Role("stranger", 20_300, 30_999),
]


@pytest.fixture(scope="module")
def home(small_night: RanNight) -> Iterator[Home]:
    """The home of a night as the pipeline account leaves it, where other accounts can reach it at all."""
    if os.geteuid() != 0:
        pytest.skip("only root can become other accounts; run as root to test the matrix")
    root = Path(tempfile.mkdtemp(prefix="padan-roles-"))
    root.chmod(0o755)
    made = Home(Path(shutil.copytree(small_night.home, root / "home", symlinks=True)))
    seal((made.serving / "current").resolve(), {audience: str(group) for audience, group in GROUPS.items()})
    for folder in (made.reports, made.logs):
        give(folder, str(AUDITORS))
    for path in (made.root, *made.root.rglob("*")):
        os.chown(path, PIPELINE, -1, follow_symlinks=False)
    yield made
    shutil.rmtree(root)


def reach(role: Role, home: Home) -> dict[str, list[str]]:
    """What a process of the role can read and write, found by trying."""
    files = sorted(str(path) for path in home.root.rglob("*") if not path.is_symlink())
    out, back = os.pipe()
    if (child := os.fork()) == 0:
        os.setgroups([])
        os.setgid(role.gid)
        os.setuid(role.uid)
        found: dict[str, list[str]] = {"read": [], "list": [], "write": []}
        for name in files:
            if os.access(name, os.W_OK):
                found["write"].append(name)
            try:
                if Path(name).is_dir():
                    next(Path(name).iterdir(), None)
                    found["list"].append(name)
                else:
                    os.close(os.open(name, os.O_RDONLY))
                    found["read"].append(name)
            except OSError:
                pass
        with os.fdopen(back, "w") as pipe:
            json.dump(found, pipe)
        os._exit(0)
    os.close(back)
    with os.fdopen(out) as pipe:
        found = json.load(pipe)
    os.waitpid(child, 0)
    return found


def files_below(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_opens_what_is_its_own_and_nothing_else(role: Role, home: Home) -> None:
    found = reach(role, home)
    audience = next((name for name, group in GROUPS.items() if group == role.gid), None)
    current = (home.serving / "current").resolve()
    own = files_below(current / audience) if audience else set()
    if role.gid == AUDITORS:
        own = files_below(home.reports) | files_below(home.logs)
    assert set(found["read"]) == own
    assert bool(own) == (role.name != "stranger")
    assert found["write"] == [], "nobody but the pipeline writes"
    vault = [str(path) for path in home.vault]
    assert not [name for name in found["list"] if any(name.startswith(folder) for folder in vault)]


def test_the_pipeline_account_opens_everything(home: Home) -> None:
    found = reach(Role("pipeline", PIPELINE, 30_999), home)
    assert set(found["read"]) == files_below(home.root)


def test_a_night_does_not_begin_while_the_vault_stands_open(small_night: RanNight, tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(small_night.home, tmp_path / "home", symlinks=True)))
    assert open_faults(home) == []
    for folder in home.vault:
        folder.chmod(0o750)
        with pytest.raises(ConfigError, match="hak akses"):
            require_closed(home, Access())
        require_closed(home, Access(allow_open_modes=True))
        folder.chmod(0o700)
    home.archive.chmod(0o755)
    done = padan("run", "--landing", small_night.landing, "--home", home.root)
    assert done.returncode == 2 and "archive terbuka" in done.stderr
    assert padan("doctor", "--home", home.root).returncode == 3
