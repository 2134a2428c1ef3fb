"""The queue of tasks: what waits in the database for any worker of any process.

A task belongs to one business. It is enqueued in the transaction of its cause, so either both are
durable or neither is; claimed for a lease, by one worker; and gone once its work is done. A worker
that dies leaves a lease that ends. What is asked for while it is being worked on is done after it.
Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TroubledTask
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant


class DueQueue(NamedTuple):
    """A business with due tasks in a queue; `waiting`: how many, of those that were looked at."""

    business_id: BusinessId
    queue: Queue
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueQueues:
    """Who has waited longest comes first. `is_cut`: more tasks are due than were looked at."""

    queues: tuple[DueQueue, ...]
    is_cut: bool


class Tasks(Protocol):
    """Writes are durable when they return; each fails where the lease is another worker's by now.

    `WriteBatch.tasks` are enqueued with their batch; what else is written enqueues its own.
    """

    async def enqueue(self, task: Task, due_at: Instant) -> None:
        """Have a task done from `due_at` on. One that waits longer is moved forward.

        One that waits after a failure keeps its time; a dead one begins anew; one that is leased
        is done once more after that.
        """
        ...

    async def ensure(self, task: Task, due_at: Instant, latest: Instant) -> None:
        """Enqueue a task where it is not there; one that waits is moved forward to `latest`."""
        ...

    async def find_due(
        self, now: Instant, queues: Collection[Queue], *, but: Collection[BusinessId] = ()
    ) -> DueQueues:
        """Find the businesses with the oldest due tasks in these queues, but for some.

        The one statement about all businesses: bounded, by an index.
        """
        ...

    async def claim(
        self, business_id: BusinessId, queue: Queue, now: Instant, until: Instant
    ) -> LeasedTask | None:
        """Lease the oldest due task; None where there is none, or other workers have them all."""
        ...

    async def complete(self, leased: LeasedTask) -> bool:
        """Remove a task that is done; where it was enqueued meanwhile, it is ready again."""
        ...

    async def repeat(self, leased: LeasedTask, at: Instant) -> bool:
        """Note that the work went well, and is to be done again at a moment."""
        ...

    async def retry(self, leased: LeasedTask, at: Instant, reason: str) -> bool:
        """Return a task back that failed, to be tried again at a moment."""
        ...

    async def bury(self, leased: LeasedTask, reason: str) -> bool:
        """Return a task up: it is dead until it is enqueued anew."""
        ...

    async def troubled(
        self, business_id: BusinessId, now: Instant, limit: int, after: Task | None = None
    ) -> tuple[TroubledTask, ...]:
        """List tasks that are dead or stalled, in the order of their names, from one on."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return when this process enqueues a task that is due, or after so long."""
        ...


class HasTasks(Protocol):
    """Whatever brings the queue of tasks along."""

    @property
    def tasks(self) -> Tasks:
        """What waits for a worker."""
        ...
