"""Tell whose a sender or a file of Meta's is, and which token may be used on it.

A file's id alone does not say what it names: a file, a flow, a template, an account. Only what Meta
itself named to a business as a file may be asked for or deleted: in a webhook that it signed, or
in its answer to an upload. What a client writes into a send proves nothing.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.ports.consent.change import MediaObserved, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.directory import HasDirectory


class NodeOwnershipNeeds(HasClock, HasDirectory, HasLedger, Protocol):
    """What this use case needs from the world."""


async def owner_of_sender(services: HasDirectory, sender: PhoneNumberId) -> BusinessId | None:
    """Find the business that registered a phone number id."""
    return await services.directory.owner(sender, None)


async def owner_of_account(services: HasDirectory, account: WabaId) -> BusinessId | None:
    """Find the business that a WABA is registered for."""
    return await services.directory.owner(None, account)


async def token_for_sender(
    services: HasDirectory, business_id: BusinessId, sender: PhoneNumberId
) -> str | None:
    """Lend the token of a sender of this business; None for others' and where none is stored."""
    return await services.directory.token(business_id, sender)


async def note_upload(
    services: NodeOwnershipNeeds, business_id: BusinessId, sender: PhoneNumberId, media_id: str
) -> None:
    """Keep that Meta gave this id to a file of the sender's.

    Raises:
        Unavailable: it is not kept; the file can be sent, but not fetched or deleted through us.
    """
    now = services.clock.now()
    sighting = MediaObserved(media_id=media_id, sender=sender, at=now)
    items = (WriteEntry(acts=(sighting,)),)
    await services.ledger.commit(WriteBatch(business_id=business_id, recorded_at=now, items=items))


async def token_for_media(services: HasDirectory, business_id: BusinessId, node: str) -> str | None:
    """Lend the token for a file of this business; None for everything else."""
    directory = services.directory
    named_to = await directory.media_sender(business_id, node)
    if named_to is None:
        return None
    token = await directory.token(business_id, named_to) if named_to else None
    for sender in () if token else await directory.senders(business_id):
        token = token or await directory.token(business_id, sender.phone_number_id)
    return token
