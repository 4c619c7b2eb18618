"""The figures that the long tests reach, told as one table at the end: figure, bound, measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


class Figures:
    """Figures of one test session. Tests add to them; pytest prints them (tests/conftest.py)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, name: str, bound: str, value: float) -> None:
        """A count: what several tests reach together."""
        self._put(name, bound, value, lambda before, now: before + now)

    def most(self, name: str, bound: str, value: float) -> None:
        """The worst of several measurements, where less is better."""
        self._put(name, bound, value, max)

    def least(self, name: str, bound: str, value: float) -> None:
        """The worst of several measurements, where more is better."""
        self._put(name, bound, value, min)

    def _put(self, name: str, bound: str, value: float, join: Callable[[float, float], float]) -> None:
        known = self.read()
        before = known.get(name)
        known[name] = (bound, float(value) if before is None else join(before[1], float(value)))
        self._path.write_text(json.dumps(known))

    def read(self) -> dict[str, tuple[str, float]]:
        """Name → bound and measured."""
        if not self._path.exists():
            return {}
        return {name: (bound, value) for name, (bound, value) in json.loads(self._path.read_text()).items()}

    def lines(self) -> list[str]:
        """The table."""
        return [f"{name:<72} {bound:>18} {value:>12,.4g}" for name, (bound, value) in self.read().items()]
