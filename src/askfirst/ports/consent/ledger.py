"""The ledger: it can append and be read; nothing in it is ever updated or deleted."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.event import Event, EventFilter
from askfirst.domain.consent.standing import Standing
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.sending.reachability import Obstacles
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed, WriteBatch


class Ledger(Protocol):
    """The one writer, and reads of what was written."""

    async def commit(self, change: WriteBatch) -> Committed:
        """Write a change.

        When it returns, the change is durable, its events have positions in commit order
        without gaps, and (where it restricts someone) no message that was allowed before can
        still leave: a stop may be acknowledged.

        An idempotency key used before with the same digest writes nothing and returns the
        first answer; with another digest it raises Conflict. An unknown prompt hash raises
        UnknownReference, a purpose that the prompt did not ask for InvalidInput. Storage trouble
        raises Unavailable: nothing was written, or, where the connection broke during the commit,
        the outcome is unknown and must not be acknowledged.
        """
        ...

    async def find(self, business_id: BusinessId, person: Alias | ContactId) -> ContactId | None:
        """Find the contact that an alias names now, or who a contact is now, after merges."""
        ...

    async def names(self, business_id: BusinessId, contact_id: ContactId) -> tuple[Alias, ...]:
        """Return the names of a contact, opened: the number first. None after an erasure."""
        ...

    async def standing(self, business_id: BusinessId, contact_id: ContactId) -> Standing:
        """Return the fold of a contact's events."""
        ...

    async def unreachable_at(
        self, business_id: BusinessId, contact_id: ContactId
    ) -> Instant | None:
        """Return since when Meta could not deliver to the contact; what arrives clears it."""
        ...

    async def obstacles(self, business_id: BusinessId, contact_id: ContactId) -> Obstacles:
        """Return what Meta's answers have told of how messages reach the contact."""
        ...

    async def history(
        self, business_id: BusinessId, contact_id: ContactId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        """Return a contact's events in position order, with those of contacts merged into it."""
        ...

    async def events(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        """Return a business's events in position order, from after a position."""
        ...

    async def find_events(
        self,
        business_id: BusinessId,
        wanted: EventFilter,
        after: Position,
        through: Position,
        limit: int,
    ) -> tuple[Event, ...]:
        """Return the wanted events from after one position to another, in position order.

        What is looked at is bounded by the two positions, however few are wanted.
        """
        ...

    async def leaves(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[tuple[Position, bytes], ...]:
        """Return the stored leaf hashes in position order."""
        ...

    async def prompt_purposes(
        self, business_id: BusinessId, prompt: PromptHash
    ) -> frozenset[str] | None:
        """Return what a prompt version asked for; None where it was never recorded here."""
        ...

    async def head(self, business_id: BusinessId) -> Position:
        """Return the newest position; 0 for an empty ledger or an unknown business."""
        ...


class HasLedger(Protocol):
    """Whatever brings the ledger along."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        ...
