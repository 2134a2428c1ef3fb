"""Tell a person where to find their code, or which message to send."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.chat_link import chat_link
from askfirst.domain.code import Channel
from askfirst.domain.code_words import reminder_text
from askfirst.domain.phone import PhoneNumber
from askfirst.usecases.manage_senders import find_sender
from askfirst.usecases.request_code import Requested
from askfirst.usecases.services import Services
from askfirst.usecases.show_prompt import name_of

_QUESTION = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Words in the person's language and the link that opens WhatsApp; empty for SMS.

    `text` is the message that proves the number, `page` shows it with its QR code.
    """

    reminder: str = ""
    link: str = ""
    text: str = ""
    page: str = ""


async def guide_to_code(services: Services, requested: Requested) -> Guide:
    """Say how it goes on. It is made of what was asked, never of what is known of the number."""
    code, offered = requested.code, requested.proof
    if offered is not None:
        return Guide(link=offered.link, text=offered.proof.text, page=offered.page)
    if Channel.WHATSAPP is not code.channels[0]:
        return Guide()
    sender = await find_sender(services, code.business_id, code.sender)
    wording = services.catalogue.prompt(_QUESTION).wordings.get(code.locale)
    business = await name_of(services, code.business_id)
    return Guide(
        reminder=reminder_text(wording.after, code.locale, business) if wording else "",
        link=chat_link(services.site.chat_url, PhoneNumber(sender.digits)) if sender else "",
    )
