"""`python -m bench [name [arguments]]`: one bench, or short versions of all that have one; `--list` names them.

A bench is a module of this package with `main(arguments)`; if it has `short()` too, that is what a run without a name does.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def _benches() -> dict[str, str]:
    """Name → first line of its docstring, of every module with a `main`."""
    modules = [importlib.import_module(f"bench.{m.name}") for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_")]
    return {m.__name__.removeprefix("bench."): (m.__doc__ or "").split("\n")[0] for m in modules if hasattr(m, "main")}


def main(arguments: list[str]) -> None:
    """Run what was asked for."""
    benches = _benches()
    if arguments[:1] == ["--list"]:
        print("\n".join(f"{name:12} {about}" for name, about in benches.items()))
    elif arguments and arguments[0] in benches:
        importlib.import_module(f"bench.{arguments[0]}").main(arguments[1:])
    elif arguments:
        raise SystemExit(f"no bench {arguments[0]!r}: {', '.join(benches)}")
    else:
        for name in benches:
            if short := getattr(importlib.import_module(f"bench.{name}"), "short", None):
                print(f"\n== {name}: {benches[name]}")
                short()


if __name__ == "__main__":
    main(sys.argv[1:])
