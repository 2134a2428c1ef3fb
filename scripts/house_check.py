"""Measures the house: prints what a script can measure, and fails where it grows out of shape.

A folder is a feature that a reader takes in at a glance; a class has a name of its own in its
layer; functions stay short. What is not where it should be yet may at least not get worse.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp

SOURCE = Path(__file__).resolve().parents[1] / "src"

MODULES_PER_FOLDER_MAX = 15
FUNCTION_LINES_P99_MAX = 40
SINGLE_IMPORTER_PERCENT_MAX = 10
"""Of modules that only one other module *of their layer* needs: too small to stand alone, perhaps.

A use case has the one face that calls it, an adapter the wiring, a rule its place in the order of
the rules: what is put together in one place by design is not scattered, and does not count.
"""
COMPOSITION = frozenset(
    {
        "askfirst.__main__",
        "askfirst.bootstrap.server",
        "askfirst.bootstrap.wiring",
        "askfirst.cli.main",
        "askfirst.decision.decide",
        "askfirst.decision.gate_rules",
        "askfirst.simulator.app",
        "askfirst.storage.engagement_store",
        "askfirst.storage.postgres.store",
        "askfirst.storage.sqlite.store",
        "askfirst.usecases.context.services",
        "askfirst.web.api.app",
        "askfirst.web.console.app",
        "askfirst.web.public.app",
    }
)
"""Where parts are put together: the roots of the composition."""
IMPORTS_OF_A_USE_CASE_MAX = 105
"""Transitively, of modules of ours.

Most of them are values of the domain, small ones, which all use cases share.
"""
IMPORTS_BEYOND_DOMAIN_MAX = 30
"""Other use cases, ports, and what the gate decides on. What another use case does is handed in."""
_DOMAIN = "askfirst.domain."
_CONTEXT = "askfirst.usecases.context."
"""All ports and use cases, put together for the faces: no use case, and known to none."""


def main() -> int:
    """Print each measure beside its limit; the exit code says whether one is over it."""
    measures = (
        ("modules in the widest folder", *widest_folder(), MODULES_PER_FOLDER_MAX),
        ("class names twice in a layer", *repeated_classes(), 0),
        ("function lines, 99th percentile", *long_functions(), FUNCTION_LINES_P99_MAX),
        ("% of modules with one importer", *single_importers(), SINGLE_IMPORTER_PERCENT_MAX),
        ("modules that a use case imports", *widest_use_case(), IMPORTS_OF_A_USE_CASE_MAX),
        ("… beyond the domain", *widest_use_case(beyond=_DOMAIN), IMPORTS_BEYOND_DOMAIN_MAX),
        ("use cases that know all others", *knowing_everything(), 0),
    )
    for name, value, where, limit in measures:
        mark = "" if value <= limit else "   over the limit"
        print(f"{name:<34}{value:>5}  (at most {limit}){mark}  {where}")
    return 1 if any(value > limit for _, value, _, limit in measures) else 0


def widest_folder() -> tuple[int, str]:
    folders: dict[Path, int] = defaultdict(int)
    for path in modules():
        folders[path.parent] += path.name != "__init__.py"
    widest = max(folders, key=lambda folder: folders[folder])
    return folders[widest], str(widest.relative_to(SOURCE))


def repeated_classes() -> tuple[int, str]:
    places: dict[tuple[str, str], int] = defaultdict(int)
    for path in modules():
        layer = path.relative_to(SOURCE / "askfirst").parts[0]
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                places[layer, node.name] += 1
    twice = [f"{layer}:{name}" for (layer, name), count in places.items() if count > 1]
    return len(twice), " ".join(sorted(twice))


def long_functions() -> tuple[int, str]:
    lengths: list[tuple[int, str]] = []
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                last = node.end_lineno or node.lineno
                lengths.append((last - node.lineno + 1, node.name))
    lengths.sort()
    return lengths[int(len(lengths) * 0.99)]


def single_importers() -> tuple[int, str]:
    """Return how many in a hundred modules serve one other module of their own layer only."""
    graph = imports()
    ours = [module for module in graph.modules if is_module(module)]
    single = [one for one in ours if _serves_one(one, graph.find_modules_that_directly_import(one))]
    return round(100 * len(single) / len(ours)), f"{len(single)} of {len(ours)}"


def _serves_one(module: str, importers: set[str]) -> bool:
    if len(importers) != 1:
        return False
    (importer,) = importers
    return importer not in COMPOSITION and importer.split(".")[1] == module.split(".")[1]


def widest_use_case(*, beyond: str = "") -> tuple[int, str]:
    """Return the most modules that a use case reaches, but for those of one layer."""
    graph = imports()
    counts = [
        (
            len(
                [
                    one
                    for one in graph.find_upstream_modules(module)
                    if is_module(one) and not (beyond and one.startswith(beyond))
                ]
            ),
            module,
        )
        for module in graph.modules
        if is_use_case(module)
    ]
    return max(counts)


def is_use_case(module: str) -> bool:
    is_below = module.startswith("askfirst.usecases.") and not module.startswith(_CONTEXT)
    return is_below and is_module(module)


def knowing_everything() -> tuple[int, str]:
    """Return how many use cases know that in which all use cases are put together."""
    graph = imports()
    knowing = {
        module
        for module in filter(is_use_case, graph.modules)
        if any(one.startswith(_CONTEXT) for one in graph.find_upstream_modules(module))
    }
    return len(knowing), " ".join(sorted(knowing))


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("askfirst", cache_dir=None)


def is_module(name: str) -> bool:
    return (SOURCE / (name.replace(".", "/") + ".py")).is_file()


def modules() -> Iterator[Path]:
    yield from sorted((SOURCE / "askfirst").rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
