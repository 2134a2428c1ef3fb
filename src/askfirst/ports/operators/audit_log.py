"""The audit log: only ever added to."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.operators.audit_entry import AuditEntry
from askfirst.domain.values.ids import BusinessId, ContactId


class AuditLog(Protocol):
    """A line is durable when it returns. Trouble raises Unavailable: what it tells is not done."""

    async def add(self, entry: AuditEntry) -> None:
        """Append a line."""
        ...

    async def page(
        self, business_id: BusinessId, before: str, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return a page, the newest first; `before` is the id of the last line so far."""
        ...

    async def about_person(
        self, business_id: BusinessId, contact_id: ContactId, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return the newest lines about one person, the newest first."""
        ...


class HasAuditLog(Protocol):
    """Whatever brings the audit log along."""

    @property
    def audit_log(self) -> AuditLog:
        """Who looked at whom, and who did what."""
        ...
