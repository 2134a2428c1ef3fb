"""The senders of a business."""

from __future__ import annotations

from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.tenants.directory import HasDirectory


async def list_senders(services: HasDirectory, business_id: BusinessId) -> tuple[Sender, ...]:
    """Return the business's senders."""
    return await services.directory.senders(business_id)


async def find_sender(
    services: HasDirectory, business_id: BusinessId, sender_id: PhoneNumberId
) -> Sender | None:
    """Find one sender of the business."""
    senders = await services.directory.senders(business_id)
    return next((sender for sender in senders if sender.phone_number_id == sender_id), None)
