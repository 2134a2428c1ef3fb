"""Fails where code grows too big to read, or a test cannot fail.

Checks every Python file under src, tests, benchmarks, scripts and examples, and every other text
file there for leftover markers.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LINES_PER_FILE_MAX = 500
LINES_PER_FUNCTION_MAX = 60

# A module with such a name is a place for things that nobody found a place for.
NAMES_WITHOUT_MEANING = {"util", "utils", "helper", "helpers", "common", "misc"}

TEXT_SUFFIXES = {".py", ".sql", ".js", ".mjs", ".ts", ".css", ".html", ".sh"}
# What npm installs and builds beside a package's sources; git ignores it.
NOT_OURS = {"node_modules", "dist"}

# Spelt with a class of one letter, so that this file passes its own check.
LEFTOVERS = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")
WAYS_OUT = re.compile(r"\bpytest\.((mark\.)?(skip|xfail)|importorskip)")

# Calls that say what must be so, as the tests write them; helpers that assert are named one by one.
CHECKS = re.compile(r"pytest\.(raises|warns)|expect\(.*\)\.(not_)?to_\w+", re.DOTALL)
CHECKING_HELPERS = {"check_figures", "check_refused", "drive", "look_at", "try_to_forge"}


def main() -> int:
    """Print every complaint; the exit code says whether there was one."""
    complaints = [complaint for path in text_files() for complaint in complaints_about(path)]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def text_files() -> Iterator[Path]:
    for folder in ("src", "tests", "benchmarks", "scripts", "examples"):
        for path in sorted((ROOT / folder).rglob("*")):
            is_ours = NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)
            if is_ours and path.suffix in TEXT_SUFFIXES and path.is_file():
                yield path


def complaints_about(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT)
    text = path.read_text(encoding="utf-8")
    in_tests = name.parts[0] == "tests"
    for number, line in enumerate(text.splitlines(), start=1):
        if found := LEFTOVERS.search(line):
            yield f"{name}:{number}: {found[0]}: do it now, or open an issue"
        if in_tests and (found := WAYS_OUT.search(line)):
            yield f"{name}:{number}: {found[0]}: a test that does not run proves nothing"
    if path.suffix == ".py":
        yield from complaints_about_python(name, text, in_tests=in_tests)


def complaints_about_python(name: Path, text: str, *, in_tests: bool) -> Iterator[str]:
    if name.parts[0] == "src" and not NAMES_WITHOUT_MEANING.isdisjoint(name.with_suffix("").parts):
        yield f"{name}: name it after what is in it"
    lines = len(text.splitlines())
    if lines > LINES_PER_FILE_MAX:
        yield f"{name}: {lines} lines, more than {LINES_PER_FILE_MAX}: split it"
    for node in ast.walk(ast.parse(text, str(name))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > LINES_PER_FUNCTION_MAX:
            yield (
                f"{name}:{node.lineno}: {node.name} has {lines} lines, "
                f"more than {LINES_PER_FUNCTION_MAX}: split it"
            )
        if in_tests and node.name.startswith("test_") and not can_fail(node):
            yield f"{name}:{node.lineno}: {node.name} checks nothing"


def can_fail(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether something in a test says what must be so."""
    return any(is_check(node) for statement in test.body for node in ast.walk(statement))


def is_check(node: ast.AST) -> bool:
    match node:
        case ast.Assert():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in CHECKING_HELPERS
        case ast.Call(func=ast.Attribute() as called):
            return bool(CHECKS.fullmatch(ast.unparse(called)))
    return False


if __name__ == "__main__":
    sys.exit(main())
