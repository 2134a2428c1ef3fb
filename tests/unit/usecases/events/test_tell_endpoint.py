"""Whatever is told to subscriptions beside the ledger's events is told in one manner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.brakes.brake import Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.consent.event import EventFilter
from askfirst.domain.events.subscription import FAILING_FOR, SubscriptionState
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.ids import HeldId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import HOUR, SECOND
from askfirst.ports.held.held_messages import HeldContent
from askfirst.usecases.brakes.manage_brakes import Pause, set_brake
from askfirst.usecases.events.manage_subscriptions import SubscriptionOrder, create_subscription
from askfirst.usecases.held.manage_held import cancel_held
from tests.support.builders import (
    ANA,
    BUSINESS,
    change,
    free_form,
    grant,
    sighting,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.reading import contact_of
from tests.support.services import FakeEndpoints, World, build_world
from tests.support.tasks import run_due
from tests.unit.usecases.held.test_tell_held import message

URL = "https://shop.example/askfirst"


@dataclass(frozen=True)
class Kind:
    """Something that is told: what makes it happen, and how the endpoint stands to it."""

    queue: Queue
    happen: Callable[[World], Awaitable[None]]
    deaf: str
    heard: str


async def _brake(world: World) -> None:
    pause = Pause(
        business_id=BUSINESS,
        scope=BrakeScope.BUSINESS,
        subject="",
        holds=Hold.MARKETING,
        until=None,
        by="Kim",
        reason="wrong prices",
    )
    await set_brake(world.services, pause)


async def _held(world: World) -> None:
    found = message(contact_id=await contact_of(world.store, ANA))
    content = HeldContent(question=free_form(), target="/1/messages", body=b"{}")
    assert await world.store.held_messages.hold(found, content)
    await cancel_held(world.services, BUSINESS, HeldId("hld_1"))


async def _template(world: World) -> None:
    await world.services.ledger.commit(change(sighting(category=Category.MARKETING, at=at(1))))


KINDS = {
    "brake": Kind(Queue.BRAKE_NEWS, _brake, "refuses_brakes", "brakes"),
    "held": Kind(Queue.HELD_NEWS, _held, "is_deaf", "told"),
    "template": Kind(Queue.TEMPLATE_NOTICES, _template, "is_closed_to_notices", "announced"),
}


@pytest.fixture
def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock)


@pytest.fixture(params=sorted(KINDS))
async def kind(request: pytest.FixtureRequest, world: World) -> Kind:
    """Each kind, with an endpoint that does not take it, and a subscription to everything."""
    await world.store.directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await world.store.ledger.commit(change(grant()))
    await world.services.directory.put_templates((template(category=Category.UTILITY),))
    order = SubscriptionOrder(business_id=BUSINESS, url=URL, wanted=EventFilter())
    await create_subscription(world.services, order)
    found = KINDS[request.param]
    setattr(endpoints(world), found.deaf, True)
    world.clock.set(at(1))
    await found.happen(world)
    return found


def endpoints(world: World) -> FakeEndpoints:
    found = world.services.endpoints
    assert isinstance(found, FakeEndpoints)
    return found


async def tell(world: World, kind: Kind, *, after: int = 0, **refused: Any) -> int:
    """Let time pass, and do what is due; gives how often it was tried."""
    world.clock.advance(after / SECOND)
    endpoints(world).refused = refused
    before = world.telemetry.posts[EventFate.NOT_TAKEN] + world.telemetry.posts[EventFate.TAKEN]
    await run_due(world, kind.queue)
    posts = world.telemetry.posts
    return posts[EventFate.NOT_TAKEN] + posts[EventFate.TAKEN] - before


async def test_what_is_not_taken_is_counted_and_tried_again(world: World, kind: Kind) -> None:
    assert await tell(world, kind) == 1
    assert world.telemetry.posts == {EventFate.NOT_TAKEN: 1}
    assert await tell(world, kind, after=1 * SECOND) == 0
    setattr(endpoints(world), kind.deaf, False)
    assert await tell(world, kind, after=10 * SECOND) == 1
    assert world.telemetry.posts == {EventFate.NOT_TAKEN: 1, EventFate.TAKEN: 1}
    assert await tell(world, kind, after=10 * HOUR) == 0
    assert getattr(endpoints(world), kind.heard)


async def test_who_asks_to_be_left_alone_is(world: World, kind: Kind) -> None:
    assert await tell(world, kind, retry_after=1800) == 1
    assert await tell(world, kind, after=1799 * SECOND, retry_after=1800) == 0
    assert await tell(world, kind, after=1 * SECOND, retry_after=1800) == 1


async def test_for_an_hour_at_most(world: World, kind: Kind) -> None:
    assert await tell(world, kind, retry_after=10**9) == 1
    assert await tell(world, kind, after=HOUR, retry_after=10**9) == 1


async def test_after_three_days_it_is_given_up_and_counted(world: World, kind: Kind) -> None:
    assert await tell(world, kind) == 1
    assert await tell(world, kind, after=FAILING_FOR) == 1
    assert world.telemetry.posts == {EventFate.NOT_TAKEN: 2, EventFate.GIVEN_UP: 1}
    assert await tell(world, kind, after=FAILING_FOR) == 0


async def test_who_says_that_nobody_is_there_is_parked_and_hears_no_more(
    world: World, kind: Kind
) -> None:
    assert await tell(world, kind, is_gone=True) == 1
    (parked,) = await world.services.subscriptions.list(BUSINESS, "", 9)
    assert parked.state is SubscriptionState.PARKED
    assert world.telemetry.parkings == [BUSINESS]
    assert await tell(world, kind, after=FAILING_FOR) == 0
