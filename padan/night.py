"""What one night carries through its steps: where it works, as of which day, under which settings."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from padan.config import LinkageConfig, PadanConfig, Waiver, load_linkage, load_padan, load_waivers
from padan.home import Home
from padan.keys import load_key
from padan.warehouse import connect

#: What decides a night's result besides the deliveries: a change in any of these files is a new night.
CODE = ("pipelines/**/*.py", "assets/**/*.py", "padan/**/*", "schemas/**/*.py", "dbt_project/**/*", "config/*.toml", "requirements.lock")
WAIVERS = "waivers.toml"
NOT_CODE = {"target", "logs", "__pycache__"}
_MACHINE = re.compile(rb"^\[machine\].*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Night:
    """One run of the pipeline. `as_of`: ages and expiries are as of it, deliveries after it are not read.

    `only_settled`: without a manifest, a delivery is taken only when its files have stood still (schedule and sensor).
    """

    home: Home
    project: Path
    landing: Path
    as_of: dt.date
    run_id: str
    only_settled: bool = False

    @cached_property
    def config(self) -> PadanConfig:
        """config/padan.toml."""
        return load_padan(self.project / "config")

    @cached_property
    def linkage(self) -> LinkageConfig:
        """config/linkage.toml."""
        return load_linkage(self.project / "config")

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """config/waivers.toml."""
        return load_waivers(self.project / "config")

    @cached_property
    def code_version(self) -> str:
        """12 hex digits over code, SQL, settings and lock file."""
        return code_version(self.project)

    @cached_property
    def steps_version(self) -> str:
        """The same without waivers: they decide what a failing rule holds back, not what a step leaves."""
        return code_version(self.project, waivers=False)

    @contextmanager
    def warehouse(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse, open for one block; close it before dbt starts, which is another process."""
        with connect(self.home, self.config.machine, read_only=read_only) as con:
            yield con

    def key(self, name: str) -> bytes:
        """A secret key of this home, made at first use."""
        return load_key(self.home.keys, name)


def code_version(project: Path, *, waivers: bool = True) -> str:
    """12 hex digits over every file that decides a result, by path and content; what a night may use of the machine decides none."""
    digest = hashlib.sha256()
    for path in _code_files(project):
        if path.name == WAIVERS and not waivers:
            continue
        digest.update(str(path.relative_to(project)).encode() + b"\0")
        digest.update(hashlib.sha256(_deciding(path)).digest())
    return digest.hexdigest()[:12]


def _deciding(path: Path) -> bytes:
    """The file's content; of the settings without [machine], so that a night that ran out of memory goes on once it is given more."""
    content = path.read_bytes()
    return _MACHINE.sub(b"", content) if path.name == "padan.toml" else content


def _code_files(project: Path) -> Iterable[Path]:
    found = {path for pattern in CODE for path in project.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not NOT_CODE & set(path.relative_to(project).parts))
