"""Do what waits in the queue of tasks: once for each lease, whatever process claims it.

A task is claimed right before its handler runs, and completed after it. A process that ends in
between leaves a lease that ends, so the handler runs again: its effect has to be one that may come
twice, or that it writes down first.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.retry_policy import RetryPolicy
from askfirst.domain.tasks.task import LeasedTask, Queue, TaskFate
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import Clock
from askfirst.ports.platform.telemetry import Telemetry
from askfirst.ports.tasks.tasks import DueQueue, DueQueues, Tasks

AT_ONCE: Final = 8
"""Tasks of one queue that are worked on at once: a slow one holds up seven others at most."""
PER_ROUND: Final = 16
"""Tasks of one business and queue in a round; then the others have their turn."""
POLL_SECONDS: Final = 1.0
"""For what other processes left; what is enqueued here begins at once."""
STALLED: Final = "Stalled"
"""Why a task is dead whose workers all ended without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandler:
    """What is done for the tasks of a queue, and for how long (microseconds) one is leased.

    `run` returns when it is to be done again; None: it is done. `at_once`: tasks of the queue that
    are worked on at once. `overlaps`: while some of them are, and fewer than that, the next are
    begun; for work that waits on servers of others, so that slow ones hold up no other. `close`
    ends what the handler keeps in this process between two tasks.
    """

    run: Callable[[LeasedTask], Awaitable[Instant | None]]
    lease: int
    retries: RetryPolicy
    at_once: int = AT_ONCE
    overlaps: bool = False
    close: Callable[[], Awaitable[None]] | None = None


class Worker:
    """One of a process, for all queues. A queue whose tasks are slow holds up no other."""

    def __init__(
        self,
        tasks: Tasks,
        handlers: Mapping[Queue, TaskHandler],
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._tasks = tasks
        self._clock = clock
        self._telemetry = telemetry
        self._handlers = handlers
        self._rounds: dict[asyncio.Task[None], Queue] = {}
        self._busy: Counter[Queue] = Counter()

    async def look(self) -> None:
        """Begin a round of each queue that may, and has due tasks; wait until there may be more.

        Raises what a round raised that has ended.
        """
        self._gather_ended()
        found = await self._tasks.find_due(self._clock.now(), self._open_queues())
        for queue in {due.queue for due in found.queues}:
            self._rounds[asyncio.create_task(self._round(queue, found))] = queue
        await self._wait()

    async def run_due(self) -> None:
        """Do all that is due now, to its end; raises what hindered that."""
        while True:
            found = await self._tasks.find_due(self._clock.now(), sorted(self._handlers))
            queues = {due.queue for due in found.queues}
            if not queues:
                return
            await _all(self._round(queue, found) for queue in queues)

    async def close(self) -> None:
        """Stop. What is being worked on is left to whoever claims it after its lease."""
        for running in self._rounds:
            running.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        closing = [handler.close() for handler in self._handlers.values() if handler.close]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _wait(self) -> None:
        """Wait for something that is enqueued here, for the end of a round, or for the poll."""
        waiting = asyncio.create_task(self._tasks.wait(POLL_SECONDS))
        try:
            await asyncio.wait((waiting, *self._rounds), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    def _gather_ended(self) -> None:
        ended = [running for running in self._rounds if running.done()]
        for running in ended:
            del self._rounds[running]
        for running in ended:
            running.result()

    def _open_queues(self) -> list[Queue]:
        """Return the queues that a round may begin of."""
        running = set(self._rounds.values())
        return sorted(
            queue
            for queue, handler in self._handlers.items()
            if queue not in running or (handler.overlaps and self._busy[queue] < handler.at_once)
        )

    async def _round(self, queue: Queue, found: DueQueues) -> None:
        """Give every business with due tasks its turn, whoever else has more than can be seen."""
        served: set[BusinessId] = set()
        while True:
            due = [one for one in found.queues if one.queue == queue]
            await self._serve(queue, due)
            served.update(one.business_id for one in due)
            if not (due and found.is_cut):
                return
            found = await self._tasks.find_due(self._clock.now(), (queue,), but=served)

    async def _serve(self, queue: Queue, found: list[DueQueue]) -> None:
        """Work on the oldest of each business, then on the next of each."""
        turns = deque(
            due.business_id for turn in range(PER_ROUND) for due in found if turn < due.waiting
        )

        async def take_turns() -> None:
            while turns:
                self._busy[queue] += 1
                try:
                    await self._work(turns.popleft(), queue)
                finally:
                    self._busy[queue] -= 1

        free = max(1, self._handlers[queue].at_once - self._busy[queue])
        await _all(take_turns() for _ in range(min(free, len(turns))))

    async def _work(self, business_id: BusinessId, queue: Queue) -> None:
        handler, now = self._handlers[queue], self._clock.now()
        until = Instant(now + handler.lease)
        leased = await self._tasks.claim(business_id, queue, now, until)
        if leased is None:
            return
        if handler.retries.is_used_up(leased.attempts - 1):
            await self._bury(leased, STALLED)
            return
        try:
            again_at = await handler.run(leased)
        except RetryLater as later:
            await self._tasks.retry(leased, later.at, "")
            self._telemetry.task(leased.task, TaskFate.RETRIED)
        except Exception as error:  # noqa: BLE001 - whatever it was, the task stays
            await self._fail(leased, handler.retries, type(error).__name__)
        else:
            await self._done(leased, again_at)

    async def _done(self, leased: LeasedTask, again_at: Instant | None) -> None:
        if again_at is None:
            await self._tasks.complete(leased)
        else:
            await self._tasks.repeat(leased, again_at)
        self._telemetry.task(leased.task, TaskFate.DONE)

    async def _fail(self, leased: LeasedTask, retries: RetryPolicy, reason: str) -> None:
        if retries.is_used_up(leased.attempts):
            await self._bury(leased, reason)
            return
        at = retries.retry_at(leased.attempts, self._clock.now())
        await self._tasks.retry(leased, at, reason)
        self._telemetry.task(leased.task, TaskFate.RETRIED, reason)

    async def _bury(self, leased: LeasedTask, reason: str) -> None:
        await self._tasks.bury(leased, reason)
        self._telemetry.task(leased.task, TaskFate.DEAD, reason)


async def _all(works: Iterable[Awaitable[None]]) -> None:
    """Wait for all; trouble with one holds up no other, and is raised then."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if outcome is not None:
            raise outcome
