"""`office`: a console on SQLite with an operator of each role."""

from __future__ import annotations

import pytest

from tests.support.services import World
from tests.web.console.office import Office, open_office


@pytest.fixture
async def office(sqlite_world: World) -> Office:
    return await open_office(sqlite_world)
