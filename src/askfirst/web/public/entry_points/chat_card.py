"""The way into WhatsApp on a page: a link for a phone, a QR code for everybody else."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from askfirst.domain.consent.number_confirmation import ProofKind
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.prove_number import OfferedProof
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.usecases.prompts.show_prompt import catalogue_of, known_locale
from askfirst.web.pages.qr import qr_markup
from askfirst.web.pages.request_context import Visit
from askfirst.web.prompt_html import prompt_html

_KEY = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCard:
    """A link and its QR code; `question` says what the message agrees to, where it agrees."""

    link: str
    code: Markup
    question: Markup | None = None


def chat_card(visit: Visit, link: str, question: Markup | None = None) -> ChatCard:
    """Draw a card for a link."""
    title = visit.reader.words.plain("qr.alt")
    return ChatCard(link=link, code=qr_markup(link, title=title), question=question)


async def proof_card(visit: Visit, offered: OfferedProof) -> ChatCard | None:
    """Draw the card of a proof; None where its sender is gone."""
    if not offered.link:
        return None
    filled = await _question(visit, offered)
    question = visit.markup(prompt_html(filled)) if filled else None
    return chat_card(visit, offered.link, question)


async def _question(visit: Visit, offered: OfferedProof) -> FilledPrompt | None:
    """Fill in what the message agrees to; of a proof that is about no consent, nothing."""
    proof = offered.proof
    if proof.kind is ProofKind.CODE or not proof.purposes:
        return None
    filling = Filling(business=visit.business.name, purposes=proof.purposes)
    catalogue = await catalogue_of(visit.services, visit.business.business_id)
    locale = known_locale(catalogue, _KEY, visit.reader.wanted)
    try:
        return render_prompt(catalogue, PromptRequest(key=_KEY, locale=locale, filling=filling))
    except InvalidInput:  # the business's own words are about another purpose
        return None
