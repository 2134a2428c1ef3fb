"""A piece of work that waits in the database for a worker."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant

TaskId = NewType("TaskId", str)
"""What the work is about, within its business and queue: asked for twice, it is one task."""

_ID_MAX: Final = 200


class Queue(StrEnum):
    """What kind of work it is; each has one handler."""

    EVENTS = "events"
    """Deliver the events of a request for a code."""
    SUBSCRIPTIONS = "subscriptions"
    """Deliver the events of the ledger to an endpoint of a subscription."""
    TEMPLATE_NOTICES = "template_notices"
    """Tell a subscription that Meta moved templates to another category."""
    FORWARDING = "forwarding"
    """Forward what Meta delivered to a receiver of the business's."""
    CODES = "codes"
    """Let another code follow one that is not known to have arrived."""
    STOPS = "stop_confirmations"
    """Confirm a stop that was said in the chat."""
    LINKS = "preference_links"
    """Send a person who asks in the chat the link to their preference page."""
    LOST = "lost_messages"
    """Give back the place of a message that surely reached nobody."""
    NUMBERS = "numbers"
    """Read from Meta how the business's numbers are doing."""
    HELD = "held_messages"
    """Decide anew on a message that was handed over to wait."""
    HELD_NEWS = "held_news"
    """Tell an endpoint of a subscription how a held message ended."""
    DEAD_LETTERS = "dead_letters"
    """Act on deliveries that waited for a sender or an account to be registered."""
    IMPORTS = "imports"
    """Read a file of an import, or write its rows."""
    SCREENS = "screens"
    """Screen a list."""
    EXPORTS = "exports"
    """Write an export that a schedule asks for."""
    ERASURES = "erasures"
    """Take away what was kept of people who were erased."""
    STATISTICS = "statistics"
    """Follow the ledger with its figures."""
    BRAKES = "brakes"
    """Look what people object to, and what time makes of brakes."""
    BRAKE_NEWS = "brake_news"
    """Tell what happened to a brake."""
    TEMPLATES = "templates"
    """Read the business's templates from Meta."""
    SWEEPING = "sweeping"
    """Forget what the business has kept for long enough."""
    SCHEDULE = "schedule"
    """See that each business has its recurring tasks."""


class TaskState(StrEnum):
    """Where a task is. A completed task is gone, or ready again at a later time."""

    READY = "ready"
    LEASED = "leased"
    DEAD = "dead"


class TaskFate(StrEnum):
    """What became of one attempt."""

    DONE = "done"
    RETRIED = "retried"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """The name of a task. It holds nothing about a person: its handler reads what it needs."""

    business_id: BusinessId
    queue: Queue
    task_id: TaskId

    def __post_init__(self) -> None:
        if not 0 < len(self.task_id) <= _ID_MAX:
            raise InvalidInput("task_id", f"must have 1 to {_ID_MAX} characters")


def numbers_task(business_id: BusinessId) -> Task:
    """Name the task that reads how a business's numbers are doing: one for all of them."""
    return Task(business_id, Queue.NUMBERS, TaskId("all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTask:
    """A task that one worker has until a moment; then another may claim it.

    `until`, as it was at the claim, names the lease: it stays when the lease is extended.
    `attempts` counts the claims since the work last went well, with this one.
    """

    task: Task
    until: Instant
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledTask:
    """A task that is dead, or stalled: leased, and the lease has ended.

    `reason` is the name of the error that was last raised; empty where a worker just ended.
    """

    task: Task
    state: TaskState
    attempts: int
    reason: str
