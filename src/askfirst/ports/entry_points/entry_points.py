"""Entry points, who came in through them, and who was asked in the chat."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.ids import BusinessId, ContactId, EntryId
from askfirst.domain.values.timestamp import Instant


class Entries(Protocol):
    """Writes are durable when they return."""

    async def put(self, entry: EntryPoint) -> None:
        """Keep a new entry."""
        ...

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[EntryPoint, ...]:
        """Return a page of entries in the order they were made, ended ones included."""
        ...

    async def entry(self, business_id: BusinessId, entry_id: EntryId) -> EntryPoint | None:
        """Find an entry by its id."""
        ...

    async def by_code(self, business_id: BusinessId, code: str) -> EntryPoint | None:
        """Find an entry by the code in its text."""
        ...

    async def end(self, business_id: BusinessId, entry_id: EntryId, now: Instant) -> bool:
        """End an entry; what comes in with its code is no longer attributed."""
        ...

    async def arrive(
        self, entry: EntryPoint, contact_id: ContactId, source: str, at: Instant
    ) -> bool:
        """Attribute one message of Meta's to an entry; False where it was attributed before."""
        ...

    async def ask_once(
        self, business_id: BusinessId, contact_id: ContactId, key: str, now: Instant
    ) -> bool:
        """Note that a contact is asked this question in the chat; False where they were before."""
        ...


class ManagedLinks(Protocol):
    """Meta's own short links (`message_qrdls`)."""

    async def make(self, sender: Sender, token: str, text: str) -> tuple[str, str]:
        """Make one with this prefilled text; gives code and address. Unavailable if it fails."""
        ...

    async def drop(self, sender: Sender, token: str, code: str) -> bool:
        """Delete one; False where Meta has none of that code. Unavailable if that is not known."""
        ...


class HasEntries(Protocol):
    """Whatever brings entry points along."""

    @property
    def entries(self) -> Entries:
        """Entry points."""
        ...


class HasManagedLinks(Protocol):
    """Whatever brings links that Graph keeps along."""

    @property
    def managed_links(self) -> ManagedLinks:
        """Links that Graph keeps."""
        ...
