"""A gateway on a store, with a sender, a key that may send, and a line that only records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.purpose import Category
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.metrics import Metrics
from tests.support import builders
from tests.support.clocks import FakeClock
from tests.support.services import World
from tests.web.gateway.desk import META_TOKEN, Desk
from tests.web.gateway.town import Town, make_town


@pytest.fixture
async def desk(world: World) -> Desk:
    return await make_desk(world)


@pytest.fixture
async def quick_desk(sqlite_world: World) -> Desk:
    """On SQLite only: for what does not depend on the store."""
    return await make_desk(sqlite_world)


@pytest.fixture
async def town(store: Store, clock: FakeClock) -> AsyncIterator[Town]:
    async with make_town(store, clock) as made:
        yield made


async def make_desk(world: World) -> Desk:
    services = world.services
    business = Business(business_id=builders.BUSINESS, name="Acme")
    _, secret = await create_key(
        services, business, "shop", frozenset({ApiScope.SEND, ApiScope.MANAGE})
    )
    await register_sender(services, builders.sender(), META_TOKEN)
    await services.directory.put_templates(
        (
            builders.template("offer"),
            builders.template("order", category=Category.UTILITY),
        )
    )
    metrics = Metrics()
    return Desk(
        world=world,
        secret=secret,
        metrics=metrics,
        door=GatewayEndpoint(services, metrics),
        open_door=GatewayEndpoint(services, metrics, pass_through_meta_tokens=True),
    )
