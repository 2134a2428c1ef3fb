"""SQL lives in .sql files: named statements, numbered migrations.

A statement starts with `-- name: …` and a line that says what it is for. Python never builds
SQL; the two backends' files are plain text that a database person can read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_SCHEMA = "schema.sql"
_MIGRATION = re.compile(r"(\d{4})_\w+\.sql", re.ASCII)

FOLDED_BY_POSITION = 7
"""The migration before which standings were folded by time: they must be folded anew."""


def load_statements(package: str) -> Mapping[str, str]:
    """Read a backend's named statements, of all its files but the schema."""
    return dict(_statements(package))


@cache
def _statements(package: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for file in sorted(files(package).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql") and file.name != _SCHEMA:
            parts = _NAME.split(file.read_text("utf-8"))
            named = {parts[i]: _strip(parts[i + 1]) for i in range(1, len(parts), 2)}
            if twice := found.keys() & named:
                message = f"statements of one name: {', '.join(sorted(twice))}"
                raise ValueError(message)
            found |= named
    return found


@cache
def load_migrations(package: str) -> tuple[tuple[int, str], ...]:
    """Read a backend's migrations in the order of their numbers."""
    folder = files(package).joinpath("migrations")
    numbered = ((_MIGRATION.fullmatch(entry.name), entry) for entry in folder.iterdir())
    found = [(int(match[1]), entry.read_text("utf-8")) for match, entry in numbered if match]
    return tuple(sorted(found))


def _strip(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return "\n".join(lines).strip().rstrip(";")
