"""A look at what was written, to check it: in pages, each of them one state of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.transparency.ledger_check import Acceptance, Damage, Gap
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant

EVERYBODY = ContactId("")
"""Before the first contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page held: how many things, the damage among them, and where the next one begins.

    `positions` are those of a page of events, `contacts` who they are about. `after` None: this was
    the last page.
    """

    count: int
    damages: tuple[Damage, ...] = ()
    positions: tuple[int, ...] = ()
    contacts: tuple[ContactId, ...] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What of a business counts as it is: what operators accepted."""

    acceptances: tuple[Acceptance, ...] = ()
    upto: int = 0
    """Where the newest of their words stands in the ledger."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Positions that stay empty."""
        return tuple(gap for one in self.acceptances for gap in one.gaps)

    @property
    def leaves(self) -> Mapping[int, bytes]:
        """Changed events that were accepted, with their leaf hash as they are now."""
        return dict(leaf for one in self.acceptances for leaf in one.leaves)


class Audit(Protocol):
    """Reads for checks; and the few writes with which an operator ends what they found."""

    async def database(self) -> tuple[str, bool]:
        """Return which database this is, and whether a head was kept of it before."""
        ...

    async def note_head(self) -> None:
        """Write down that a head is kept: where its file is gone later, that is noticed."""
        ...

    async def newest(self) -> Mapping[BusinessId, Position]:
        """Return the newest position of each business as it stands beside the events."""
        ...

    async def leaf_upto(
        self, business_id: BusinessId, position: Position
    ) -> tuple[Position, bytes] | None:
        """Return the newest event up to a position: where it is, and its stored leaf hash."""
        ...

    async def leaves(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> Sequence[tuple[Position, bytes]]:
        """Return stored leaf hashes in the order of positions."""
        ...

    async def events(
        self, business_id: BusinessId, after: Position, limit: int, known: Known
    ) -> Page:
        """Check a page of events: each fits its leaf hash, and has a contact."""
        ...

    async def contacts(
        self, business_id: BusinessId, after: ContactId, limit: int, known: Known
    ) -> Page:
        """Check a page of contacts: their events fit, and what stands beside is their fold."""
        ...

    async def contact(
        self, business_id: BusinessId, contact_id: ContactId, known: Known
    ) -> tuple[Damage, ...]:
        """Check one contact."""
        ...

    async def names(self, business_id: BusinessId, after: str, limit: int) -> Page:
        """Check a page of names: each leads to a contact that is alive."""
        ...

    async def is_astray(self, business_id: BusinessId, contact_id: ContactId) -> bool:
        """Return whether a name leads to this contact although it was merged or is gone."""
        ...

    async def guards(self) -> tuple[Damage, ...]:
        """Check that what keeps events from being changed is in place."""
        ...

    async def known(self, business_id: BusinessId) -> Known:
        """Return what operators accepted; only what our own keyring sealed counts."""
        ...

    async def leaf_now(self, business_id: BusinessId, position: Position) -> bytes:
        """Hash what stands at a position now; no bytes where nothing is, or it cannot be read."""
        ...

    async def strays(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[Damage, ...]:
        """Find events of a page of positions whose contact is gone."""
        ...

    async def reserve(self, business_id: BusinessId, position: Position, now: Instant) -> None:
        """Let no later event take a position up to this one."""
        ...

    async def accept(self, business_id: BusinessId, acceptance: Acceptance, now: Instant) -> Event:
        """Write an operator's word into the ledger, durably."""
        ...

    async def mend(self, business_id: BusinessId, damages: Sequence[Damage]) -> None:
        """Write anew what the events tell: standings, names of merged contacts, guards."""
        ...


class HasAudit(Protocol):
    """Whatever brings the audit's look at the ledger along."""

    @property
    def audit(self) -> Audit:
        """The audit's look at the ledger."""
        ...
