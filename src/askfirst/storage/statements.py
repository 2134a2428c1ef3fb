"""Named statements of either backend: what is written once in Python and twice in SQL.

Reading goes to the primary; what `write` returns is durable. For everything that is not on a hot
path and needs no planner: prompts, entries, personal links, keys of receipts, limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askfirst.storage.rows import Row


class Statements(Protocol):
    """A backend's statements by name. Parameters are given by place, the business first."""

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        """Read rows."""
        ...

    async def write(self, name: str, *parameters: object) -> Sequence[Row]:
        """Run a statement that writes; gives what it returns, once it is durable."""
        ...
