"""`python -m bench [name [arguments]]`: one bench, or short versions of all that have one; `--list` names them.

A bench is a module of this package with `main(arguments)`; if it has `short()` too, that is what a run without a name does.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import bench


def _benches() -> list[str]:
    """Names of the modules and packages here that have a `main`; nothing is imported, so that one bench cannot stop another."""
    found = {path.name if path.is_dir() else path.stem: path for path in Path(bench.__path__[0]).iterdir()}
    sources = {name: path / "__init__.py" if path.is_dir() else path for name, path in found.items() if not name.startswith(("_", "."))}
    return sorted(name for name, path in sources.items() if path.suffix == ".py" and path.exists() and "\ndef main(" in path.read_text())


def main(arguments: list[str]) -> None:
    """Run what was asked for."""
    benches = _benches()
    if arguments[:1] == ["--list"]:
        for name in benches:
            print(f"{name:12} {(importlib.import_module(f'bench.{name}').__doc__ or '').splitlines()[0]}")
    elif arguments and arguments[0] in benches:
        importlib.import_module(f"bench.{arguments[0]}").main(arguments[1:])
    elif arguments:
        raise SystemExit(f"no bench {arguments[0]!r}: {', '.join(benches)}")
    else:
        for name in benches:
            if short := getattr(importlib.import_module(f"bench.{name}"), "short", None):
                print(f"\n== {name}")
                short()


if __name__ == "__main__":
    main(sys.argv[1:])
