"""`meta` posts signed webhooks, on each backend in turn; `quick_meta` on SQLite only."""

from __future__ import annotations

import pytest

from tests.support.services import World
from tests.web.webhooks.posting import Meta, open_meta


@pytest.fixture
async def meta(world: World) -> Meta:
    return await open_meta(world)


@pytest.fixture
async def quick_meta(sqlite_world: World) -> Meta:
    return await open_meta(sqlite_world)
