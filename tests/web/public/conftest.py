"""`street`: the pages of a business, on SQLite."""

from __future__ import annotations

import pytest

from tests.support.services import World
from tests.web.public.visitors import Street, furnish


@pytest.fixture
async def street(sqlite_world: World) -> Street:
    return await furnish(sqlite_world)
