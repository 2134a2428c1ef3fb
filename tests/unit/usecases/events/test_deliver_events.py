"""What happens to codes is told: at least once, in order, until it is taken."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import pairwise

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, Code, Result, StatusKind
from askfirst.domain.codes.code_event import CodeEvent, EventFate
from askfirst.domain.tasks.retry_policy import RetryPolicy
from askfirst.domain.tasks.task import Queue, TaskFate
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.timestamp import DAY, SECOND
from askfirst.usecases.codes.resend_code import cancel_code
from askfirst.usecases.events.deliver_events import EVENT_LEASE, deliver_events
from askfirst.usecases.tasks.worker import AT_ONCE, TaskHandler, Worker
from tests.support.builders import ANA, BEN, BUSINESS
from tests.support.clocks import FakeClock
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.services import FakeReceiver, World, build_world

SENT, APPROVED, CANCELLED = StatusKind.SENT, StatusKind.APPROVED, StatusKind.CANCELLED
FAILED, FALLBACK = StatusKind.FAILED, StatusKind.FALLBACK_USED
TAKEN, NOT_TAKEN, GIVEN_UP = EventFate.TAKEN, EventFate.NOT_TAKEN, EventFate.GIVEN_UP


@pytest.fixture
def told_world(telling_store: Store, clock: FakeClock) -> World:
    return build_world(telling_store, clock)


@pytest.fixture
async def desk(told_world: World) -> CodeDesk:
    return await open_code_desk(told_world)


def receiver_of(desk: CodeDesk) -> FakeReceiver:
    return desk.world.receiver


def taken(desk: CodeDesk) -> list[StatusKind]:
    return [event.what for event in receiver_of(desk).taken]


async def tell(desk: CodeDesk, wait: float = 0) -> int:
    """Let time pass, and then the process tell what there is to tell; gives what was not taken."""
    desk.world.clock.advance(wait)
    before = len(desk.world.telemetry.fates)
    await worker_of(desk).run_due()
    return desk.world.telemetry.fates[before:].count(NOT_TAKEN)


def worker_of(desk: CodeDesk) -> Worker:
    """A process with only this to do."""
    run = partial(deliver_events, desk.services)
    handler = TaskHandler(run=run, lease=EVENT_LEASE, retries=RetryPolicy(attempts_max=100))
    world = desk.world
    return Worker(world.store.tasks, {Queue.EVENTS: handler}, world.clock, world.telemetry)


async def approved(desk: CodeDesk) -> Code:
    """A code that was sent and typed in; nobody was told yet."""
    code = await desk.ask()
    assert await desk.type(code, desk.digits) is Result.APPROVED
    return code


async def test_all_that_happens_is_told_in_order(desk: CodeDesk) -> None:
    code = await desk.ask()
    await tell(desk)
    await desk.wait(20)
    await tell(desk)
    await desk.type(code, desk.texted)
    await tell(desk)
    assert taken(desk) == [SENT, FAILED, FALLBACK, SENT, APPROVED]
    events = receiver_of(desk).taken
    assert [event.what for event in events] == [
        line.what for line in (await desk.now(code)).history
    ]
    assert [event.number for event in events] == [1, 1, 2, 2, 2]
    assert events[-1].channel is Channel.SMS


async def test_what_was_taken_is_not_told_again(desk: CodeDesk) -> None:
    await approved(desk)
    for _ in range(3):
        assert await tell(desk, 3600) == 0
    assert taken(desk) == [SENT, APPROVED]


async def test_what_was_not_taken_is_told_again_as_the_same_event(desk: CodeDesk) -> None:
    await approved(desk)
    receiver_of(desk).is_taking = False
    assert await tell(desk) == 1
    receiver_of(desk).is_taking = True
    assert await tell(desk, 4.9) == 0
    assert taken(desk) == []
    await tell(desk, 0.1)
    assert taken(desk) == [SENT, APPROVED]
    first, again, _ = receiver_of(desk).heard
    assert first == again
    assert desk.world.telemetry.fates == [NOT_TAKEN, TAKEN, TAKEN]


async def test_no_line_overtakes_one_that_was_not_taken(desk: CodeDesk) -> None:
    code = await desk.ask()
    receiver_of(desk).is_taking = False
    await tell(desk)
    await desk.type(code, desk.digits)
    await tell(desk, 5)
    assert [event.what for event in receiver_of(desk).heard] == [SENT, SENT]
    receiver_of(desk).is_taking = True
    await tell(desk, 3600)
    assert taken(desk) == [SENT, APPROVED]


async def test_the_waits_grow_and_the_tries_end_after_a_day(desk: CodeDesk) -> None:
    await desk.ask(channels=(Channel.WHATSAPP,))
    receiver_of(desk).is_taking = False
    began, tried_at = desk.world.clock.now(), list[int]()
    while GIVEN_UP not in desk.world.telemetry.fates:
        if await tell(desk, 5 if tried_at else 0):
            tried_at.append((desk.world.clock.now() - began) // SECOND)
    assert tried_at[:8] == [0, 5, 10, 20, 40, 80, 160, 320]
    assert max(later - one for one, later in pairwise(tried_at)) == 3600
    assert tried_at[-1] < DAY // SECOND <= tried_at[-1] + 3600
    assert desk.world.telemetry.fates == [NOT_TAKEN] * len(tried_at) + [GIVEN_UP]


async def test_after_what_was_given_up_the_rest_is_told(desk: CodeDesk) -> None:
    code = await desk.ask(channels=(Channel.WHATSAPP,))
    receiver_of(desk).is_taking = False
    await tell(desk)
    desk.world.clock.advance(DAY // SECOND)
    assert await cancel_code(desk.services, BUSINESS, code.code_id)
    receiver_of(desk).is_taking = True
    await tell(desk)
    assert taken(desk) == [CANCELLED]
    assert receiver_of(desk).taken[0].event_id == f"{code.code_id}:2:cancelled"
    assert desk.world.telemetry.fates == [NOT_TAKEN, GIVEN_UP, TAKEN]


async def test_what_happens_while_it_is_told_is_told_in_the_same_breath(desk: CodeDesk) -> None:
    code = await desk.ask()

    async def type_in(event: CodeEvent) -> None:
        if event.what is SENT:
            await desk.type(code, desk.digits)

    receiver_of(desk).before_taking = type_in
    await tell(desk)
    assert taken(desk) == [SENT, APPROVED]


async def test_a_process_that_dies_while_it_tells_is_followed_by_another(desk: CodeDesk) -> None:
    await approved(desk)

    class Deadly(FakeReceiver):
        async def tell(self, event: CodeEvent) -> None:
            self.heard.append(event)
            raise asyncio.CancelledError

    dying = Deadly()
    with pytest.raises(asyncio.CancelledError):
        await worker_of(desk.changed(receiver=dying)).run_due()
    await tell(desk, EVENT_LEASE // SECOND - 1)
    assert taken(desk) == []
    await tell(desk, 1)
    assert taken(desk) == [SENT, APPROVED]
    assert dying.heard == receiver_of(desk).taken[:1]


async def test_a_process_that_dies_before_it_noted_what_was_taken_tells_it_twice(
    desk: CodeDesk,
) -> None:
    await approved(desk)
    happenings = desk.services.happenings

    class Forgetful:
        untold = happenings.untold

        async def told(self, *_: object) -> None:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await worker_of(desk.changed(happenings=Forgetful())).run_due()
    await tell(desk, 60)
    assert taken(desk) == [SENT, SENT, APPROVED]
    assert len({event.event_id for event in receiver_of(desk).taken}) == 2


async def test_of_many_processes_one_tells(desk: CodeDesk) -> None:
    await approved(desk)
    await asyncio.gather(*(tell(desk) for _ in range(10)))
    assert taken(desk) == [SENT, APPROVED]


async def test_who_was_overtaken_goes_on_with_nothing(desk: CodeDesk) -> None:
    await approved(desk)

    async def sleep(event: CodeEvent) -> None:
        receiver_of(desk).before_taking = None
        await tell(desk, 60)

    receiver_of(desk).before_taking = sleep
    await tell(desk)
    assert taken(desk) == [SENT, APPROVED, SENT]


async def test_one_that_is_not_taken_holds_up_no_other(desk: CodeDesk) -> None:
    codes = [await desk.ask(number) for number in (ANA, BEN)]

    async def refuse(event: CodeEvent) -> None:
        receiver_of(desk).is_taking = event.code_id != codes[0].code_id

    receiver_of(desk).before_taking = refuse
    assert await tell(desk) == 1
    assert [event.code_id for event in receiver_of(desk).taken] == [codes[1].code_id]


async def test_trouble_with_one_holds_up_no_other(desk: CodeDesk) -> None:
    codes = [await desk.ask(number) for number in (ANA, BEN)]

    async def break_down(event: CodeEvent) -> None:
        if event.code_id == codes[0].code_id:
            raise RuntimeError

    receiver_of(desk).before_taking = break_down
    await tell(desk)
    assert [fate for _, fate, _ in desk.world.telemetry.tasks] == [TaskFate.RETRIED, TaskFate.DONE]
    assert [event.code_id for event in receiver_of(desk).taken] == [codes[1].code_id]


async def test_only_some_are_told_at_once(desk: CodeDesk) -> None:
    for number in range(AT_ONCE + 2):
        await desk.ask(phone_alias(f"4477{number:04d}0000"))
    at_once, most = 0, 0

    async def count(event: CodeEvent) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1

    receiver_of(desk).before_taking = count
    await tell(desk)
    assert (most, len(taken(desk))) == (AT_ONCE, AT_ONCE + 2)
