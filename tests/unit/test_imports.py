"""What is imported is what may be, and what is declared."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.support.imports import ROOT, imported_by

_OURS = {"askfirst", "benchmarks", "scripts", "tests"}
_TO_BUILD = {"hatchling", "editables"}
_DATA = {"tzdata"}
"""Read by `zoneinfo`, imported by nobody."""
_EXTRAS = {"obstore", "polars"}
"""Imported where it is there, by who needs it."""
_BASE_OF_VALUES = {"src/askfirst/domain/value.py"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def project(text: str) -> str:
    """Read the name in a requirement, as registries compare names."""
    name = _NAME.match(text)
    assert name, text
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def declared(file: str) -> set[str]:
    """Read the projects in a list of requirements."""
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    return {project(line) for line in lines if _NAME.match(line)}


def needed(*folders: str) -> set[str]:
    """Return which projects the files of some folders import."""
    projects = packages_distributions()
    found: set[str] = set()
    for folder in folders:
        modules = set(imported_by(ROOT / folder)) - sys.stdlib_module_names - _OURS
        found |= {project(projects[module][0]) for module in modules if module in projects}
    return found


@pytest.mark.parametrize("room", ["domain", "decision", "ports", "usecases"])
def test_the_rules_need_the_standard_library_and_the_base_of_values(room: str) -> None:
    found = imported_by(ROOT / "src" / "askfirst" / room)
    foreign = {name: found[name] for name in found.keys() - sys.stdlib_module_names - {"askfirst"}}
    assert foreign == ({"msgspec": _BASE_OF_VALUES} if room == "domain" else {})


def test_what_askfirst_imports_is_declared_and_nothing_else_is() -> None:
    assert needed("src") - _EXTRAS == declared("runtime.in") - _TO_BUILD - _DATA


def test_the_package_declares_what_is_locked() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    dependencies = {project(one) for one in table["project"]["dependencies"]}
    assert dependencies == declared("runtime.in") - _TO_BUILD
    extras = table["project"]["optional-dependencies"].values()
    assert {project(one) for extra in extras for one in extra} == _EXTRAS
    assert declared("dev.in") >= _EXTRAS


def test_what_stands_beside_the_package_imports_is_declared() -> None:
    found = needed("tests", "benchmarks", "scripts", "examples")
    assert found <= declared("runtime.in") | declared("dev.in")
