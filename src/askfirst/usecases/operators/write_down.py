"""Write down what somebody looks at or does, before it is shown or done.

So there is never a look without its line. There may be a line of what failed in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.operators.audit_entry import AuditAct, AuditEntry, LookReason
from askfirst.domain.values.ids import BusinessId, ContactId, OperatorId
from askfirst.ports.operators.audit_log import HasAuditLog
from askfirst.ports.platform.clock import HasClock, HasIds


class WriteDownNeeds(HasAuditLog, HasClock, HasIds, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, for which business. None: a command on the server."""

    business_id: BusinessId
    operator_id: OperatorId | None


async def write_down(
    services: WriteDownNeeds,
    actor: Actor,
    act: AuditAct,
    *,
    contact_id: ContactId | None = None,
    reason: LookReason | None = None,
    about: str = "",
) -> None:
    """Append a line to the audit log; when this returns, it is durable.

    Raises:
        Unavailable: it cannot be written down, so it must not be done.
    """
    entry = AuditEntry(
        entry_id=services.ids.audit_entry(),
        business_id=actor.business_id,
        at=services.clock.now(),
        operator_id=actor.operator_id,
        act=act,
        contact_id=contact_id,
        reason=reason,
        about=about,
    )
    await services.audit_log.add(entry)


async def read_audit(
    services: HasAuditLog, business_id: BusinessId, before: str, limit: int
) -> tuple[AuditEntry, ...]:
    """Return a page of the audit log, the newest first."""
    return await services.audit_log.page(business_id, before, limit)


async def read_looks(
    services: HasAuditLog, business_id: BusinessId, contact_id: ContactId, limit: int
) -> tuple[AuditEntry, ...]:
    """Return who looked at one person and did what, the newest first."""
    return await services.audit_log.about_person(business_id, contact_id, limit)
