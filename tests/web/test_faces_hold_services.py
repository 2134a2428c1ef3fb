"""A face passes the services on to a use case; what is in them is none of its business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import askfirst

WEB = Path(askfirst.__file__).parent / "web"
NAMES = frozenset({"services", "_services"})
TYPES = frozenset({"Services", "World"})


def looks_inside(tree: ast.Module) -> Iterator[str]:
    """Find where an attribute is read of a value that is called services, or annotated so."""
    names = NAMES | set(_annotated(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _last_name(node.value) in names:
            yield f"line {node.lineno}: {node.attr}"
        if isinstance(node, ast.Call) and _last_name(node.func) in {"getattr", "attrgetter"}:
            yield from (
                f"line {node.lineno}: {_last_name(node.func)}"
                for argument in node.args[:1]
                if _last_name(argument) in names
            )


def _annotated(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and _names_a_type(node.annotation):
            yield node.arg
        if isinstance(node, ast.AnnAssign) and _names_a_type(node.annotation):
            yield _last_name(node.target)


def _names_a_type(annotation: ast.expr | None) -> bool:
    return annotation is not None and any(
        _last_name(part) in TYPES
        for part in ast.walk(annotation)
        if isinstance(part, ast.Name | ast.Attribute)
    )


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case _:
            return ""


def found_in(path: Path) -> list[str]:
    return list(looks_inside(ast.parse(path.read_text(encoding="utf-8"))))


FILES = sorted(WEB.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(WEB).as_posix())
def test_a_face_only_passes_the_services_on(path: Path) -> None:
    assert found_in(path) == []


@pytest.mark.parametrize(
    "planted",
    [
        "def page(services): return services.clock.now()",
        "class Door:\n    def look(self): return self._services.audit",
        "def page(visit): return visit.services.site.public_url",
        "def page(world: Services): return world.clock",
        "def page(world: World): return world.clock",
        "def page(it: context.Services | None): return it.clock",
        "class Visit:\n    world: Services\n    def look(self): return self.world.site",
        "def page(services): return getattr(services, 'clock')",
    ],
)
def test_a_look_inside_is_seen(planted: str) -> None:
    assert list(looks_inside(ast.parse(planted)))


@pytest.mark.parametrize(
    "passed_on",
    [
        "async def page(services): return await check_send(services, question)",
        "class Door:\n    def look(self): return ask(self._services)",
        "def page(request): return request.app.state.services",
    ],
)
def test_passing_on_is_no_look_inside(passed_on: str) -> None:
    assert list(looks_inside(ast.parse(passed_on))) == []
