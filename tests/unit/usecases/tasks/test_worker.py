"""A worker does what is due, in turns, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.retry_policy import RetryPolicy
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskFate, TaskId, TaskState
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import HOUR, SECOND, Instant
from askfirst.ports.consent.change import WriteBatch
from askfirst.storage.tasks.tasks import LOOKED_AT
from askfirst.usecases.tasks.find_troubled_tasks import find_troubled_tasks
from askfirst.usecases.tasks.worker import AT_ONCE, PER_ROUND, STALLED, TaskHandler, Worker
from tests.support.builders import BUSINESS, RIVAL
from tests.support.clocks import at
from tests.support.services import World

QUEUE, OTHER = Queue.EVENTS, Queue.TEMPLATES
DONE, RETRIED, DEAD = TaskFate.DONE, TaskFate.RETRIED, TaskFate.DEAD
LEASE = 60 * SECOND


@dataclass(slots=True)
class Work:
    """A handler that keeps what it was given; `act` is what it does."""

    seen: list[Task] = field(default_factory=list)
    act: Callable[[LeasedTask], Awaitable[Instant | None]] | None = None

    async def run(self, leased: LeasedTask) -> Instant | None:
        self.seen.append(leased.task)
        return await self.act(leased) if self.act else None

    @property
    def businesses(self) -> list[BusinessId]:
        return [task.business_id for task in self.seen]


def worker(world: World, work: Work, queue: Queue = QUEUE, attempts_max: int = 3) -> Worker:
    retries = RetryPolicy(attempts_max=attempts_max)
    handlers = {queue: TaskHandler(run=work.run, lease=LEASE, retries=retries)}
    return Worker(world.store.tasks, handlers, world.clock, world.telemetry)


async def enqueue(
    world: World, count: int = 1, business_id: BusinessId = BUSINESS, moment: float = 0
) -> None:
    for number in range(count):
        task = Task(business_id, QUEUE, TaskId(f"task_{number}"))
        await world.store.tasks.enqueue(task, at(moment))


def fates(world: World) -> list[tuple[TaskFate, str]]:
    return [(fate, reason) for _, fate, reason in world.telemetry.tasks]


async def test_what_is_done_is_not_done_again(world: World) -> None:
    work = Work()
    await enqueue(world, 3)
    for _ in range(2):
        await worker(world, work).run_due()
    assert len(work.seen) == 3
    assert fates(world) == [(DONE, "")] * 3


async def test_what_is_to_be_repeated_is_done_again_at_its_time(world: World) -> None:
    async def again(_: LeasedTask) -> Instant:
        return Instant(world.clock.now() + HOUR)

    work = Work(act=again)
    await enqueue(world)
    await worker(world, work).run_due()
    world.clock.advance(3599)
    await worker(world, work).run_due()
    assert len(work.seen) == 1
    world.clock.advance(1)
    await worker(world, work).run_due()
    assert len(work.seen) == 2


async def test_a_task_that_fails_is_tried_again_with_growing_waits_and_is_dead_in_the_end(
    world: World,
) -> None:
    async def fail(_: LeasedTask) -> None:
        raise Unavailable("no")

    work = Work(act=fail)
    await enqueue(world)
    for wait, tries in ((0, 1), (4, 1), (1, 2), (9, 2), (1, 3), (9_999, 3)):
        world.clock.advance(wait)
        await worker(world, work).run_due()
        assert len(work.seen) == tries
    assert fates(world) == [(RETRIED, "Unavailable")] * 2 + [(DEAD, "Unavailable")]
    (dead,) = await world.store.tasks.troubled(BUSINESS, world.clock.now(), 9)
    assert (dead.state, dead.reason) == (TaskState.DEAD, "Unavailable")


async def test_a_task_that_may_fail_says_when_it_is_tried_again(world: World) -> None:
    async def later(_: LeasedTask) -> None:
        raise RetryLater(at(100))

    work = Work(act=later)
    await enqueue(world)
    await worker(world, work).run_due()
    await enqueue(world)
    world.clock.set(at(99))
    await worker(world, work).run_due()
    assert len(work.seen) == 1
    assert fates(world) == [(RETRIED, "")]


async def test_a_task_whose_workers_all_died_is_dead_without_another_attempt(world: World) -> None:
    async def die(_: LeasedTask) -> None:
        raise asyncio.CancelledError

    work = Work(act=die)
    await enqueue(world)
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await worker(world, work).run_due()
        await worker(world, work).run_due()  # it is leased
        world.clock.advance(60)
    assert len(work.seen) == 3
    await worker(world, work).run_due()
    assert len(work.seen) == 3
    assert fates(world) == [(DEAD, STALLED)]


async def test_trouble_with_one_task_holds_up_no_other(world: World) -> None:
    async def fail(leased: LeasedTask) -> None:
        if leased.task.task_id == "task_0":
            raise Unavailable("no")

    work = Work(act=fail)
    await enqueue(world, 3)
    await worker(world, work).run_due()
    assert sorted(fates(world)) == [(DONE, ""), (DONE, ""), (RETRIED, "Unavailable")]


async def test_only_some_are_worked_on_at_once(world: World) -> None:
    running, most = 0, 0

    async def count(_: LeasedTask) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    await enqueue(world, AT_ONCE + 2)
    work = Work(act=count)
    await worker(world, work).run_due()
    assert (most, len(work.seen)) == (AT_ONCE, AT_ONCE + 2)


async def test_a_business_with_much_to_do_does_not_hold_up_another(world: World) -> None:
    await enqueue(world, PER_ROUND * 2, BUSINESS, -10)
    await enqueue(world, 1, RIVAL, 0)
    work = Work()
    await worker(world, work).run_due()
    assert work.businesses.index(RIVAL) <= AT_ONCE
    assert len(work.seen) == PER_ROUND * 2 + 1


async def test_a_business_that_is_not_seen_behind_another_has_its_turn_in_the_first_round(
    world: World,
) -> None:
    await asyncio.gather(
        *(
            world.store.tasks.enqueue(Task(BUSINESS, QUEUE, TaskId(f"t{number}")), at(-10))
            for number in range(LOOKED_AT)
        )
    )
    await enqueue(world, 1, RIVAL, 0)
    work = Work()
    await worker(world, work).run_due()
    assert work.businesses.index(RIVAL) == PER_ROUND
    assert len(work.seen) == LOOKED_AT + 1


async def test_many_workers_do_a_task_once(world: World) -> None:
    await enqueue(world, 5)
    work = Work()
    await asyncio.gather(*(worker(world, work).run_due() for _ in range(5)))
    assert len(work.seen) == 5


async def test_a_queue_without_a_handler_waits(world: World) -> None:
    await enqueue(world)
    work = Work()
    await worker(world, work, OTHER).run_due()
    assert not work.seen
    await worker(world, work).run_due()
    assert len(work.seen) == 1


async def test_what_is_enqueued_here_begins_at_once_though_another_queue_is_slow(
    world: World,
) -> None:
    never, slow, work = asyncio.Event(), asyncio.Event(), Work()

    async def hang(_: LeasedTask) -> None:
        slow.set()
        await never.wait()

    retries = RetryPolicy(attempts_max=3)
    running = Worker(
        world.store.tasks,
        {
            OTHER: TaskHandler(run=Work(act=hang).run, lease=LEASE, retries=retries),
            QUEUE: TaskHandler(run=work.run, lease=LEASE, retries=retries),
        },
        world.clock,
        world.telemetry,
    )

    async def go_on() -> None:
        while True:
            await running.look()

    going = asyncio.create_task(go_on())
    began = asyncio.get_running_loop().time()
    await world.store.tasks.enqueue(Task(BUSINESS, OTHER, TaskId("slow")), at(0))
    await asyncio.wait_for(slow.wait(), 5)
    for number in range(5):
        await world.store.tasks.enqueue(Task(BUSINESS, QUEUE, TaskId(f"t{number}")), at(0))
        while len(work.seen) <= number:
            await asyncio.sleep(0.001)
            assert asyncio.get_running_loop().time() - began < 3
    going.cancel()
    await running.close()


async def test_where_rounds_overlap_one_that_hangs_holds_up_no_task_of_its_own_queue(
    world: World,
) -> None:
    hanging, never = asyncio.Event(), asyncio.Event()

    async def hang_on_the_first(leased: LeasedTask) -> None:
        if leased.task.task_id == "t0":
            hanging.set()
            await never.wait()

    work = Work(act=hang_on_the_first)
    retries = RetryPolicy(attempts_max=3)
    handler = TaskHandler(run=work.run, lease=LEASE, retries=retries, at_once=3, overlaps=True)
    running = Worker(world.store.tasks, {QUEUE: handler}, world.clock, world.telemetry)

    async def go_on() -> None:
        while True:
            await running.look()

    going = asyncio.create_task(go_on())
    for number in range(5):
        await world.store.tasks.enqueue(Task(BUSINESS, QUEUE, TaskId(f"t{number}")), at(0))
        async with asyncio.timeout(3):
            while len(work.seen) <= number:
                await asyncio.sleep(0.001)
    assert hanging.is_set()
    going.cancel()
    await running.close()


async def doctor(world: World) -> tuple[Finding, ...]:
    return await find_troubled_tasks(world.store.tasks, world.store.directory, world.clock)


async def test_a_doctor_sees_what_is_dead(world: World) -> None:
    (fine,) = await doctor(world)
    assert fine.severity is Severity.OK
    await world.store.ledger.commit(empty_batch())
    await enqueue(world, 2)
    leased = None
    for _ in range(2):
        leased = await world.store.tasks.claim(BUSINESS, QUEUE, at(0), at(60))
    assert leased is not None
    await world.store.tasks.bury(leased, "ValueError")
    world.clock.set(at(60))
    (finding,) = await doctor(world)
    assert finding.severity is Severity.PROBLEM
    assert f"{BUSINESS}: 1 tasks are dead and 1 stalled, in the queues events." == finding.summary


def empty_batch() -> WriteBatch:
    """A write that makes the business known."""
    return WriteBatch(business_id=BUSINESS, recorded_at=at(0), items=())


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (10, 2560), (11, 3600), (999, 3600)]
)
def test_each_wait_is_twice_the_one_before_up_to_an_hour(attempts: int, seconds: int) -> None:
    policy = RetryPolicy(attempts_max=None)
    assert policy.retry_at(attempts, at(0)) == at(seconds)
    assert not policy.is_used_up(attempts)


def test_a_policy_that_could_not_end_or_begin_is_refused() -> None:
    with pytest.raises(InvalidInput):
        RetryPolicy(attempts_max=0)
    with pytest.raises(InvalidInput):
        RetryPolicy(attempts_max=1, first=2, longest=1)
