"""The contract of `ports.events.subscriptions.Subscriptions`, and of the tasks that follow it."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.events.subscription import (
    SUBSCRIPTIONS_MAX,
    Subscription,
    SubscriptionState,
)
from askfirst.domain.tasks.task import LeasedTask, Queue
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId, Position, SubscriptionId
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, change, grant
from tests.support.clocks import at
from tests.support.stores import Home

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
LATER = 1_000.0
FROM_NOW_ON = Position(10**9)


def subscription(number: int = 1, business_id: BusinessId = BUSINESS) -> Subscription:
    return Subscription(
        subscription_id=SubscriptionId(f"sub_{number}"),
        business_id=business_id,
        url=parse_endpoint("https://shop.example/askfirst"),
        wanted=EventFilter(kinds=frozenset({EventKind.GRANTED}), purposes=frozenset({"marketing"})),
        state=SubscriptionState.LIVE,
        position=FROM_NOW_ON,
        created_at=at(1),
    )


async def business(store: Store) -> None:
    """It has its row from its first event on."""
    await store.ledger.commit(change(grant(ANA)))


async def created(store: Store, number: int = 1) -> Subscription:
    made = await store.subscriptions.create(subscription(number), SECRET)
    assert made is not None
    return made


async def due(store: Store) -> int:
    found = await store.tasks.find_due(at(LATER), (Queue.SUBSCRIPTIONS,))
    return sum(one.waiting for one in found.queues)


async def claimed(store: Store, until: float = LATER + 60) -> LeasedTask:
    leased = await store.tasks.claim(BUSINESS, Queue.SUBSCRIPTIONS, at(LATER), at(until))
    assert leased is not None
    return leased


async def settled(store: Store, number: int = 1) -> Subscription:
    """One whose first task is done."""
    made = await created(store, number)
    assert await store.tasks.complete(await claimed(store))
    return made


async def found(store: Store) -> Subscription:
    one = await store.subscriptions.find(BUSINESS, SubscriptionId("sub_1"))
    assert one is not None
    return one


async def test_one_that_was_made_is_found_as_it_was_made(store: Store) -> None:
    await business(store)
    made = await created(store)
    assert made == replace(subscription(), position=Position(1))
    assert await found(store) == made
    assert await store.subscriptions.list(BUSINESS, "", 10) == (made,)
    assert await store.subscriptions.list(BUSINESS, "sub_1", 10) == ()
    assert await store.subscriptions.list(RIVAL, "", 10) == ()


async def test_a_business_that_has_no_row_cannot_have_one(store: Store) -> None:
    assert await store.subscriptions.create(subscription(), SECRET) is None


async def test_a_business_has_so_many_and_no_more(store: Store) -> None:
    await business(store)
    for number in range(SUBSCRIPTIONS_MAX):
        await created(store, number)
    assert await store.subscriptions.create(subscription(99), SECRET) is None


async def test_an_event_makes_the_task_of_each_live_one_due(store: Store) -> None:
    await business(store)
    for number in (1, 2):
        await settled(store, number)
    assert await due(store) == 0
    await store.ledger.commit(change(grant(BEN)))
    assert await due(store) == 2


async def test_an_event_of_another_business_makes_none_due(store: Store) -> None:
    await business(store)
    await settled(store)
    await store.ledger.commit(change(grant(BEN), business=RIVAL))
    assert await due(store) == 0


async def test_without_a_subscription_an_event_makes_no_task(store: Store, home: Home) -> None:
    await business(store)
    assert await home.raw("SELECT count(*) FROM task") == [(0,)]


@pytest.mark.parametrize("state", [SubscriptionState.PAUSED, SubscriptionState.PARKED])
async def test_one_that_is_not_live_has_no_task_and_gets_none(
    store: Store, state: SubscriptionState
) -> None:
    await business(store)
    await created(store)
    assert await store.subscriptions.set_state(BUSINESS, SubscriptionId("sub_1"), state, at(5))
    assert await due(store) == 0
    await store.ledger.commit(change(grant(BEN)))
    assert await due(store) == 0
    live = SubscriptionState.LIVE
    assert await store.subscriptions.set_state(BUSINESS, SubscriptionId("sub_1"), live, at(6))
    assert await due(store) == 1
    assert (await found(store)).position == 1


async def test_a_deleted_one_is_gone_with_its_task(store: Store) -> None:
    await business(store)
    await created(store)
    assert await store.subscriptions.delete(BUSINESS, SubscriptionId("sub_1"))
    assert not await store.subscriptions.delete(BUSINESS, SubscriptionId("sub_1"))
    await store.ledger.commit(change(grant(BEN)))
    assert await due(store) == 0
    assert await store.subscriptions.list(BUSINESS, "", 10) == ()


async def test_what_is_of_another_business_cannot_be_touched(store: Store) -> None:
    await business(store)
    await store.ledger.commit(change(grant(BEN), business=RIVAL))
    await created(store)
    name = SubscriptionId("sub_1")
    assert not await store.subscriptions.delete(RIVAL, name)
    assert not await store.subscriptions.rotate(RIVAL, name, OTHER, at(9))
    assert not await store.subscriptions.rewind(RIVAL, name, Position(0), at(9))
    paused = SubscriptionState.PAUSED
    assert not await store.subscriptions.set_state(RIVAL, name, paused, at(9))
    assert (await found(store)).state is SubscriptionState.LIVE


async def test_two_secrets_sign_until_the_time_is_over(store: Store) -> None:
    await business(store)
    await created(store)
    assert await store.subscriptions.rotate(BUSINESS, SubscriptionId("sub_1"), OTHER, at(50))
    leased = await claimed(store)
    for moment, secrets in ((49, (OTHER, SECRET)), (50, (OTHER,))):
        signed = await store.subscriptions.take_up(leased, at(moment))
        assert signed is not None
        assert signed.secrets == secrets
        assert SECRET not in repr(signed)


async def test_the_secret_lies_nowhere_in_clear(store: Store, home: Home) -> None:
    await business(store)
    await created(store)
    assert SECRET.encode() not in await home.raw_bytes()


async def test_the_position_moves_only_for_whoever_has_the_task(store: Store) -> None:
    await business(store)
    await created(store)
    first = await claimed(store, until=LATER)
    second = await claimed(store)
    assert not await store.subscriptions.move(first, Position(7), at(LATER + 90))
    assert await store.subscriptions.move(second, Position(5), at(LATER + 90))
    assert (await found(store)).position == 5


async def test_failures_count_from_the_first_until_something_is_taken(store: Store) -> None:
    await business(store)
    await created(store)
    leased = await claimed(store)
    assert await store.subscriptions.fail(leased, at(10), "answered 500") == at(10)
    assert await store.subscriptions.fail(leased, at(20), "no answer in time") == at(10)
    failing = await found(store)
    assert (failing.failing_since, failing.reason) == (at(10), "no answer in time")
    assert await store.subscriptions.move(leased, Position(1), at(LATER + 90))
    assert (await found(store)).failing_since is None


async def test_a_parked_one_says_why_until_it_is_resumed(store: Store) -> None:
    await business(store)
    await created(store)
    leased = await claimed(store)
    await store.subscriptions.fail(leased, at(10), "answered 500")
    place = leased.task.business_id, SubscriptionId(leased.task.task_id)
    assert await store.subscriptions.park(*place)
    assert not await store.subscriptions.park(*place)
    parked = await found(store)
    assert (parked.state, parked.reason) == (SubscriptionState.PARKED, "answered 500")
    assert await store.subscriptions.take_up(leased, at(LATER)) is None
    assert await store.tasks.complete(leased)
    await store.ledger.commit(change(grant(BEN)))
    assert await due(store) == 0


async def test_to_deliver_again_takes_the_task_from_whoever_has_it(store: Store) -> None:
    await business(store)
    await created(store)
    leased = await claimed(store)
    name = SubscriptionId("sub_1")
    assert await store.subscriptions.rewind(BUSINESS, name, Position(0), at(20))
    assert not await store.subscriptions.move(leased, Position(1), at(LATER + 90))
    assert (await found(store)).position == 0
    assert await due(store) == 1


async def test_one_is_rewound_no_further_than_the_newest_event(store: Store) -> None:
    await business(store)
    await created(store)
    name = SubscriptionId("sub_1")
    assert await store.subscriptions.rewind(BUSINESS, name, Position(99), at(20))
    assert (await found(store)).position == 1


async def test_a_paused_one_is_rewound_without_a_delivery(store: Store) -> None:
    await business(store)
    await created(store)
    name = SubscriptionId("sub_1")
    await store.subscriptions.set_state(BUSINESS, name, SubscriptionState.PAUSED, at(5))
    assert await store.subscriptions.rewind(BUSINESS, name, Position(0), at(20))
    assert await due(store) == 0
