"""What asking keeps, built once for either backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.evidence.receipts import StoredReceipts
from askfirst.storage.consent.number_confirmations import StoredPersonalLinks, StoredProofs
from askfirst.storage.entry_points.entry_points import StoredEntries
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements
from askfirst.storage.prompts.prompts import StoredProfiles, StoredPrompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Questions, entries, proofs, links, receipts: ports without a hot path."""

    prompts: StoredPrompts
    profiles: StoredProfiles
    entries: StoredEntries
    proofs: StoredProofs
    personal_links: StoredPersonalLinks
    receipts: StoredReceipts
    token_keys: Mapping[int, bytes] = field(repr=False)

    async def sweep(self, business_id: BusinessId, before: Instant) -> None:
        """Forget proofs and links that ended before a moment."""
        await self.proofs.sweep(business_id, before)
        await self.personal_links.sweep(business_id, before)


def keep_asking(statements: Statements, keyring: Keyring) -> Asking:
    """Build all of it on one backend's statements."""
    return Asking(
        prompts=StoredPrompts(statements),
        profiles=StoredProfiles(statements),
        entries=StoredEntries(statements, keyring),
        proofs=StoredProofs(statements, keyring),
        personal_links=StoredPersonalLinks(statements),
        receipts=StoredReceipts(statements, keyring),
        token_keys=keyring.token_keys(),
    )
