"""The queue of tasks, for either backend."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId, TaskState, TroubledTask
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.tasks.tasks import DueQueue, DueQueues
from askfirst.storage.platform.statements import Statements, Step, TransactionScript

LOOKED_AT: Final = 1_000
"""How many due tasks are looked at to find whose turn it is."""


def enqueue_row(task: Task, due_at: Instant, latest: Instant | None = None) -> tuple[object, ...]:
    """Return the parameters of statement `enqueue_task`.

    A task that waits already is done by `latest`: by `due_at`, unless another moment is given.
    """
    return (*_place(task), due_at, due_at if latest is None else latest)


def enqueue_step(task: Task, due_at: Instant) -> Step:
    """Return the step of a transaction that enqueues a task; `StoredTasks.wake` comes after it."""
    return "enqueue_task", enqueue_row(task, due_at)


def schedule_step(task: Task, due_at: Instant | None) -> Step:
    """Return the step that sets when a task is due, whatever it was before; None ends the task.

    Whoever has it leased has it no more: what is written down here is newer.
    """
    if due_at is None:
        return "cancel_task", _place(task)
    return "set_task", (*_place(task), due_at)


def extend_step(leased: LeasedTask, until: Instant) -> Step:
    """Return the step that keeps a task whose work goes on, and well, until a moment.

    No row comes back where another worker has claimed it.
    """
    return "extend_task", (*_place(leased.task), leased.until, until)


class StoredTasks:
    """See ports.tasks.Tasks."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._enqueued = asyncio.Event()

    def wake(self) -> None:
        """Tell this process's worker that something was enqueued; call it after the commit."""
        self._enqueued.set()

    async def wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._enqueued.wait()
        self._enqueued.clear()

    async def enqueue(self, task: Task, due_at: Instant) -> None:
        await self._statements.write("enqueue_task", *enqueue_row(task, due_at))
        self.wake()

    async def ensure(self, task: Task, due_at: Instant, latest: Instant) -> None:
        await self._statements.write("enqueue_task", *enqueue_row(task, due_at, latest))
        self.wake()

    async def find_due(
        self, now: Instant, queues: Collection[Queue], *, but: Collection[BusinessId] = ()
    ) -> DueQueues:
        row = (now, ",".join(queues), ",".join(but), LOOKED_AT)
        rows = await self._statements.fetch("find_due_tasks", *row)
        found = tuple(DueQueue(BusinessId(row[0]), Queue(row[1]), row[2]) for row in rows)
        return DueQueues(queues=found, is_cut=sum(due.waiting for due in found) >= LOOKED_AT)

    async def claim(
        self, business_id: BusinessId, queue: Queue, now: Instant, until: Instant
    ) -> LeasedTask | None:
        rows = await self._statements.write("claim_task", business_id, queue, now, until)
        if not rows:
            return None
        task = Task(business_id, queue, TaskId(rows[0][0]))
        return LeasedTask(task=task, until=until, attempts=rows[0][1])

    async def complete(self, leased: LeasedTask) -> bool:
        place = (*_place(leased.task), leased.until)

        def talk() -> TransactionScript[bool]:
            if (yield "complete_task", place):
                return True
            return bool((yield "repeat_task", (*place, None)))

        return await self._statements.talk(leased.task.business_id, talk)

    async def repeat(self, leased: LeasedTask, at: Instant) -> bool:
        return await self._write("repeat_task", leased, at)

    async def retry(self, leased: LeasedTask, at: Instant, reason: str) -> bool:
        return await self._write("retry_task", leased, at, reason)

    async def bury(self, leased: LeasedTask, reason: str) -> bool:
        return await self._write("bury_task", leased, reason)

    async def keep_at(self, leased: LeasedTask, until: Instant) -> bool:
        """Keep a task that is worked on until a moment; False where another worker has it."""
        return await self._write("keep_task", leased, until)

    async def troubled(
        self, business_id: BusinessId, now: Instant, limit: int, after: Task | None = None
    ) -> tuple[TroubledTask, ...]:
        place = (after.queue, after.task_id) if after else ("", "")
        row = (business_id, now, *place, limit)
        rows = await self._statements.fetch("troubled_tasks", *row)
        return tuple(
            TroubledTask(
                task=Task(business_id, Queue(row[0]), TaskId(row[1])),
                state=TaskState(row[2]),
                attempts=row[3],
                reason=row[4],
            )
            for row in rows
        )

    async def _write(self, name: str, leased: LeasedTask, *more: object) -> bool:
        row = (*_place(leased.task), leased.until, *more)
        return bool(await self._statements.write(name, *row))


def _place(task: Task) -> tuple[object, ...]:
    return (task.business_id, task.queue.value, task.task_id)
