"""Let the number itself say a yes that was given on a page: in words of ours, which it sends.

The message is a yes of its own, so it counts whatever was said before, a stop included. Its words
are those that its sender has before them, not those of a page that the number's holder may not have
seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.codes.code_words import answer_text
from askfirst.domain.consent.number_confirmation import ProofKind
from askfirst.domain.prompts.interpolation import kinds_in_words
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.locales import closest_locale
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.prompts.prompts import NEVER_PUBLISHED, HasPrompts
from askfirst.usecases.consent.prove_number import (
    OfferedProof,
    ProofOrder,
    ProveNumberNeeds,
    offer_proof,
)
from askfirst.usecases.prompts.business_name import name_of

_KEY = "confirm"
_ELSE = "en"


class OfferAnswerNeeds(ProveNumberNeeds, HasPrompts, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOrder:
    """A yes that the number is to say: to what, in which language.

    `surface` is where it is offered.
    """

    business_id: BusinessId
    alias: Alias
    purposes: tuple[Purpose, ...]
    locale: str
    surface: Surface
    sender: PhoneNumberId | None = None


async def offer_answer(services: OfferAnswerNeeds, order: AnswerOrder) -> OfferedProof:
    """Make the text and the link.

    Raises:
        InvalidInput: the contact is no number, or no purpose is named.
        Conflict: the business has no sender in service.
    """
    if not order.purposes:
        raise InvalidInput("purposes", "must name what the answer is about")
    words = await _words(services, order)
    return await offer_proof(
        services,
        ProofOrder(
            business_id=order.business_id,
            alias=order.alias,
            purposes=order.purposes,
            words=words.text,
            locale=words.locale,
            sender=order.sender,
            kind=ProofKind.ANSWER,
            prompt=words.hash,
            surface=order.surface,
        ),
    )


async def _words(services: OfferAnswerNeeds, order: AnswerOrder) -> PromptVersion:
    """Write the yes that the message says, and keep it: the event of the message will name it."""
    known = services.catalogue.vocabularies
    locale = closest_locale(order.locale, known) or _ELSE
    business = await name_of(services, order.business_id)
    names = tuple(purpose.name for purpose in order.purposes)
    kinds = kinds_in_words(known[locale], names)
    words = PromptVersion(
        key=_KEY,
        locale=locale,
        surface=Surface.LINK,
        purposes=names,
        text=answer_text(known[locale].proof_answer, locale, business, kinds),
    )
    await services.prompts.keep(order.business_id, words, NEVER_PUBLISHED)
    return words
