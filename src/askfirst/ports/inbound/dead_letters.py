"""The dead-letter queue: deliveries of Meta's of which something is for nobody who is known here.

What Meta signed was acknowledged, so it is kept until somebody registers the sender or its WABA,
and acted on then. `Directory.claim_waba` and `put_sender` enqueue the task that sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.inbound.delivery import Delivery
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import SECOND, Instant

DeliveryReader = Callable[[bytes], Delivery]
"""Reads a delivery's raw body, as the webhook's door does. Raises InvalidInput."""

UNREAD: Final = WabaId("*")
"""In place of a WABA: the delivery was kept before it was looked into."""


REPLAYED_AFTER: Final = 20 * SECOND
"""How long after a registration its task is due. Whoever registers acts on the letters until then;
the task is for what they could not finish, or died over.
"""
_ACCOUNT, _NUMBER = "account", "number"


def account_task(business_id: BusinessId, waba_id: WabaId) -> Task:
    """Name the task that acts on what waited for an account."""
    return Task(business_id, Queue.DEAD_LETTERS, TaskId(f"{_ACCOUNT}:{waba_id}"))


def number_task(business_id: BusinessId, phone_number_id: PhoneNumberId) -> Task:
    """Name the task that acts on what waited for a number."""
    return Task(business_id, Queue.DEAD_LETTERS, TaskId(f"{_NUMBER}:{phone_number_id}"))


def route_of_task(task: Task) -> Route:
    """Return what a task of `Queue.DEAD_LETTERS` is about: an account or a number."""
    kind, _, node = task.task_id.partition(":")
    return Route(WabaId(node), None) if kind == _ACCOUNT else Route(None, PhoneNumberId(node))


class Place(NamedTuple):
    """A letter's place in the queue: they are taken up in the order in which they came."""

    received_at: Instant
    letter_id: str


QUEUE_START: Final = Place(Instant(0), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that waits. `body` is whole: what was routed of it is there, too."""

    letter_id: str
    received_at: Instant
    body: bytes
    routes: frozenset[Route]

    def waits_for(self, route: Route) -> bool:
        """Return whether notices of this route have not been acted on yet."""
        return route in self.routes or any(one.waba_id == UNREAD for one in self.routes)


class Backlog(NamedTuple):
    """What waits for one account: `letters`, no more than were asked for, since when.

    `phone_number_id` is one of the numbers that they are for; None where Meta named none.
    """

    waba_id: WabaId | None
    phone_number_id: PhoneNumberId | None
    letters: int
    since: Instant


class DeadLetters(Protocol):
    """Writes are durable when they return; trouble with the database raises Unavailable."""

    async def keep(
        self, body: bytes, routes: Collection[Route], now: Instant
    ) -> tuple[DeadLetter, bool]:
        """Keep a delivery, sealed; gives it, and whether it was not there before."""
        ...

    async def find(self, letter_id: str) -> DeadLetter | None:
        """Open a letter; None where it was taken up already."""
        ...

    async def of_account(self, waba_id: WabaId, after: Place, limit: int) -> tuple[Place, ...]:
        """List letters that wait for an account, the oldest first, from after a place."""
        ...

    async def of_number(
        self, phone_number_id: PhoneNumberId, after: Place, limit: int
    ) -> tuple[Place, ...]:
        """List letters that wait for a number, the oldest first, from after a place."""
        ...

    async def next_account(self, after: str) -> WabaId | None:
        """Walk through the accounts that are waited for, in some fixed order; "" begins."""
        ...

    async def backlog(self, waba_id: WabaId | None, limit: int) -> Backlog | None:
        """Count what waits for an account, or (None) for no account at all."""
        ...

    async def settle(self, letter: DeadLetter, rest: Collection[Route]) -> None:
        """Note what a letter still waits for; it goes where that is nothing."""
        ...

    async def sweep(self, before: Instant, limit: int) -> int:
        """Forget some of the letters from before a moment; gives how many went."""
        ...


class HasDeadLetters(Protocol):
    """Whatever brings the dead-letter queue along."""

    @property
    def dead_letters(self) -> DeadLetters:
        """The dead-letter queue."""
        ...


class HasReadDelivery(Protocol):
    """Whatever brings the reader of webhooks along."""

    @property
    def read_delivery(self) -> DeliveryReader:
        """The reader of webhooks."""
        ...
