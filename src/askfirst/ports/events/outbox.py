"""What happened to requests for codes and still has to be told, and whom it is told to.

There is no list of it: it is what stands in a request's history behind the lines that were told.
Whatever adds to the history enqueues the task of the request (`events_task`) with it, so whatever
is durable will be told, by whatever process. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.codes.code import Code
from askfirst.domain.codes.code_event import CodeEvent
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.timestamp import Instant


def events_task(business_id: BusinessId, code_id: CodeId) -> Task:
    """Name the task that tells what happened to a request: one for all of it, to keep the order."""
    return Task(business_id, Queue.EVENTS, TaskId(code_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A request with something to tell: `told` lines of its history were told before."""

    leased: LeasedTask
    code: Code
    told: int


class Outbox(Protocol):
    """What still has to be told. Writes are durable when they return."""

    async def untold(self, leased: LeasedTask) -> Telling | None:
        """Read the request of a task of `Queue.EVENTS`; None where it has nothing to tell."""
        ...

    async def told(self, telling: Telling, until: Instant) -> Telling | None:
        """Note that the next line was told, and keep the task until a moment; gives what is left.

        None where nothing is left, or another worker has claimed the task by now.
        """
        ...


class NotTaken(Exception):
    """It is not known to have been taken, so it has to be told again."""


class Receiver(Protocol):
    """Whom events are told to. `is_configured` says whether there is anybody."""

    @property
    def is_configured(self) -> bool:
        """Whether this askfirst tells anybody at all."""
        ...

    async def tell(self, event: CodeEvent) -> None:
        """Tell an event. The same `event_id` again is the same event.

        Raises:
            NotTaken: it may or may not have arrived.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class HasHappenings(Protocol):
    """Whatever brings the outbox along."""

    @property
    def happenings(self) -> Outbox:
        """The outbox."""
        ...


class HasReceiver(Protocol):
    """Whatever brings the receiver of events along."""

    @property
    def receiver(self) -> Receiver:
        """The receiver of events."""
        ...
