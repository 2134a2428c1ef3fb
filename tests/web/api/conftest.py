"""A REST face on a SQLite file, and a caller who may do everything."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from askfirst.decision.policy import Policy
from askfirst.web.api.app import build_api
from tests.fakes.world import World, open_sqlite

POLICY = Policy(topics=frozenset({"marketing.offers", "utility.orders"}))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_sqlite(tmp_path, POLICY) as opened:
        yield opened


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    app = build_api(world.services, world.metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://askfirst") as client:
        yield client


@pytest.fixture
async def caller(world: World, stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    """A caller whose key has every scope."""
    stranger.headers["authorization"] = f"Bearer {await world.key()}"
    return stranger
