"""What is secret, or is made of a secret, is compared in constant time, wherever it is."""

from __future__ import annotations

import ast
from pathlib import Path

import askfirst

_SOURCE = Path(askfirst.__file__).parent
_SECRET = {"claimed", "digest", "expected", "mac", "secret", "signature"}


def _names(node: ast.expr) -> set[str]:
    """Name what is compared: a variable, or the last part of `a.b`."""
    if isinstance(node, ast.Name):
        return {node.id}
    return {node.attr} if isinstance(node, ast.Attribute) else set()


def _plain_comparisons(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(_names(side) & _SECRET for side in (node.left, *node.comparators))
    ]


def test_no_signature_is_compared_with_an_equals_sign() -> None:
    found = {
        str(path.relative_to(_SOURCE)): lines
        for path in sorted(_SOURCE.rglob("*.py"))
        if (lines := _plain_comparisons(path))
    }
    assert found == {}
