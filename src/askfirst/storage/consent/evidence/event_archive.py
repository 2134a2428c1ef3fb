"""The archive of events, for either backend."""

from __future__ import annotations

import hmac

from askfirst.domain.consent.event import Event, evidence_digest
from askfirst.domain.values.ids import BusinessId, EventId
from askfirst.ports.consent.event_archive import KeptEvidence
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import row_event
from askfirst.storage.platform.statements import Statements


class StoredEventArchive:
    """See ports.event_archive.EventArchive."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def find(self, business_id: BusinessId, event_id: EventId) -> Event | None:
        rows = await self._statements.fetch("event_by_id", business_id, event_id)
        return row_event(rows[0]) if rows else None

    async def evidence(self, event: Event) -> KeptEvidence | None:
        rows = await self._statements.fetch("evidence_at", event.business_id, event.position)
        if not rows:
            return None
        content = self._keyring.open(bytes(rows[0][0]), event.event_id.encode())
        digest = evidence_digest(content, bytes(rows[0][1]))
        return KeptEvidence(
            content=content, is_as_recorded=hmac.compare_digest(digest, event.evidence_digest)
        )
