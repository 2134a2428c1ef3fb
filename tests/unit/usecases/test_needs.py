"""A use case declares what it needs: none of them is handed everything."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import askfirst.usecases

FOLDER = Path(askfirst.usecases.__file__).parent
EVERYTHING = "askfirst.usecases.context.services"
MODULES = sorted(
    path
    for path in FOLDER.rglob("*.py")
    if path.name != "__init__.py" and path != FOLDER / "context" / "services.py"
)


def imported(text: str) -> set[str]:
    return {
        node.module
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_use_case_does_not_know_everything_there_is(path: Path) -> None:
    assert EVERYTHING not in imported(path.read_text(encoding="utf-8"))


def test_who_imports_everything_is_seen() -> None:
    assert EVERYTHING in imported(f"from {EVERYTHING} import Services")
