"""Subscribers hear that Meta moved a template: at least once, and in order."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.subscription import SubscriptionState
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY
from askfirst.usecases.events.manage_subscriptions import (
    SubscriptionOrder,
    create_subscription,
    set_subscription_state,
)
from tests.support.builders import BUSINESS, change, grant, sighting, template
from tests.support.clocks import FakeClock, at
from tests.support.services import FakeEndpoints, World, build_world
from tests.support.tasks import run_due

URL = "https://shop.example/askfirst"


@pytest.fixture
async def world(store: Store, clock: FakeClock) -> World:
    world = build_world(store, clock)
    await store.ledger.commit(change(grant()))
    await store.directory.put_templates((template(category=Category.UTILITY),))
    return world


def endpoints(world: World) -> FakeEndpoints:
    assert isinstance(world.services.endpoints, FakeEndpoints)
    return world.services.endpoints


async def subscribe(world: World, *kinds: EventKind) -> None:
    wanted = EventFilter(kinds=frozenset(kinds))
    order = SubscriptionOrder(business_id=BUSINESS, url=URL, wanted=wanted, after=None)
    await create_subscription(world.services, order)


async def move(world: World, category: Category, second: int) -> None:
    world.clock.set(at(second))
    await world.services.ledger.commit(change(sighting(category=category, at=at(second))))


async def deliver(world: World) -> None:
    await run_due(world, Queue.TEMPLATE_NOTICES)


def heard(world: World) -> list[tuple[Category, Category]]:
    return [(one.previous_category, one.category) for _, one in endpoints(world).announced]


async def test_a_change_of_category_is_told_once_whoever_told_us(world: World) -> None:
    await subscribe(world)
    await move(world, Category.MARKETING, 1)
    await world.services.directory.put_templates(
        (template(category=Category.UTILITY, seen_at=at(2)),)
    )
    world.clock.set(at(3))
    await deliver(world)
    await deliver(world)
    assert heard(world) == [
        (Category.UTILITY, Category.MARKETING),
        (Category.MARKETING, Category.UTILITY),
    ]


async def test_what_stays_as_it_is_is_not_told(world: World) -> None:
    await subscribe(world)
    await move(world, Category.UTILITY, 1)
    await world.services.ledger.commit(change(sighting(name="new", category=Category.UTILITY)))
    await deliver(world)
    assert heard(world) == []


async def test_who_named_kinds_of_events_is_told_of_those_only(world: World) -> None:
    await subscribe(world, EventKind.WITHDRAWN)
    await move(world, Category.MARKETING, 1)
    await deliver(world)
    assert heard(world) == []


async def test_what_was_not_taken_is_told_again(world: World) -> None:
    await subscribe(world)
    await move(world, Category.MARKETING, 1)
    endpoints(world).is_closed_to_notices = True
    await deliver(world)
    assert heard(world) == []
    endpoints(world).is_closed_to_notices = False
    world.clock.set(at(3600))
    await deliver(world)
    assert heard(world) == [(Category.UTILITY, Category.MARKETING)]


async def test_after_three_days_it_is_given_up(world: World) -> None:
    await subscribe(world)
    await move(world, Category.MARKETING, 1)
    endpoints(world).is_closed_to_notices = True
    world.clock.set(at(4 * DAY // 1_000_000))
    await deliver(world)
    endpoints(world).is_closed_to_notices = False
    world.clock.set(at(5 * DAY // 1_000_000))
    await deliver(world)
    assert heard(world) == []


async def test_who_rests_is_not_told_afterwards(world: World) -> None:
    await subscribe(world)
    (made,) = await world.services.subscriptions.list(BUSINESS, "", 9)
    await move(world, Category.MARKETING, 1)
    name, paused = made.subscription_id, SubscriptionState.PAUSED
    await set_subscription_state(world.services, BUSINESS, name, paused)
    await deliver(world)
    await set_subscription_state(world.services, BUSINESS, name, SubscriptionState.LIVE)
    await deliver(world)
    assert heard(world) == []
