"""Where everything of one PADAN installation lies: one folder, and the modes that keep the vault closed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

VAULT_MODE = 0o700
#: Counts and rule names: for the auditors' group, whom the settings name.
SHARED_MODE = 0o750
#: What lies within decides for itself: each audience's folder is its group's.
OPEN_MODE = 0o755


@dataclass(frozen=True)
class Home:
    """The folders of one installation. Everything but serving and reports is the vault."""

    root: Path

    @property
    def archive(self) -> Path:
        """Delivered files as they came, named by their SHA-256."""
        return self.root / "archive"

    @property
    def warehouse(self) -> Path:
        """The one DuckDB file that the night writes."""
        return self.root / "warehouse" / "padan.duckdb"

    @property
    def register(self) -> Path:
        """One folder a DTSEN release, immutable once built."""
        return self.root / "register"

    @property
    def serving(self) -> Path:
        """Published files, one folder a run; `current` points at the one in force."""
        return self.root / "serving"

    @property
    def reports(self) -> Path:
        """One folder a night."""
        return self.root / "reports"

    @property
    def returns(self) -> Path:
        """What goes back to each agency about its own rows."""
        return self.root / "returns"

    @property
    def review(self) -> Path:
        """Doubtful matches out, rulings in."""
        return self.root / "review"

    @property
    def keys(self) -> Path:
        """Key files, 0600, made at the first run."""
        return self.root / "keys"

    @property
    def tmp(self) -> Path:
        """Spill and work files; emptied at start."""
        return self.root / "tmp"

    @property
    def answers(self) -> Path:
        """What a linkage that was stopped had answered; empty once its answers are written."""
        return self.root / "answers"

    @property
    def dbt(self) -> Path:
        """Target and log folders of dbt."""
        return self.root / "dbt"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.root / "dagster"

    @property
    def logs(self) -> Path:
        """Events of the machine, as JSON lines without a value of anybody."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """The file that one writer holds with flock."""
        return self.root / "lock"

    @property
    def vault(self) -> tuple[Path, ...]:
        """The folders that are the pipeline account's alone."""
        data = (self.archive, self.warehouse.parent, self.register, self.returns, self.review, self.keys)
        return (*data, self.tmp, self.answers, self.dbt, self.dagster)

    def prepare(self) -> Home:
        """Make the folders that are missing, those of the vault closed to everyone else; returns self.

        A folder that is there keeps its mode: padan.access judges it, and silence would hide that it stood open.
        """
        shared = ((self.reports, SHARED_MODE), (self.logs, SHARED_MODE), (self.serving, OPEN_MODE))
        for folder, mode in ((self.root, OPEN_MODE), *((path, VAULT_MODE) for path in self.vault), *shared):
            if not folder.exists():
                folder.mkdir(parents=True)
                # whatever the account's umask says: a closed serving folder serves nobody
                folder.chmod(mode)
        return self
