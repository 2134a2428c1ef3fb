"""The ways that need nothing but one's own number: the chat, with a word ready to send."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.tenants.read_senders import list_senders


class OptOutLinkNeeds(HasDirectory, HasSite, Protocol):
    """What this use case needs from the world."""


async def link_to_say(services: OptOutLinkNeeds, business_id: BusinessId, words: str) -> str | None:
    """Return the link that opens the chat with these words ready; None where no sender hears them.

    A sender that may not send can still be written to, unless Meta has banned it. A stop said to
    one sender ends what all of the business's send.
    """
    senders = await list_senders(services, business_id)
    hearing = [sender for sender in senders if sender.state is not SenderState.BANNED]
    if not hearing:
        return None
    chosen = min(hearing, key=lambda sender: sender.state is not SenderState.ACTIVE)
    return chat_link(services.site.chat_url, PhoneNumber(chosen.digits), words)


def page_to_stop(services: HasSite, business_id: BusinessId) -> str:
    """Return the address of the page that tells how to stop."""
    return f"{services.site.public_url}/p/{business_id}/stop"
