"""`python -m bench [name [arguments]]`: one bench, or short versions of all that have one; `--list` names them.

A bench is a module of this package with `main(arguments)` (if it has `short()` too, that is what a run without a name does), or a
package that runs by itself.
"""

from __future__ import annotations

import importlib
import runpy
import sys
from pathlib import Path

import bench


def _benches() -> list[str]:
    """Names of the modules here with a `main`, and of the packages that run; nothing is imported, so one bench cannot stop another."""
    here = Path(bench.__path__[0])
    modules = [path.stem for path in here.glob("[a-z]*.py") if "\ndef main(" in path.read_text()]
    return sorted(modules + [path.parent.name for path in here.glob("*/__main__.py")])


def _run(name: str, arguments: list[str]) -> None:
    module = importlib.import_module(f"bench.{name}")
    if hasattr(module, "__path__"):
        sys.argv = [name, *arguments]
        runpy.run_module(f"bench.{name}", run_name="__main__", alter_sys=True)
    else:
        module.main(arguments)


def main(arguments: list[str]) -> None:
    """Run what was asked for."""
    benches = _benches()
    if arguments[:1] == ["--list"]:
        for name in benches:
            print(name)
    elif arguments and arguments[0] in benches:
        _run(arguments[0], arguments[1:])
    elif arguments:
        raise SystemExit(f"no bench {arguments[0]!r}: {', '.join(benches)}")
    else:
        for name in benches:
            if short := getattr(importlib.import_module(f"bench.{name}"), "short", None):
                print(f"\n== {name}")
                short()


if __name__ == "__main__":
    main(sys.argv[1:])
