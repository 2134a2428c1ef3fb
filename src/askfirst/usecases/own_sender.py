"""Tell whose a node of Meta's is, and which token may be used on it."""

from __future__ import annotations

from askfirst.domain.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.usecases.services import Services


async def owner_of_sender(services: Services, sender: PhoneNumberId) -> BusinessId | None:
    """Find the business that registered a phone number id."""
    return await services.directory.owner(sender, None)


async def token_for_sender(
    services: Services, business_id: BusinessId, sender: PhoneNumberId
) -> str | None:
    """Lend the token of a sender of this business; None for others' and where none is stored."""
    return await services.directory.token(business_id, sender)


async def token_for_media(services: Services, business_id: BusinessId, node: str) -> str | None:
    """Lend a token for a node that is nobody's sender or WABA here, such as a media id.

    A media id does not tell whose it is. Meta gives it only to a token of the account it was
    uploaded to; a registered number or WABA is asked for by its own business alone.
    """
    directory = services.directory
    if await directory.owner(PhoneNumberId(node), None) or await directory.owner(
        None, WabaId(node)
    ):
        return None
    for sender in await directory.senders(business_id):
        token = await directory.token(business_id, sender.phone_number_id)
        if token is not None:
            return token
    return None
