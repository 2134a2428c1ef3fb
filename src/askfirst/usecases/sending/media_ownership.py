"""Tell whose a file of Meta's is, and which token may be used on it.

An id alone does not say what it names: a file, a flow, a template, an account. Only what Meta
itself named to a business as a file may be asked for or deleted: in a webhook that it signed, or
in its answer to an upload. What a client writes into a send proves nothing.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.consent.change import MediaObserved, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.directory import HasDirectory


class MediaOwnershipNeeds(HasClock, HasDirectory, HasLedger, Protocol):
    """What this use case needs from the world."""


async def note_upload(
    services: MediaOwnershipNeeds, business_id: BusinessId, sender: PhoneNumberId, media_id: str
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
