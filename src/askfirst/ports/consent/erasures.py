"""What is kept of one person beside the ledger: to tell it to them, and to take it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.review import Review
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.consent.erase_requests import EraseRequest, EraseRequests
from askfirst.ports.sending.gate import DecisionRecord

ERASED_AGAIN_AFTER: Final = MINUTE
"""How long after an erasure its task is due: for what its caller could not finish, or died over."""


def erasure_task(business_id: BusinessId, contact_id: ContactId) -> Task:
    """Name the task that finishes the erasure of a contact."""
    return Task(business_id, Queue.ERASURES, TaskId(contact_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How much was taken away of what was kept as it came."""

    webhooks: int = 0
    messages: int = 0
    number_confirmations: int = 0
    codes: int = 0
    dead_letters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMessage:
    """A message that frequency caps count."""

    decision_id: DecisionId
    sent_at: Instant
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingMessage:
    """A marketing message that brakes watch, and what became of it."""

    decision_id: DecisionId
    sent_at: Instant
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLook:
    """An operator looked at the person, or did something about them; `reason` empty: none given.

    Which of the operators it was is not told (Court of Justice, C-579/21).
    """

    at: Instant
    act: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldData:
    """What is held of one person beside events and standing. Times are instants.

    `evidence` by the position of its event; `webhooks` have only what names the person, `messages`
    the body of each send by the id of its decision, `held` what is held for them, with its body
    while it waits.
    """

    evidence: Mapping[int, bytes]
    decisions: Sequence[DecisionRecord]
    messages: Mapping[str, bytes]
    webhooks: Sequence[tuple[Instant, Any]]
    codes: Sequence[Mapping[str, Any]]
    confirmations: Sequence[Mapping[str, Any]]
    counted: Sequence[CountedMessage]
    marketing: Sequence[MarketingMessage]
    looks: Sequence[OperatorLook]
    unreachable_at: Instant | None
    windows: Sequence[tuple[str, Instant]]
    links: Sequence[tuple[Instant, Instant, Instant | None]]
    asked: Sequence[tuple[str, Instant]]
    arrivals: Sequence[tuple[str, Instant]]
    time_zones: Sequence[str]
    held: Sequence[tuple[HeldMessage, bytes]]
    reviews: Sequence[Review]
    erase_requested_at: Instant | None


class Erasures(EraseRequests, Protocol):
    """Writes are durable when they return. `Ledger.commit` of `ContactErased` begins an erasure."""

    async def finish(self, business_id: BusinessId) -> Removed:
        """Look through what is kept as it came for the people being erased, and take it away.

        It may be done twice; what it ends with is that nobody of the business is being erased.
        """
        ...

    async def request(self, wish: EraseRequest) -> bool:
        """Keep that somebody asked for their data to be erased; False where they had before."""
        ...

    async def held(
        self, business_id: BusinessId, contact_id: ContactId, names: Sequence[Alias]
    ) -> HeldData:
        """Collect what is held of a contact and of all that were merged into it."""
        ...


class HasErasures(Protocol):
    """Whatever brings the erasures along."""

    @property
    def erasures(self) -> Erasures:
        """What is kept of one person beside the ledger."""
        ...
