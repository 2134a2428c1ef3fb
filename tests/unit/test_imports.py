"""What is imported is what may be, and what is declared."""

from __future__ import annotations

import sys

import pytest

from tests.support.imports import ROOT, imported_by


@pytest.mark.parametrize("room", ["domain", "decision", "ports", "usecases"])
def test_the_rules_need_nothing_but_the_standard_library(room: str) -> None:
    found = imported_by(ROOT / "src" / "askfirst" / room)
    assert set(found) - sys.stdlib_module_names - {"askfirst"} == set()
