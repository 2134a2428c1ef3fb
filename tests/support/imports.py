"""What the files of a folder import, by the names of the packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def imported_by(folder: Path) -> dict[str, set[str]]:
    """Return which packages are imported, and by which files, wherever in them it is written."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for module in _modules(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(module.partition(".")[0], set()).add(str(path.relative_to(ROOT)))
    return found


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(module)):
                yield module
