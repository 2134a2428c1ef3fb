"""Tell whose a node of Meta's is, and which token may be used on it."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.tenants.directory import HasDirectory


async def owner_of_sender(services: HasDirectory, sender: PhoneNumberId) -> BusinessId | None:
    """Find the business that registered a phone number id."""
    return await services.directory.owner(sender, None)


async def token_for_sender(
    services: HasDirectory, business_id: BusinessId, sender: PhoneNumberId
) -> str | None:
    """Lend the token of a sender of this business; None for others' and where none is stored."""
    return await services.directory.token(business_id, sender)
