"""Messages that wait here until they may leave.

A message and its task are written in one transaction, and only where the person has said no since
the decision that lets it wait: a no that comes later ends it in the transaction of the no. So none
is between the two. Content is sealed with the business's key, and gone as soon as a message ends.
Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from askfirst.decision.question import SendRequest
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, HeldId, SubscriptionId
from askfirst.domain.values.timestamp import Instant

_APART = "/"


def held_task(business_id: BusinessId, held_id: HeldId) -> Task:
    """Name the task that decides anew on a message."""
    return Task(business_id, Queue.HELD, TaskId(held_id))


def news_task(business_id: BusinessId, held_id: HeldId, subscription_id: SubscriptionId) -> Task:
    """Name the task that tells one endpoint how a message ended."""
    return Task(business_id, Queue.HELD_NEWS, TaskId(f"{held_id}{_APART}{subscription_id}"))


def news_of(task: Task) -> tuple[HeldId, SubscriptionId]:
    """Read what a task of `Queue.HELD_NEWS` is about."""
    held_id, subscription_id = task.task_id.split(_APART)
    return HeldId(held_id), SubscriptionId(subscription_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldContent:
    """What leaves, if it may: the question that is asked anew, the path at Meta, the very bytes.

    Of the question's recipient their country and whereabouts are read anew, from the names.
    """

    question: SendRequest
    target: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEnd:
    """How a message ended: by which reason, when, and under which id Meta took it."""

    state: HeldState
    at: Instant
    reason: str = ""
    message_id: str = ""


class HeldMessages(Protocol):
    """Writes are durable when they return."""

    async def hold(self, message: HeldMessage, content: HeldContent) -> bool:
        """Keep a message, with its task; False where the person said no meanwhile."""
        ...

    async def find(self, business_id: BusinessId, held_id: HeldId) -> HeldMessage | None:
        """Find one; those that ended are found for as long as bodies are kept."""
        ...

    async def content(self, business_id: BusinessId, held_id: HeldId) -> HeldContent | None:
        """Return what is to leave; None where the message has ended."""
        ...

    async def list(
        self, business_id: BusinessId, after: str, limit: int, *, is_open: bool
    ) -> tuple[HeldMessage, ...]:
        """Return a page of those that wait, or of those that ended, in the order of their ids."""
        ...

    async def wait(self, message: HeldMessage, until: Instant, reason: str) -> bool:
        """Note that it waits on, as nothing of it has left; False where it has ended."""
        ...

    async def end(self, message: HeldMessage, end: HeldEnd) -> bool:
        """End one, if it is where `message` says; subscriptions are told. False where it is not."""
        ...


class HasHeldMessages(Protocol):
    """Whatever brings held messages along."""

    @property
    def held_messages(self) -> HeldMessages:
        """Messages that wait here until they may leave."""
        ...
