"""Tell a person where to find their code, or which message to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.codes.code import Channel, Code
from askfirst.domain.codes.code_words import reminder_text
from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.prompts.interpolation import Filling, plain_text
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.usecases.codes.request_code import Requested
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.usecases.prompts.show_prompt import ShowPromptNeeds, catalogue_of, open_token
from askfirst.usecases.tenants.read_senders import find_sender

_QUESTION = "code"


class GuideToCodeNeeds(ShowPromptNeeds, HasCodeRules, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Words in the person's language and the link that opens WhatsApp; empty for SMS.

    `text` is the message that proves the number, `page` shows it with its QR code. `digits`: how
    long the code is; None where there is none to type in.
    """

    reminder: str = ""
    link: str = ""
    text: str = ""
    page: str = ""
    digits: int | None = None


async def guide_to_code(services: GuideToCodeNeeds, requested: Requested) -> Guide:
    """Return how it goes on: with what is asked for now, by the channel that is in use for it."""
    code, offered = requested.code, requested.proof
    if offered is not None:
        return Guide(link=offered.link, text=offered.proof.text, page=offered.page)
    digits = services.code_rules.digits
    if requested.channel is not Channel.WHATSAPP:
        return Guide(digits=digits)
    sender = await find_sender(services, code.business_id, code.sender)
    return Guide(
        reminder=await _reminder(services, code),
        link=chat_link(services.site.chat_url, PhoneNumber(sender.digits)) if sender else "",
        digits=digits,
    )


async def _reminder(services: GuideToCodeNeeds, code: Code) -> str:
    """Find the words for when the question is answered: the business's own, else the built-in."""
    business = await name_of(services, code.business_id)
    if words := await _own_words(services, code, business):
        return words
    wording = services.catalogue.prompt(_QUESTION).wordings.get(code.locale)
    return reminder_text(wording.after, code.locale, business) if wording else ""


async def _own_words(services: GuideToCodeNeeds, code: Code, business: str) -> str:
    """Fill in what the business wrote behind its question, in the language that was shown."""
    catalogue = await catalogue_of(services, code.business_id)
    key, locale = _QUESTION, code.locale
    try:
        if code.token:
            token = open_token(services, code.token)
            key, locale = token.key, token.locale
        if catalogue.prompt(key) is services.catalogue.prompts.get(key):
            return ""
        request = PromptRequest(key=key, locale=locale, filling=Filling(business=business))
        filled = render_prompt(catalogue, request)
    except InvalidInput:  # it is gone, not in this language, or asks for more than there is
        return ""
    return plain_text(filled.after, is_rtl=filled.is_right_to_left)
