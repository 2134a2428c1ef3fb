"""Keep the senders of a business, and what Meta says about its templates."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.sending.http_connection import HasTemplateSource
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.tenants.keep_code_templates import (
    KeepCodeTemplatesNeeds,
    keep_code_templates,
)


class ManageSendersNeeds(KeepCodeTemplatesNeeds, HasDirectory, HasTemplateSource, Protocol):
    """What this use case needs from the world."""


async def list_senders(services: HasDirectory, business_id: BusinessId) -> tuple[Sender, ...]:
    """Return the business's senders."""
    return await services.directory.senders(business_id)


async def find_sender(
    services: HasDirectory, business_id: BusinessId, sender_id: PhoneNumberId
) -> Sender | None:
    """Find one sender of the business."""
    senders = await services.directory.senders(business_id)
    return next((sender for sender in senders if sender.phone_number_id == sender_id), None)


async def token_for_node(services: HasDirectory, business_id: BusinessId, node: str) -> str | None:
    """Lend Meta's token for a phone number id or WABA id of this business; None for others'."""
    for sender in await services.directory.senders(business_id):
        if node in (sender.phone_number_id, sender.waba_id):
            token = await services.directory.token(business_id, sender.phone_number_id)
            if token is not None:
                return token
    return None


async def list_templates(
    services: HasDirectory, business_id: BusinessId, after: str, limit: int
) -> tuple[Template, ...]:
    """Return a page of the registry, ordered by `name/language/waba_id`."""
    return await services.directory.templates(business_id, after, limit)


async def refresh_templates(services: ManageSendersNeeds, business_id: BusinessId) -> int:
    """Read Meta's list for each WABA of the business; returns how many templates were seen.

    Raises:
        Unavailable: Meta did not answer; what was known stays.
    """
    seen = 0
    wabas: set[str] = set()
    for sender in await services.directory.senders(business_id):
        token = await services.directory.token(business_id, sender.phone_number_id)
        if token is None or sender.waba_id in wabas:
            continue
        wabas.add(sender.waba_id)
        templates = await services.template_source.read(sender, token)
        templates += await keep_code_templates(services, sender, token, templates)
        await services.directory.put_templates(templates)
        seen += len(templates)
    return seen
