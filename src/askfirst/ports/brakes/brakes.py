"""Brakes, what sets them, and what they are judged by.

Each change of a brake is written down with it, and a task is enqueued that tells of it: so what is
in force will be told. So is the task that looks after them, with the first send of something new.
Brakes of a business change one after another. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from askfirst.domain.brakes.brake import Brake, BrakeChange
from askfirst.domain.brakes.signal import Signal
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BrakeChangeId, BrakeId, BusinessId, SubscriptionId
from askfirst.domain.values.timestamp import Instant

_BETWEEN = "/"


def watch_task(business_id: BusinessId) -> Task:
    """Name the task that looks after the brakes of a business, again and again."""
    return Task(business_id, Queue.BRAKES, TaskId("all"))


def change_task(
    business_id: BusinessId, change_id: BrakeChangeId, to: SubscriptionId | None = None
) -> Task:
    """Name the task that tells of a change: all who want to hear it, or one of them."""
    name = change_id if to is None else f"{change_id}{_BETWEEN}{to}"
    return Task(business_id, Queue.BRAKE_NEWS, TaskId(name))


def told_by(task: Task) -> tuple[BrakeChangeId, SubscriptionId | None]:
    """Return which change a task tells, and to whom: None to all."""
    change_id, _, to = task.task_id.partition(_BETWEEN)
    return BrakeChangeId(change_id), SubscriptionId(to) if to else None


class Report(NamedTuple):
    """What Meta told of a message, by its id. What was read has arrived, whatever came first."""

    message_id: str
    mark: Mark


class Followed(NamedTuple):
    """What a look at what people object to came to. `is_busy`: look again soon."""

    is_busy: bool


class Brakes(Protocol):
    """Writes are durable when they return."""

    async def signal(
        self, business_id: BusinessId, signals: Sequence[Signal], now: Instant
    ) -> tuple[BrakeChange, ...]:
        """Take what Meta or an operator says; gives what changed by it."""
        ...

    async def report(
        self, business_id: BusinessId, reports: Sequence[Report], now: Instant
    ) -> None:
        """Count what became of messages. Those that were no marketing cost one look.

        What arrived or was read is counted with the webhook that tells it (`WriteBatch.reports`).
        """
        ...

    async def follow(self, business_id: BusinessId, now: Instant) -> Followed:
        """Count what people objected to since the last time, and see what time makes of brakes."""
        ...

    async def lift(
        self, business_id: BusinessId, brake_id: BrakeId, by: str, reason: str, now: Instant
    ) -> Brake | None:
        """Lift one; what people did before is not counted against it again. None: none is on."""
        ...

    async def list(
        self, business_id: BusinessId, before: str, limit: int, *, with_lifted: bool
    ) -> tuple[Brake, ...]:
        """Return a page, the newest first."""
        ...

    async def change(self, business_id: BusinessId, change_id: BrakeChangeId) -> BrakeChange | None:
        """Find a change, with its brake as it was right after it."""
        ...

    async def changes(self, business_id: BusinessId, brake_id: BrakeId) -> tuple[BrakeChange, ...]:
        """Return what happened to one brake, the oldest first."""
        ...


class HasBrakes(Protocol):
    """Whatever brings brakes along."""

    @property
    def brakes(self) -> Brakes:
        """Holds on what a business sends."""
        ...
