"""Statements are found by name, without their comments; migrations come in order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from askfirst.storage.platform.sql_files import load_migrations, load_statements

STATEMENTS = """-- What this file is for.

-- name: first
-- Why there is a first one.
SELECT 1
WHERE business_id = ?;

-- name: second
SELECT 2;
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "sql_of_a_test"
    (folder / "migrations").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "statements.sql").write_text(STATEMENTS)
    for name in ("0010_later.sql", "0002_second.sql", "0001_first.sql", "notes.txt", "1_short.sql"):
        (folder / "migrations" / name).write_text(name)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sql_of_a_test", raising=False)
    return "sql_of_a_test"


def test_statements_are_found_by_name_without_comments(package: str) -> None:
    assert load_statements(package) == {
        "first": "SELECT 1\nWHERE business_id = ?",
        "second": "SELECT 2",
    }


def test_migrations_come_in_the_order_of_their_numbers(package: str) -> None:
    assert load_migrations(package) == (
        (1, "0001_first.sql"),
        (2, "0002_second.sql"),
        (10, "0010_later.sql"),
    )
