"""Receivers of a business's webhooks, and the ways to their servers.

Where a business has receivers, each body that is kept gets a number, in the order of the commits,
and a task of `Queue.FORWARDING` is enqueued for each live one in the same transaction: so whatever
was acknowledged will be forwarded. Where it has none, nothing more is written. What is forwarded
is the body that is kept anyway: when it is forgotten, or its person erased, it is not forwarded.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.inbound.delivery import Place
from askfirst.domain.inbound.webhook_receiver import ReceiverState, WebhookReceiver
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, KeyId, ReceiverId, WabaId, WebhookId
from askfirst.domain.values.timestamp import Instant


def forwarding_task(business_id: BusinessId, receiver_id: ReceiverId) -> Task:
    """Name the task that forwards to a receiver: one for all of it, to keep the order."""
    return Task(business_id, Queue.FORWARDING, TaskId(receiver_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWebhook:
    """A delivery of Meta's as it is kept. `places` are those of the business.

    `signatures` is empty where others are told something in the same body, or none was kept: then
    only the part of the business is forwarded, signed anew. `told` is what askfirst understood.
    """

    number: int
    webhook_id: WebhookId
    received_at: Instant
    body: bytes = field(repr=False)
    places: tuple[Place, ...]
    signatures: str
    told: str


class KeptPage(NamedTuple):
    """Some deliveries, by their numbers. `has_more`: there were others behind them."""

    webhooks: Sequence[KeptWebhook]
    has_more: bool


class Receivers(Protocol):
    """Writes are durable when they return. Trouble with the database raises Unavailable."""

    async def create(self, receiver: WebhookReceiver) -> WebhookReceiver | None:
        """Keep a new one, live from the next delivery on.

        None where the business has `RECEIVERS_MAX` already, or has no row. Where it has a `key_id`
        and there is one of that key and account, that one gets the address, and is live.
        """
        ...

    async def list(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[WebhookReceiver, ...]:
        """Return a page of them in the order they were made."""
        ...

    async def find(
        self, business_id: BusinessId, receiver_id: ReceiverId
    ) -> WebhookReceiver | None:
        """Find one by its id."""
        ...

    async def of_key(
        self, business_id: BusinessId, waba_id: WabaId, key_id: KeyId
    ) -> WebhookReceiver | None:
        """Find the one that a key's client set for an account."""
        ...

    async def set_state(
        self, business_id: BusinessId, receiver_id: ReceiverId, state: ReceiverState, now: Instant
    ) -> bool:
        """Pause or resume it."""
        ...

    async def rewind(
        self, business_id: BusinessId, receiver_id: ReceiverId, after: int, now: Instant
    ) -> bool:
        """Forward again what comes after a number; no further than the newest."""
        ...

    async def number_before(self, business_id: BusinessId, moment: Instant) -> int:
        """Return the number of the last delivery before a moment; 0: there is none."""
        ...

    async def delete(self, business_id: BusinessId, receiver_id: ReceiverId) -> bool:
        """Forget it. What is kept of webhooks stays."""
        ...

    async def take_up(self, leased: LeasedTask) -> WebhookReceiver | None:
        """Read the receiver of a task; None where it is not live, or is gone."""
        ...

    async def pending(self, business_id: BusinessId, after: int, limit: int) -> KeptPage:
        """Read what comes after a number: fewer than `limit` where they are large."""
        ...

    async def move(self, leased: LeasedTask, position: int, until: Instant) -> bool:
        """Note that all was taken up to a number, and keep the task until a moment.

        False, and nothing noted, where the task is somebody else's by now.
        """
        ...

    async def set_aside(self, leased: LeasedTask, number: int, until: Instant) -> bool:
        """Note the same, and that the last of these was not taken."""
        ...

    async def fail(self, leased: LeasedTask, now: Instant, reason: str) -> Instant | None:
        """Note a failure; gives since when there is nothing but failures. None where it is gone."""
        ...

    async def park(self, leased: LeasedTask) -> bool:
        """Give it up until somebody resumes it; False where it is not live any more."""
        ...


class ReceiverLine(Protocol):
    """A receiver's server, while the way to it is open."""

    async def post(self, webhook: KeptWebhook) -> None:
        """Forward a delivery; it was taken when this returns.

        Raises:
            EndpointRefused: it may or may not have arrived.
        """
        ...

    async def shake_hands(self, verify_token: str, challenge: str) -> None:
        """Ask in Meta's way whether it wants to be a receiver.

        Raises:
            EndpointRefused: it did not repeat the challenge.
        """
        ...


class ReceiverLines(Protocol):
    """The ways to receivers. The same checks as for `ports.events.subscriptions.Endpoints`."""

    @property
    def allows_loopback(self) -> bool:
        """Whether servers on this machine may be named, by http: for tests."""
        ...

    def reach(self, url: EndpointUrl) -> AbstractAsyncContextManager[ReceiverLine]:
        """Open the way to one."""
        ...


class HasReceivers(Protocol):
    """Whatever brings receivers along."""

    @property
    def receivers(self) -> Receivers:
        """Receivers."""
        ...


class HasReceiverLines(Protocol):
    """Whatever brings the ways to receivers along."""

    @property
    def receiver_lines(self) -> ReceiverLines:
        """The ways to receivers."""
        ...
