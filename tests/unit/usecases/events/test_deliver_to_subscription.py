"""Events go to endpoints: none is lost, each comes at least once, in order for each contact."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.events.subscription import (
    FAILING_FOR,
    Subscription,
    SubscriptionState,
)
from askfirst.domain.tasks.task import Queue
from askfirst.domain.value import replace
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import HOUR, MINUTE, SECOND
from askfirst.ports.consent.change import Command
from askfirst.ports.events.subscriptions import ConsentChange
from askfirst.usecases.events.deliver_to_subscription import WAVE_MAX
from askfirst.usecases.events.manage_subscriptions import (
    SubscriptionOrder,
    create_subscription,
    find_parked_subscriptions,
    find_subscription,
    redeliver_events,
    rotate_secret,
    set_subscription_state,
)
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    acquaintance,
    change,
    grant,
    person,
    stop,
)
from tests.support.clocks import FakeClock, at
from tests.support.services import FakeEndpoints, World, build_world
from tests.support.tasks import run_due

URL = "https://shop.example/askfirst"


@pytest.fixture
def world(store: Store, clock: FakeClock) -> World:
    return build_world(store, clock)


def endpoints_of(world: World) -> FakeEndpoints:
    endpoints = world.services.endpoints
    assert isinstance(endpoints, FakeEndpoints)
    return endpoints


async def say(world: World, *acts: Command) -> None:
    world.clock.advance(1)
    await world.store.ledger.commit(change(*acts, at=world.clock.now()))


async def subscribe(
    world: World, url: str = URL, wanted: EventFilter | None = None, after: int | None = 0
) -> Subscription:
    order = SubscriptionOrder(
        business_id=BUSINESS,
        url=url,
        wanted=wanted or EventFilter(),
        after=None if after is None else Position(after),
    )
    made, _ = await create_subscription(world.services, order)
    return made


async def now(world: World, subscription: Subscription) -> Subscription:
    found = await find_subscription(world.services, BUSINESS, subscription.subscription_id)
    assert found is not None
    return found


async def deliver(world: World, wait: float = 0) -> int:
    world.clock.advance(wait)
    return await run_due(world, Queue.SUBSCRIPTIONS)


def refusing(why: Callable[[ConsentChange], str]) -> Callable[[str, ConsentChange], Awaitable[str]]:
    async def refuse(_: str, posted: ConsentChange) -> str:
        return why(posted)

    return refuse


async def test_each_event_is_delivered_once_where_all_goes_well(world: World) -> None:
    for number in range(30):
        await say(world, grant(person(number % 7)))
    subscription = await subscribe(world)
    await deliver(world)
    assert sorted(endpoints_of(world).positions(URL)) == list(range(1, 31))
    assert (await now(world, subscription)).position == 30
    assert world.telemetry.posts == {EventFate.TAKEN: 30}
    assert await deliver(world, 3600) == 0


async def test_only_what_comes_after_it_was_made_is_delivered_by_default(world: World) -> None:
    await say(world, grant(ANA))
    await subscribe(world, after=None)
    await say(world, grant(BEN))
    await deliver(world)
    assert endpoints_of(world).positions(URL) == [2]


async def test_what_is_not_wanted_is_passed_over(world: World) -> None:
    wanted = EventFilter(kinds=frozenset({EventKind.WITHDRAWN}), purposes=frozenset({"marketing"}))
    subscription = await subscribe_later(world, wanted)
    await deliver(world)
    assert endpoints_of(world).positions(URL) == [3]
    assert (await now(world, subscription)).position == 4


async def subscribe_later(world: World, wanted: EventFilter) -> Subscription:
    """Four events: a yes, a no to something else, a no to all, a yes."""
    await say(world, grant(ANA))
    await say(world, stop(ANA, purposes=("utility",)))
    await say(world, stop(ANA))
    await say(world, grant(BEN))
    return await subscribe(world, wanted=wanted)


async def test_what_may_be_a_stop_is_told_to_who_wants_news_of_marketing(world: World) -> None:
    await say(world, grant(ANA))
    said = stop(ANA, purposes=("marketing",))
    await say(world, replace(said, kind=EventKind.DOUBTED))
    kept = replace(said, kind=EventKind.KEPT, answers=Position(2), occurred_at=at(9))
    await say(world, kept)
    await subscribe(world, wanted=EventFilter(purposes=frozenset({"marketing"})))
    await deliver(world)
    posted = [(one.event.kind, one.standing.doubt) for _, one in endpoints_of(world).taken]
    assert [kind for kind, _ in posted] == [EventKind.GRANTED, EventKind.DOUBTED, EventKind.KEPT]
    assert [doubt is not None for _, doubt in posted] == [False, True, False]


async def test_the_standing_is_that_right_after_the_event_whatever_came_later(
    world: World,
) -> None:
    await say(world, grant(ANA))
    await say(world, stop(ANA))
    await subscribe(world)
    await deliver(world)
    answers = [
        view(posted.standing, Purpose("marketing")).answer
        for _, posted in endpoints_of(world).taken
    ]
    assert answers == [Answer.GRANTED, Answer.WITHDRAWN]


async def test_events_about_one_contact_are_never_out_at_once(world: World) -> None:
    for _ in range(3):
        await say(world, grant(ANA))
        await say(world, grant(BEN))
    out: list[str] = []

    async def slow(_: str, posted: ConsentChange) -> str:
        assert posted.event.contact_id not in out
        out.append(posted.event.contact_id)
        await asyncio.sleep(0.01)
        out.remove(posted.event.contact_id)
        return ""

    endpoints_of(world).refuses = slow
    await subscribe(world)
    await deliver(world)
    assert sorted(endpoints_of(world).positions(URL)) == [1, 2, 3, 4, 5, 6]


async def test_a_merge_waits_for_what_either_side_said_before(world: World) -> None:
    await say(world, grant(ANA))
    await say(world, grant(ANA_BSUID))
    await say(world, acquaintance(ANA, ANA_BSUID))
    out: set[int] = set()

    async def slow(_: str, posted: ConsentChange) -> str:
        if posted.event.kind is EventKind.LINKED:
            assert not out
        out.add(posted.event.position)
        await asyncio.sleep(0.01)
        out.remove(posted.event.position)
        return ""

    endpoints_of(world).refuses = slow
    await subscribe(world)
    await deliver(world)
    linked = endpoints_of(world).taken[-1][1].event
    assert (linked.kind, linked.absorbed is not None) == (EventKind.LINKED, True)


async def test_what_is_refused_is_tried_again_and_holds_up_what_comes_after(world: World) -> None:
    for number in range(WAVE_MAX * 2):
        await say(world, grant(person(number)))
    endpoints = endpoints_of(world)
    endpoints.refuses = refusing(
        lambda posted: "answered 500" if posted.event.position == 3 else ""
    )
    subscription = await subscribe(world)
    await deliver(world)
    failing = await now(world, subscription)
    assert (failing.position, failing.reason) == (2, "answered 500")
    assert max(endpoints.positions(URL)) == WAVE_MAX
    endpoints.refuses = None
    assert await deliver(world, 4) == 0
    await deliver(world, 2)
    mended = await now(world, subscription)
    assert (mended.position, mended.failing_since) == (WAVE_MAX * 2, None)
    assert set(endpoints.positions(URL)) == set(range(1, WAVE_MAX * 2 + 1))


async def test_waits_grow_up_to_an_hour_and_after_three_days_it_is_parked(world: World) -> None:
    await say(world, grant(ANA))
    subscription = await subscribe(world)
    endpoints_of(world).refuses = refusing(lambda _: "cannot connect")
    start, tries = world.clock.now(), list[int]()
    while (await now(world, subscription)).state is SubscriptionState.LIVE:
        if await deliver(world):
            tries.append(world.clock.now() - start)
        world.clock.advance(1 if len(tries) < 5 else 300)
    waits = [(after - before) / SECOND for before, after in itertools.pairwise(tries)]
    for wait, longest in zip(waits, (5, 10, 20, 40), strict=False):
        assert longest / 2 <= wait <= longest + 1
    assert HOUR / 2 <= max(waits) * SECOND < HOUR + 6 * MINUTE
    assert FAILING_FOR <= tries[-1] < FAILING_FOR + HOUR + 6 * MINUTE
    assert world.telemetry.parkings == [BUSINESS]
    (finding,) = await find_parked_subscriptions(world.store.subscriptions, world.store.directory)
    assert "1 subscriptions are parked" in finding.summary


async def test_one_that_says_it_is_gone_is_parked_at_once(world: World) -> None:
    await say(world, grant(ANA))
    subscription = await subscribe(world)
    endpoints = endpoints_of(world)
    endpoints.refuses, endpoints.refused = refusing(lambda _: "answered 410"), {"is_gone": True}
    await deliver(world)
    parked = await now(world, subscription)
    assert (parked.state, parked.position) == (SubscriptionState.PARKED, 0)
    assert world.telemetry.parkings == [BUSINESS]
    endpoints.refuses = None
    assert await deliver(world, 7200) == 0
    await set_subscription_state(
        world.services, BUSINESS, subscription.subscription_id, SubscriptionState.LIVE
    )
    await deliver(world)
    assert endpoints.positions(URL) == [1]


@pytest.mark.parametrize(("asked", "kept"), [(600, 600), (10**9, 3600), (0, 0)])
async def test_one_that_asks_to_be_left_alone_is_for_so_long_and_an_hour_at_most(
    world: World, asked: int, kept: int
) -> None:
    await say(world, grant(ANA))
    await subscribe(world)
    endpoints = endpoints_of(world)
    endpoints.refuses, endpoints.refused = refusing(lambda _: "busy"), {"retry_after": asked}
    await deliver(world)
    endpoints.refuses = None
    assert await deliver(world, max(kept - 1, 2)) == 0
    await deliver(world, 5)
    assert endpoints.positions(URL) == [1]


async def test_endpoints_that_failed_together_are_not_tried_again_together(world: World) -> None:
    await say(world, grant(ANA))
    for number in range(8):
        await subscribe(world, url=f"{URL}/{number}")
    endpoints = endpoints_of(world)
    endpoints.refuses = refusing(lambda _: "cannot connect")
    tries = [0] * 35
    await deliver(world)
    for second in range(35):
        tries[second] = await deliver(world, 0.2)
    assert max(tries) < 8
    assert sum(tries) >= 8


async def test_a_parked_one_goes_on_where_it_ended_when_it_is_resumed(world: World) -> None:
    await say(world, grant(ANA))
    subscription = await subscribe(world)
    endpoints_of(world).refuses = refusing(lambda _: "cannot connect")
    await deliver(world)
    await deliver(world, FAILING_FOR / SECOND)
    assert (await now(world, subscription)).state is SubscriptionState.PARKED
    await say(world, grant(BEN))
    endpoints_of(world).refuses = None
    assert await deliver(world, 3600) == 0
    name, live = subscription.subscription_id, SubscriptionState.LIVE
    await set_subscription_state(world.services, BUSINESS, name, live)
    await deliver(world)
    assert endpoints_of(world).positions(URL) == [1, 2]


async def test_to_deliver_again_posts_the_same_events_with_the_same_ids(world: World) -> None:
    for number in range(3):
        await say(world, grant(person(number)))
    subscription = await subscribe(world)
    await deliver(world)
    name = subscription.subscription_id
    await redeliver_events(world.services, BUSINESS, name, Position(1))
    await deliver(world)
    taken = [posted for _, posted in endpoints_of(world).taken]
    assert endpoints_of(world).positions(URL) == [1, 2, 3, 2, 3]
    assert taken[1:3] == taken[3:]


async def test_after_a_rotation_both_secrets_sign_for_a_day(world: World) -> None:
    await say(world, grant(BEN))
    subscription = await subscribe(world)
    rotated = await rotate_secret(world.services, BUSINESS, subscription.subscription_id)
    await deliver(world)
    world.clock.advance(24 * 3600)
    await say(world, grant(ANA))
    await deliver(world)
    both, one = endpoints_of(world).secrets
    assert rotated is not None
    assert both[0] == one[0] == rotated[0]
    assert (len(both), len(one)) == (2, 1)


async def test_an_endpoint_that_hangs_or_is_dead_holds_up_no_other(world: World) -> None:
    await say(world, grant(ANA))
    gone = asyncio.Event()

    async def hang(url: str, _: ConsentChange) -> str:
        if url == URL:
            return ""
        await gone.wait()
        return "no answer in time"

    endpoints_of(world).refuses = hang
    for number in range(12):
        await subscribe(world, f"https://dead.example/{number}")
    working = asyncio.create_task(deliver(world))
    await until(lambda: len(endpoints_of(world).posted) == 12)
    await subscribe(world)
    other = asyncio.create_task(deliver(world))
    await until(lambda: endpoints_of(world).positions(URL) == [1])
    assert not working.done()
    gone.set()
    await asyncio.gather(working, other)


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not there():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("seed", range(8))
async def test_under_failures_nothing_is_lost_and_each_contact_is_in_order(
    world: World, seed: int
) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        who = person(dice.randrange(6))
        await say(world, dice.choice((grant, stop))(who))
    endpoints = endpoints_of(world)

    async def moody(_: str, __: ConsentChange) -> str:
        await asyncio.sleep(dice.random() / 1000)
        return "answered 500" if dice.random() < 0.2 else ""

    endpoints.refuses = moody
    subscription = await subscribe(world)
    for _ in range(200):
        await deliver(world, 3600)
        if (await now(world, subscription)).position == 40:
            break
    assert set(endpoints.positions(URL)) == set(range(1, 41))
    firsts: dict[str, list[int]] = defaultdict(list)
    for _, posted in endpoints.taken:
        mine = firsts[posted.event.contact_id]
        if posted.event.position not in mine:
            mine.append(posted.event.position)
    assert all(mine == sorted(mine) for mine in firsts.values())
