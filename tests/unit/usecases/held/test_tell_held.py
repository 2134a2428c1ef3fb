"""How a held message ended is posted to those endpoints that want it, until they take it."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.delivery.endpoints import held_event
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.subscription import FAILING_FOR
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import DecisionId, HeldId, Position
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.held.held_messages import HeldContent, HeldEnd
from askfirst.usecases.events.manage_subscriptions import SubscriptionOrder, create_subscription
from askfirst.usecases.held.manage_held import cancel_held
from askfirst.usecases.held.tell_held import is_wanted
from tests.support.builders import ANA, BUSINESS, SENDER, change, free_form, grant, stop
from tests.support.clocks import NOON, at
from tests.support.reading import contact_of
from tests.support.services import FakeEndpoints, World
from tests.support.tasks import run_due

URL = "https://shop.example/askfirst"


def message(**parts: Any) -> HeldMessage:
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "held_id": HeldId("hld_1"),
        "contact_id": "con_1",
        "sender": SENDER,
        "purpose": "marketing.offers",
        "campaign": "spring_sale",
        "state": HeldState.HELD,
        "reason": "quiet_hours",
        "decision_id": DecisionId("dec_1"),
        "position": Position(1),
        "held_at": NOON,
        "due_at": at(60),
        "expires_at": at(3600),
    }
    return HeldMessage(**(known | parts))


@pytest.fixture
async def held(world: World) -> HeldMessage:
    """One message that is held for Ana, and a subscription that hears of everything."""
    await world.store.directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await world.store.ledger.commit(change(grant()))
    await subscribe(world)
    found = message(contact_id=await contact_of(world.store, ANA))
    content = HeldContent(question=free_form(), target="/1/messages", body=b"{}")
    assert await world.store.held_messages.hold(found, content)
    return found


async def subscribe(world: World, wanted: EventFilter | None = None) -> None:
    order = SubscriptionOrder(business_id=BUSINESS, url=URL, wanted=wanted or EventFilter())
    await create_subscription(world.services, order)


def endpoints_of(world: World) -> FakeEndpoints:
    endpoints = world.services.endpoints
    assert isinstance(endpoints, FakeEndpoints)
    return endpoints


def told(world: World) -> list[tuple[str, HeldState]]:
    return [(one.held_id, one.state) for _, one in endpoints_of(world).told]


async def test_an_end_is_told_once_and_a_wait_is_not(world: World, held: HeldMessage) -> None:
    assert await world.store.held_messages.wait(held, at(90), "throughput")
    assert await run_due(world, Queue.HELD_NEWS) == 0
    end = HeldEnd(state=HeldState.EXPIRED, at=at(90), reason="throughput")
    assert await world.store.held_messages.end(held, end)
    assert not await world.store.held_messages.end(held, end)
    world.clock.set(at(90))
    assert await run_due(world, Queue.HELD_NEWS) == 1
    assert told(world) == [("hld_1", HeldState.EXPIRED)]
    assert world.telemetry.posts[EventFate.TAKEN] == 1


async def test_a_stop_tells_of_what_it_ended(world: World, held: HeldMessage) -> None:
    await world.store.ledger.commit(change(stop(at=at(5)), at=at(5)))
    world.clock.set(at(6))
    await run_due(world, Queue.HELD_NEWS)
    assert told(world) == [(held.held_id, HeldState.STOPPED)]


async def test_where_it_is_not_taken_it_is_told_again_for_three_days(
    world: World, held: HeldMessage
) -> None:
    endpoints_of(world).is_deaf = True
    await cancel_held(world.services, BUSINESS, held.held_id)
    assert await run_due(world, Queue.HELD_NEWS) == 1
    world.clock.advance(10)
    assert await run_due(world, Queue.HELD_NEWS) == 1
    world.clock.advance(FAILING_FOR / SECOND)
    assert await run_due(world, Queue.HELD_NEWS) == 1
    world.clock.advance(FAILING_FOR / SECOND)
    assert await run_due(world, Queue.HELD_NEWS) == 0
    assert told(world) == [(held.held_id, HeldState.CANCELLED)] * 3


async def test_who_says_that_nobody_is_there_is_not_asked_again(
    world: World, held: HeldMessage
) -> None:
    endpoints_of(world).is_deaf = True
    endpoints_of(world).refused = {"is_gone": True}
    await cancel_held(world.services, BUSINESS, held.held_id)
    await run_due(world, Queue.HELD_NEWS)
    world.clock.advance(DAY / SECOND)
    assert await run_due(world, Queue.HELD_NEWS) == 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EventFilter(), True),
        (EventFilter(kinds=frozenset({EventKind.WITHDRAWN})), False),
        (EventFilter(purposes=frozenset({"marketing"})), True),
        (EventFilter(purposes=frozenset({"marketing.offers", "utility"})), True),
        (EventFilter(purposes=frozenset({"marketing.news"})), False),
        (EventFilter(purposes=frozenset({"utility"})), False),
    ],
)
def test_a_subscription_hears_of_the_purposes_that_it_names(
    wanted: EventFilter, expected: bool
) -> None:
    assert is_wanted(wanted, message()) is expected


def test_what_is_posted_names_nobody_and_not_metas_id() -> None:
    sent = message(state=HeldState.SENT, ended_at=at(61), message_id="wamid.SECRET")
    posted = held_event(sent)
    assert posted["id"] == "hld_1:sent"
    assert posted["type"] == "askfirst.held.sent"
    assert posted["subject"] == "con_1"
    assert "wamid" not in str(posted)


def test_a_message_is_held_for_seven_days_at_most_and_has_ended_when_it_says_so() -> None:
    with pytest.raises(InvalidInput, match="within seven days"):
        message(expires_at=Instant(NOON + 7 * DAY + 1))
    with pytest.raises(InvalidInput, match="must be given for a message that has ended"):
        replace(message(), state=HeldState.SENT)
