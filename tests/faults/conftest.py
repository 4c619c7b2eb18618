"""The night that the long tests kill, starve and fill the disk of."""

from __future__ import annotations

import pytest
from nights import AS_OF, RanNight, padan, run_night


@pytest.fixture(scope="session")
def little_night(tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    """A night whose length is that of its tools: two hundred of them are killed."""
    out = tmp_path_factory.mktemp("little")
    assert padan("synth", out, "--persons", "1000", "--seed", "7", "--date", AS_OF.isoformat()).returncode == 0
    return run_night(out / "landing", out / "home")
