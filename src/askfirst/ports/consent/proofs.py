"""Pending proofs of numbers, and links that belong to one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.number_confirmation import Proof
from askfirst.domain.values.ids import BusinessId, ContactId, LinkId, ProofId
from askfirst.domain.values.timestamp import Instant


class Proofs(Protocol):
    """Writes are durable when they return. That a proof counts once is the ledger's business."""

    async def put(self, proof: Proof) -> None:
        """Keep a new proof."""
        ...

    async def proof(self, business_id: BusinessId, proof_id: ProofId) -> Proof | None:
        """Find a proof by its id."""
        ...

    async def by_code(self, business_id: BusinessId, code: str) -> Proof | None:
        """Find a proof by the code in its text."""
        ...

    async def prove(self, proof: Proof, now: Instant) -> bool:
        """Note that the number has proven itself; False where it had before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalLink:
    """A link to one person's preference page."""

    link_id: LinkId
    business_id: BusinessId
    contact_id: ContactId
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None = None

    def is_alive(self, now: Instant) -> bool:
        """Whether it still opens the page."""
        return self.revoked_at is None and now < self.expires_at


class PersonalLinks(Protocol):
    """Writes are durable when they return."""

    async def put(self, link: PersonalLink) -> None:
        """Keep a new link; nothing where there is one of its id."""
        ...

    async def link(self, business_id: BusinessId, link_id: LinkId) -> PersonalLink | None:
        """Find a link. Its contact is who they are now, after any merge."""
        ...

    async def revoke(self, business_id: BusinessId, link_id: LinkId, now: Instant) -> bool:
        """End a link; False where there is none alive."""
        ...


class HasProofs(Protocol):
    """Whatever brings confirmations of numbers along."""

    @property
    def proofs(self) -> Proofs:
        """Confirmations of numbers."""
        ...


class HasPersonalLinks(Protocol):
    """Whatever brings personal links along."""

    @property
    def personal_links(self) -> PersonalLinks:
        """Personal links."""
        ...
