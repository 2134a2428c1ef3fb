"""Bugs on purpose, each a patch of the built store in one server process.

A harness that never went red proves nothing: it has to find every one of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from askfirst.bootstrap.database import opening
from askfirst.bootstrap.database.store import Store
from tests.promise.harness.plants.counts import COUNT_PLANTS
from tests.promise.harness.plants.locks import LOCK_PLANTS
from tests.promise.harness.plants.rules import RULE_PLANTS
from tests.promise.harness.plants.writes import WRITE_PLANTS

PLANTS: Mapping[str, Callable[[Store], None]] = {
    **LOCK_PLANTS,
    **WRITE_PLANTS,
    **RULE_PLANTS,
    **COUNT_PLANTS,
}


def plant(name: str) -> None:
    """From now on every store that is opened in this process has the bug."""
    bug = PLANTS[name]
    open_backend = opening._open_backend

    async def open_and_break(*parts: Any) -> Store:
        store = await open_backend(*parts)
        bug(store)
        return store

    opening._open_backend = open_and_break  # type: ignore[assignment]
