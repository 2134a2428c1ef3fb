"""The sender of a message of askfirst's own."""

from __future__ import annotations

from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.tenants.read_senders import find_sender


async def own_sender(
    services: HasDirectory, business_id: BusinessId, sender_id: PhoneNumberId
) -> tuple[Sender, str] | None:
    """Return a sender with its token of Meta's; None where either is missing."""
    sender = await find_sender(services, business_id, sender_id)
    token = await services.directory.token(business_id, sender_id)
    return None if sender is None or token is None else (sender, token)
