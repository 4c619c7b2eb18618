"""dbt's manifest, parsed again only when SQL, seeds or contracts have changed: Dagster reads the asset graph from it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from padan.dbt_vars import contract_vars
from padan.errors import Defect
from padan.home import Home

SOURCES = ("*.yml", "models/**/*", "macros/**/*", "seeds/*", "tests/**/*", "snapshots/**/*")


def prepared_manifest(project: Path, home: Home) -> Path:
    """Path of a manifest that is true of the dbt project as it lies on disk.

    Raises:
        Defect: dbt cannot parse the project.
    """
    target = home.dbt / "parsed"
    manifest, stamp = target / "manifest.json", target / "fingerprint"
    wanted = _fingerprint(project / "dbt_project")
    if manifest.exists() and stamp.exists() and stamp.read_text() == wanted:
        return manifest
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    _parse(project / "dbt_project", target, home)
    stamp.write_text(wanted)
    return manifest


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(json.dumps(contract_vars(), sort_keys=True).encode())
    for path in sorted({p for pattern in SOURCES for p in folder.glob(pattern) if p.is_file()}):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def dbt_executable() -> str:
    """The dbt of the same virtual environment, which ends with the process that started it (pipelines.dbt_child)."""
    return str(Path(sys.executable).parent / "padan-dbt")


def _parse(folder: Path, target: Path, home: Home) -> None:
    command = [
        dbt_executable(),
        "--quiet",
        "parse",
        "--project-dir",
        str(folder),
        "--profiles-dir",
        str(folder),
        "--target-path",
        str(target),
    ]
    command += ["--log-path", str(target), "--vars", json.dumps(contract_vars())]
    environment = {**os.environ, "PADAN_WAREHOUSE": str(home.warehouse), "PADAN_TMP": str(home.tmp), "DO_NOT_TRACK": "1"}
    # Arguments are ours; the list form keeps a shell out of it.
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Defect(f"dbt tidak dapat membaca proyeknya: {done.stdout[-2000:]}{done.stderr[-500:]}", todo="Perbaiki SQL atau yml itu.")
