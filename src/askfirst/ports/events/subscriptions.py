"""Subscriptions of businesses, and the servers that they name.

A task of `Queue.SUBSCRIPTIONS` is enqueued for each live one in the transaction that writes events,
so whatever is durable will be told. Where a business has none, nothing is written, and nothing
is asked either: the row that a writer of events locks anyway says which are live.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from askfirst.domain.brakes.brake import BrakeChange
from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import Standing
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.events.subscription import Subscription, SubscriptionState
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, Position, SubscriptionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.template_notices import TemplateNotice


def subscription_task(business_id: BusinessId, subscription_id: SubscriptionId) -> Task:
    """Name the task that delivers to an endpoint: one for all of it, to keep the order."""
    return Task(business_id, Queue.SUBSCRIPTIONS, TaskId(subscription_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A subscription that is live, and the secrets that sign now, the newest first."""

    subscription: Subscription
    secrets: tuple[str, ...] = field(repr=False)


class Subscriptions(Protocol):
    """Writes are durable when they return. Trouble with the database raises Unavailable."""

    async def create(self, subscription: Subscription, secret: str) -> Subscription | None:
        """Keep a new one, live from its position on, or from the newest event if that is sooner.

        None where the business has `SUBSCRIPTIONS_MAX` already, or has no row.
        """
        ...

    async def list(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[Subscription, ...]:
        """Return a page of them in the order they were made."""
        ...

    async def find(
        self, business_id: BusinessId, subscription_id: SubscriptionId
    ) -> Subscription | None:
        """Find one by its id."""
        ...

    async def rotate(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        secret: str,
        previous_until: Instant,
    ) -> bool:
        """Give it another secret; the one of before signs, too, until a moment."""
        ...

    async def set_state(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        state: SubscriptionState,
        now: Instant,
    ) -> bool:
        """Pause or resume it. What was being delivered then ends with the event that is out."""
        ...

    async def rewind(
        self,
        business_id: BusinessId,
        subscription_id: SubscriptionId,
        after: Position,
        now: Instant,
    ) -> bool:
        """Deliver again what comes after a position; no further than the newest event."""
        ...

    async def delete(self, business_id: BusinessId, subscription_id: SubscriptionId) -> bool:
        """Forget it, with its secrets."""
        ...

    async def take_up(self, leased: LeasedTask, now: Instant) -> Signed | None:
        """Read the subscription of a task; None where it is not live, or is gone."""
        ...

    async def sign_for(
        self, business_id: BusinessId, subscription_id: SubscriptionId, now: Instant
    ) -> Signed | None:
        """Read one that is live, with the secrets that sign now; None where it is not, or gone."""
        ...

    async def move(self, leased: LeasedTask, position: Position, until: Instant) -> bool:
        """Note that all was taken up to a position, and keep the task until a moment.

        False, and nothing noted, where the task is somebody else's by now.
        """
        ...

    async def fail(self, leased: LeasedTask, now: Instant, reason: str) -> Instant | None:
        """Note a failure; gives since when there is nothing but failures. None where it is gone."""
        ...

    async def park(self, business_id: BusinessId, subscription_id: SubscriptionId) -> bool:
        """Give it up until somebody resumes it; False where it is not live any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChange:
    """An event, and the standing of its contact right after it."""

    event: Event
    standing: Standing


class EndpointRefused(Exception):
    """It is not known to have been taken. The message is a closed one: nothing of the answer's.

    `is_gone`: the server says that nobody is there any more (410, RFC 9110, section 15.5.11).
    `retry_after` is how many seconds it asks to be left alone; None where it does not say.
    `is_answer`: it did answer, and not with a yes.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_answer: bool = False,
        is_gone: bool = False,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.is_answer = is_answer
        self.is_gone = is_gone
        self.retry_after = retry_after


class Endpoint(Protocol):
    """A server that events are posted to, while it is open."""

    async def post(self, change: ConsentChange) -> None:
        """Post an event; it was taken when this returns. The same event again has the same id.

        Raises:
            EndpointRefused: it may or may not have arrived.
        """
        ...

    async def announce(self, notice: TemplateNotice) -> None:
        """Post what happened to a template, in the same way.

        Raises:
            EndpointRefused: it may or may not have arrived.
        """
        ...

    async def tell(self, message: HeldMessage) -> None:
        """Post how a held message ended, in the same way: told again, it has the same id."""
        ...

    async def post_brake(self, change: BrakeChange) -> None:
        """Post what happened to a brake, in the same way."""
        ...


class Endpoints(Protocol):
    """The ways to servers of businesses."""

    @property
    def allows_loopback(self) -> bool:
        """Whether servers on this machine may be named, by http: for tests."""
        ...

    def reach(
        self, url: EndpointUrl, secrets: tuple[str, ...]
    ) -> AbstractAsyncContextManager[Endpoint]:
        """Open the way to one; what is posted is signed with each of the secrets."""
        ...


class HasSubscriptions(Protocol):
    """Whatever brings subscriptions along."""

    @property
    def subscriptions(self) -> Subscriptions:
        """Subscriptions."""
        ...


class HasEndpoints(Protocol):
    """Whatever brings the ways to endpoints along."""

    @property
    def endpoints(self) -> Endpoints:
        """The ways to endpoints."""
        ...
