"""The audit log, for either backend; the database itself refuses to change a line."""

from __future__ import annotations

from askfirst.domain.operators.audit_entry import AuditAct, AuditEntry, LookReason
from askfirst.domain.values.ids import AuditEntryId, BusinessId, ContactId, OperatorId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements


class StoredAuditLog:
    """See ports.operators.audit_log.AuditLog."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def add(self, entry: AuditEntry) -> None:
        await self._statements.write(
            "add_audit_entry",
            entry.business_id,
            entry.entry_id,
            entry.at,
            entry.operator_id or "",
            entry.act.value,
            entry.contact_id or "",
            entry.reason.value if entry.reason else "",
            entry.about,
        )

    async def page(
        self, business_id: BusinessId, before: str, limit: int
    ) -> tuple[AuditEntry, ...]:
        rows = await self._statements.fetch("audit_entries", business_id, before, limit)
        return tuple(_entry(business_id, row) for row in rows)

    async def about_person(
        self, business_id: BusinessId, contact_id: ContactId, limit: int
    ) -> tuple[AuditEntry, ...]:
        rows = await self._statements.fetch("audit_of_contact", business_id, contact_id, limit)
        return tuple(_entry(business_id, row) for row in rows)


def _entry(business_id: BusinessId, columns: Row) -> AuditEntry:
    entry_id, at, operator_id, act, contact_id, reason, about = columns
    return AuditEntry(
        entry_id=AuditEntryId(entry_id),
        business_id=business_id,
        at=Instant(at),
        operator_id=OperatorId(operator_id) if operator_id else None,
        act=AuditAct(act),
        contact_id=ContactId(contact_id) if contact_id else None,
        reason=LookReason(reason) if reason else None,
        about=about,
    )
