"""What all answers of a night rest on: the register's release, and model, policy and program.

The program of answers is the code that `padan.linkage.answering` imports, over and over, as Python reads it: a comment is none of it, nor
is what joins records, writes, explains, trains or evaluates. Another basis means that every record is answered again, in a nation hours.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from padan.config import PersonPolicy
from padan.linkage.person_v1.definition import PERSON_V1
from padan.register.release import Release

#: Where answers are made, here or beyond one machine; and where all of a night's linkage of persons is.
ANSWERS, NIGHT = ("padan.linkage.answering", "padan.linkage.spark.engine"), ("padan.linkage.persons",)

#: Packages of ours whose code an answer may follow from, and libraries under them.
PACKAGES, LIBRARIES = ("padan.linkage", "padan.register"), ("duckdb", "splink")

_SOURCE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Basis:
    """What all answers of a night rest on: `register` names the release and its index, `model` all that is ours.

    `program` names the code that also says who is one person and under which id: no kept answer rests on it, what changed may.
    """

    register: str
    model: str
    program: str

    @property
    def digest(self) -> str:
        """Release and model in one: what a kept answer belongs to."""
        return hashlib.sha256(f"{self.register}|{self.model}".encode()).hexdigest()[:20]


def basis_of(release: Release | None, policy: PersonPolicy, trained: Path | None = None) -> Basis:
    """The basis of a night on `release`: a change of it means that every record is answered again."""
    register = f"{release.version}/{release.index_version}/{release.persons}" if release else "tanpa rilis"
    model = hashlib.sha256(policy.model_dump_json().encode() + (trained or PERSON_V1.trained).read_bytes() + program_digest(ANSWERS))
    return Basis(register, model.hexdigest()[:20], program_digest(NIGHT).hex()[:20])


@cache
def program_digest(roots: tuple[str, ...] = ANSWERS) -> bytes:
    """A hash over the code of `roots`, as it was when this process first asked, and the libraries under it."""
    digest = hashlib.sha256()
    for library in LIBRARIES:
        digest.update(version(library).encode())
    for name, tree in sorted(program(_SOURCE, roots).items()):
        digest.update(f"{name}:{ast.dump(tree)}".encode())
    return digest.digest()


def program(source: Path, roots: tuple[str, ...]) -> dict[str, ast.Module]:
    """The modules under `source` that `roots` are made of, by name, without their docstrings."""
    found: dict[str, ast.Module] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        path = source.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name not in found and path.is_file():
            found[name] = _without_docstrings(ast.parse(path.read_text()))
            waiting += [module for module in _imports(found[name]) if module.startswith(PACKAGES)]
    return found


def _imports(tree: ast.Module) -> Iterator[str]:
    """Modules that `tree` imports; a name that is imported may be one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree
