"""A burst leaves at Meta's pace, for a bounded time; nothing is sent on an old decision."""

from __future__ import annotations

from askfirst.bootstrap.database.store import Store
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.decision.traffic import Pace
from askfirst.domain.value import replace
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.smoothing import Smoother, send_smoothly
from tests.support.builders import BUSINESS, change, grant, question, sender, stop
from tests.support.clocks import NOON, FakeClock, at
from tests.support.services import World, build_world

PACE = Pace(interval=SECOND // 10, burst=1, within=SECOND // 10)
MESSAGE = Send(question=question(), target="/v24.0/200/messages", headers={}, body=b"{}")


class Sleeper:
    """Lets the clock go on instead of waiting."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)


async def ready(store: Store, **pace: int) -> World:
    policy = Policy(
        caps=Caps(limits={}),
        duplicates=Duplicates(minutes={}),
        pace=Pacing(**({"pair_seconds": 0, "messages_per_second": 10} | pace)),
    )
    world = build_world(store, FakeClock(), policy=policy)
    await store.directory.put_sender(sender(), "EAAG", NOON)
    await store.ledger.commit(change(grant(at=at(-9))))
    return world


def test_turns_follow_each_other_at_the_pace() -> None:
    smoother = Smoother(SECOND)
    turns = [smoother.turn("200", PACE, NOON) - NOON for _ in range(5)]
    assert turns == [n * SECOND // 10 for n in range(5)]


def test_bursts_that_are_allowed_need_not_wait() -> None:
    smoother, pace = Smoother(SECOND), Pace(SECOND // 10, 3, SECOND // 10)
    turns = [smoother.turn("200", pace, NOON) - NOON for _ in range(7)]
    assert turns == [0, 0, 0, 300_000, 300_000, 300_000, 600_000]


def test_a_turn_that_is_too_far_off_is_not_taken() -> None:
    smoother = Smoother(SECOND // 4)
    turns = [smoother.turn("200", PACE, NOON) - NOON for _ in range(6)]
    assert turns == [0, 100_000, 200_000, 0, 0, 0]
    assert smoother.turn("200", PACE, at(0.1)) == at(0.3)


def test_others_have_turns_of_their_own() -> None:
    smoother = Smoother(SECOND)
    assert smoother.turn("200", PACE, NOON) == smoother.turn("201", PACE, NOON) == NOON


async def test_a_message_that_is_too_fast_leaves_when_its_turn_has_come(store: Store) -> None:
    world = await ready(store)
    sleeper = Sleeper(world.clock)
    smoother = Smoother(SECOND, sleeper)
    for _ in range(3):
        assert isinstance(await send_smoothly(world.services, smoother, MESSAGE), Sent)
    assert sleeper.slept == [0.1, 0.1]
    assert len(world.connections.sent) == 3


async def test_a_wait_that_is_too_long_is_said(store: Store) -> None:
    world = await ready(store, pair_seconds=6, pair_burst=1)
    sleeper = Sleeper(world.clock)
    smoother = Smoother(SECOND, sleeper)
    assert isinstance(await send_smoothly(world.services, smoother, MESSAGE), Sent)
    refused = await send_smoothly(world.services, smoother, MESSAGE)
    assert isinstance(refused, Refused)
    assert (refused.decision.reason, refused.decision.retry_at) == (Reason.PAIR_RATE, at(6))


async def test_where_others_were_faster_the_message_waits_once_more(store: Store) -> None:
    """Turns are this process's own; the decision counts for all of them."""
    world = await ready(store)
    sleeper = Sleeper(world.clock)
    assert isinstance(await send_smoothly(world.services, Smoother(0), MESSAGE), Sent)
    late = await send_smoothly(world.services, Smoother(SECOND, sleeper), MESSAGE)
    assert isinstance(late, Sent)
    assert world.clock.now() == at(0.1)


async def test_a_stop_while_a_message_waits_holds_it_back(store: Store) -> None:
    world = await ready(store)
    smoother = Smoother(SECOND, Sleeper(world.clock))
    assert isinstance(await send_smoothly(world.services, smoother, MESSAGE), Sent)

    class Stopping(Sleeper):
        async def __call__(self, seconds: float) -> None:
            await super().__call__(seconds)
            await store.ledger.commit(change(stop(at=world.clock.now())))

    smoother._sleep = Stopping(world.clock)
    refused = await send_smoothly(world.services, smoother, MESSAGE)
    assert isinstance(refused, Refused)
    assert refused.decision.reason is Reason.WITHDRAWN
    assert len(world.connections.sent) == 1


async def test_without_smoothing_it_is_refused_at_once(store: Store) -> None:
    world = await ready(store)
    sleeper = Sleeper(world.clock)
    smoother = Smoother(0, sleeper)
    assert isinstance(await send_smoothly(world.services, smoother, MESSAGE), Sent)
    other = replace(MESSAGE, question=replace(MESSAGE.question, business_id=BUSINESS))
    assert isinstance(await send_smoothly(world.services, smoother, other), Refused)
    assert sleeper.slept == []
