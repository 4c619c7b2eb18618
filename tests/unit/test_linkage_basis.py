"""What makes a nation's records be asked again: code that answers follow from, and neither a comment nor code beside it."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from padan.linkage.basis import ANSWERS, NIGHT, program

SOURCE = Path(__file__).parents[2]

#: Code that answers follow from, wherever it is imported.
ASKED = ("answering", "candidates", "chosen", "decision", "likeness", "memory", "model", "records", "rules", "scoring", "screen", "settled")
#: Code that a night may change without asking a record again.
BESIDE = ("changes", "drift", "entities", "evaluation", "gates", "identity", "meanings", "record_pairs", "rulings", "training", "writing")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for package in ("linkage", "register"):
        shutil.copytree(SOURCE / "padan" / package, tmp_path / "padan" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def told(source: Path, roots: tuple[str, ...]) -> dict[str, str]:
    return {name: ast.dump(tree) for name, tree in program(source, roots).items()}


def edit(source: Path, module: str, change: Callable[[str], str]) -> None:
    path = source / "padan" / "linkage" / f"{module}.py"
    path.write_text(change(path.read_text()))


@pytest.mark.parametrize("module", ASKED)
def test_code_that_answers_follow_from_counts(source: Path, module: str) -> None:
    before = told(source, ANSWERS)
    edit(source, module, lambda text: text + "\n_ANOTHER = 1\n")
    assert told(source, ANSWERS) != before


@pytest.mark.parametrize("module", BESIDE)
def test_code_beside_answers_does_not(source: Path, module: str) -> None:
    before = told(source, ANSWERS)
    edit(source, module, lambda text: text + "\n_ANOTHER = 1\n")
    assert told(source, ANSWERS) == before


def test_comments_and_docstrings_do_not_count(source: Path) -> None:
    before = told(source, ANSWERS)
    edit(source, "decision", lambda text: text.replace('    """', '    """Said otherwise: ', 1) + "\n# a comment\n")
    assert told(source, ANSWERS) == before


def test_sql_counts(source: Path) -> None:
    before = told(source, ANSWERS)
    edit(source, "decision", lambda text: text.replace("SELECT", "SELECT DISTINCT", 1))
    assert told(source, ANSWERS) != before


@pytest.mark.parametrize("module", ["entities", "identity", "record_pairs", "recurrence", "rulings"])
def test_code_that_says_who_is_one_person_is_the_nights(source: Path, module: str) -> None:
    before = told(source, NIGHT)
    edit(source, module, lambda text: text + "\n_ANOTHER = 1\n")
    assert told(source, NIGHT) != before


def test_what_python_loads_to_answer_is_counted() -> None:
    """The modules whose functions answer a record, as the running program knows them."""
    from padan.linkage import answering

    counted = set(program(SOURCE, ANSWERS))
    called = {getattr(value, "__module__", None) for value in vars(answering).values() if callable(value)}
    assert {module for module in called if module and module.startswith(("padan.linkage", "padan.register"))} <= counted
