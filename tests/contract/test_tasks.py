"""The contract of `ports.tasks.Tasks`."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId, TaskState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.consent.change import Idempotency, TaskEnqueued, WriteBatch
from askfirst.storage.tasks.tasks import LOOKED_AT
from tests.support.builders import BUSINESS, RIVAL
from tests.support.clocks import at
from tests.support.stores import Home, PostgresHome

QUEUE = Queue.EVENTS


def task(number: int = 1, business_id: BusinessId = BUSINESS) -> Task:
    return Task(business_id, QUEUE, TaskId(f"task_{number}"))


async def due(store: Store, moment: float) -> list[tuple[BusinessId, int]]:
    found = await store.tasks.find_due(at(moment), (QUEUE,))
    return [(one.business_id, one.waiting) for one in found.queues]


async def claim(store: Store, moment: float, until: float) -> LeasedTask | None:
    return await store.tasks.claim(BUSINESS, QUEUE, at(moment), at(until))


async def claimed(store: Store, moment: float = 10, until: float = 70) -> LeasedTask:
    """Lease the one task that is due."""
    leased = await claim(store, moment, until)
    assert leased is not None
    return leased


async def test_a_task_is_due_from_its_time_on(store: Store) -> None:
    await store.tasks.enqueue(task(), at(10))
    assert await due(store, 9.999999) == []
    assert await due(store, 10) == [(BUSINESS, 1)]
    assert await claim(store, 9.999999, 70) is None
    assert await claimed(store, 10, 70) == LeasedTask(task=task(), until=at(70), attempts=1)


async def test_what_is_enqueued_outlives_the_process(home: Home) -> None:
    store = await home.open()
    await store.tasks.enqueue(task(), at(10))
    await store.close()
    store = await home.open()
    assert (await claimed(store)).task == task()
    await store.close()


async def test_asked_for_twice_it_is_one_task_and_due_at_the_earlier_time(store: Store) -> None:
    for moment in (20, 10, 30):
        await store.tasks.enqueue(task(), at(moment))
    assert await due(store, 10) == [(BUSINESS, 1)]
    await store.tasks.complete(await claimed(store))
    assert await due(store, 99) == []


async def test_who_has_waited_longest_comes_first(store: Store) -> None:
    for number, moment in ((1, 30), (2, 10), (3, 20)):
        await store.tasks.enqueue(task(number), at(moment))
    names = [(await claimed(store, 40)).task.task_id for _ in range(3)]
    assert names == ["task_2", "task_3", "task_1"]


async def test_of_many_workers_one_has_a_task(store: Store) -> None:
    await store.tasks.enqueue(task(), at(10))
    claims = await asyncio.gather(*(claim(store, 10, 70 + number) for number in range(20)))
    assert sum(leased is not None for leased in claims) == 1


@pytest.mark.postgres
async def test_of_many_processes_each_has_another_task(postgres_home: PostgresHome) -> None:
    one, other = await postgres_home.open(), await postgres_home.open()
    for number in range(20):
        await one.tasks.enqueue(task(number), at(10))
    claims = await asyncio.gather(
        *(claim(store, 10, 70) for _ in range(15) for store in (one, other))
    )
    names = [leased.task.task_id for leased in claims if leased]
    assert len(set(names)) == len(names) == 20
    await one.close()
    await other.close()


async def test_what_a_dead_worker_left_is_claimed_when_its_lease_ends(store: Store) -> None:
    await store.tasks.enqueue(task(), at(10))
    late = await claimed(store)
    assert await claim(store, 69.999999, 130) is None
    assert await claimed(store, 70, 130) == LeasedTask(task=task(), until=at(130), attempts=2)
    for write in (
        store.tasks.complete(late),
        store.tasks.repeat(late, at(99)),
        store.tasks.retry(late, at(99), ""),
        store.tasks.bury(late, ""),
    ):
        assert not await write
    assert await due(store, 129) == []
    assert await due(store, 130) == [(BUSINESS, 1)]


async def test_what_is_asked_for_while_it_is_done_is_done_once_more(store: Store) -> None:
    await store.tasks.enqueue(task(), at(10))
    leased = await claimed(store)
    for moment in (14, 12, 16):
        await store.tasks.enqueue(task(), at(moment))
    assert await due(store, 69) == []
    assert await store.tasks.complete(leased)
    assert await due(store, 11) == []
    again = await claimed(store, 12, 80)
    assert again.attempts == 1
    assert await store.tasks.complete(again)
    assert await due(store, 999) == []


async def test_work_that_went_well_is_repeated_or_sooner_where_it_was_asked_for(
    store: Store,
) -> None:
    await store.tasks.enqueue(task(), at(10))
    assert await store.tasks.repeat(await claimed(store), at(100))
    assert await due(store, 99) == []
    leased = await claimed(store, 100, 160)
    assert leased.attempts == 1
    await store.tasks.enqueue(task(), at(110))
    assert await store.tasks.repeat(leased, at(200))
    assert await due(store, 110) == [(BUSINESS, 1)]


async def test_what_failed_waits_its_time_whoever_asks_again(store: Store) -> None:
    await store.tasks.enqueue(task(), at(10))
    assert await store.tasks.retry(await claimed(store), at(50), "TimeoutError")
    await store.tasks.enqueue(task(), at(20))
    assert await due(store, 49) == []
    assert (await claimed(store, 50)).attempts == 2


async def test_what_is_dead_is_never_due_and_begins_anew_when_it_is_asked_for(
    store: Store,
) -> None:
    await store.tasks.enqueue(task(), at(10))
    assert await store.tasks.bury(await claimed(store), "ValueError")
    assert await due(store, 9_999) == []
    await store.tasks.enqueue(task(), at(300))
    assert await due(store, 299) == []
    assert (await claimed(store, 300)).attempts == 1


async def test_a_recurring_task_is_ensured_and_only_moved_forward(store: Store) -> None:
    await store.tasks.ensure(task(), at(10), at(100))
    await store.tasks.repeat(await claimed(store), at(500))
    await store.tasks.ensure(task(), at(20), at(900))
    assert await due(store, 499) == []
    await store.tasks.ensure(task(), at(20), at(110))
    assert await due(store, 109) == []
    assert await due(store, 110) == [(BUSINESS, 1)]


async def test_troubled_tasks_are_listed_a_page_at_a_time(store: Store) -> None:
    for number in (1, 2, 3, 4):
        await store.tasks.enqueue(task(number), at(number))
    await store.tasks.bury(await claimed(store), "ValueError")
    await claimed(store, until=20)
    await claimed(store, until=90)
    await store.tasks.enqueue(task(9, RIVAL), at(1))
    (dead,) = await store.tasks.troubled(BUSINESS, at(50), 1)
    assert (dead.task, dead.state, dead.reason) == (task(1), TaskState.DEAD, "ValueError")
    (stalled,) = await store.tasks.troubled(BUSINESS, at(50), 9, after=dead.task)
    assert (stalled.task, stalled.state, stalled.attempts) == (task(2), TaskState.LEASED, 1)


async def test_businesses_are_found_oldest_first_and_but_for_some(store: Store) -> None:
    await store.tasks.enqueue(task(1), at(20))
    await store.tasks.enqueue(task(2), at(30))
    await store.tasks.enqueue(task(1, RIVAL), at(10))
    assert await due(store, 40) == [(RIVAL, 1), (BUSINESS, 2)]
    found = await store.tasks.find_due(at(40), (QUEUE,), but=(RIVAL, BusinessId("third")))
    assert [one.business_id for one in found.queues] == [BUSINESS]
    assert not found.is_cut
    assert (await store.tasks.find_due(at(40), ())).queues == ()


async def test_no_more_is_looked_at_than_a_bound(store: Store) -> None:
    await asyncio.gather(
        *(store.tasks.enqueue(task(number), at(10)) for number in range(LOOKED_AT))
    )
    await store.tasks.enqueue(task(1, RIVAL), at(20))
    found = await store.tasks.find_due(at(30), (QUEUE,))
    assert [(one.business_id, one.waiting) for one in found.queues] == [(BUSINESS, LOOKED_AT)]
    assert found.is_cut
    found = await store.tasks.find_due(at(30), (QUEUE,), but=(BUSINESS,))
    assert [(one.business_id, one.waiting) for one in found.queues] == [(RIVAL, 1)]


async def test_a_task_and_its_cause_are_written_together(store: Store) -> None:
    batch = WriteBatch(
        business_id=BUSINESS,
        recorded_at=at(0),
        items=(),
        idempotency=Idempotency(key="key", digest=b"digest"),
        tasks=(TaskEnqueued(task=task(), due_at=at(10)),),
    )
    waiting = asyncio.create_task(store.tasks.wait(60))
    await asyncio.sleep(0)
    await store.ledger.commit(batch)
    await asyncio.wait_for(waiting, 5)
    await store.tasks.complete(await claimed(store))
    await store.ledger.commit(batch)
    assert await due(store, 99) == [], "a replay asks for nothing"
    other = replace(batch, idempotency=Idempotency(key="key", digest=b"other"))
    with pytest.raises(Conflict):
        await store.ledger.commit(other)
    assert await due(store, 99) == []


async def test_a_task_of_another_business_is_not_in_the_batch(store: Store) -> None:
    foreign = (TaskEnqueued(task=task(1, RIVAL), due_at=at(10)),)
    with pytest.raises(AskfirstError):
        WriteBatch(business_id=BUSINESS, recorded_at=at(0), items=(), tasks=foreign)
    assert await due(store, 99) == []


async def test_who_waits_hears_at_once_of_what_is_enqueued_here_and_else_after_a_time(
    store: Store,
) -> None:
    now = asyncio.get_running_loop().time
    began = now()
    await store.tasks.wait(0.05)
    assert now() - began >= 0.04
    await store.tasks.enqueue(task(), at(10))
    await store.tasks.wait(60)
    assert now() - began < 10


def test_a_task_has_a_name() -> None:
    for text in ("", "x" * 201):
        with pytest.raises(InvalidInput):
            Task(BUSINESS, QUEUE, TaskId(text))
