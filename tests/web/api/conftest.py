"""A REST face on SQLite: what it does with a store does not depend on which one it is.

That both backends give the same answers is shown by tests/contract and tests/scenarios.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.bootstrap.exports.places import FolderPlace
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.decision.policy import Policy
from askfirst.domain.consent.frequency import Frequency
from askfirst.web.api.app import build_api
from tests.support.clocks import FakeClock
from tests.support.services import build_world
from tests.web.api.desk import Desk, make_desk

POLICY = Policy(
    topics=frozenset({"marketing.offers", "utility.orders"}), frequencies=(Frequency(1, 7),)
)


@pytest.fixture
async def desk(sqlite_store: Store, clock: FakeClock, tmp_path: Path) -> Desk:
    places = {name: FolderPlace(str(tmp_path / name)) for name in ("lake", "warehouse")}
    files = ExportWriter(places)
    return await make_desk(build_world(sqlite_store, clock, policy=POLICY, export_files=files))


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    app = build_api(desk.services, desk.metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://askfirst") as client:
        yield client


@pytest.fixture
async def caller(desk: Desk, stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    """A caller whose key has every scope."""
    stranger.headers["authorization"] = f"Bearer {await desk.key()}"
    return stranger
