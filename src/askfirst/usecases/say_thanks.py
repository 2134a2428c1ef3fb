"""What comes after a yes on the web: the words once more, a receipt, and a way to prove the number.

The page's token holds a place in the ledger and the id of a proof, and nothing about the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from askfirst.domain.alias import phone_alias
from askfirst.domain.code_words import answer_text
from askfirst.domain.errors import Conflict, InvalidInput
from askfirst.domain.event import Assurance, Event, EventKind
from askfirst.domain.filling import kinds_in_words
from askfirst.domain.ids import BusinessId, Position
from askfirst.domain.instant import DAY
from askfirst.domain.prompt import PromptVersion, Surface
from askfirst.domain.proof import ProofKind
from askfirst.domain.purpose import Purpose
from askfirst.ports.prompts import NEVER_PUBLISHED
from askfirst.ports.tokens import TokenKind
from askfirst.usecases.check_send import country_of
from askfirst.usecases.prove_number import OfferedProof, ProofOrder, offer_proof, show_proof
from askfirst.usecases.read_number import read_typed_number
from askfirst.usecases.services import Services
from askfirst.usecases.show_prompt import name_of

_KEY: Final = "confirm"
LIFE: Final = DAY
"""Long enough to come back for the receipt; a link found later in a browser's history is dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """What the page shows. `proof` is None where no sender is in service."""

    event: Event
    words: PromptVersion | None
    proof: OfferedProof | None
    is_proof_needed: bool


async def say_thanks(services: Services, event: Event, phone: str, locale: str) -> str:
    """Make the page's token; a yes is offered to be said again from the number itself.

    It is offered to everybody alike: the page must not tell whether a number was known before.
    """
    proof_id = ""
    if event.kind is EventKind.GRANTED:
        proof_id = await _offer(services, event, phone, locale)
    until = services.clock.now() + LIFE
    fields = {"b": event.business_id, "n": event.position, "p": proof_id, "e": until}
    return services.tokens.sign(TokenKind.THANKS, fields)


async def _offer(services: Services, event: Event, phone: str, locale: str) -> str:
    words = await _yes(services, event, locale)
    order = ProofOrder(
        business_id=event.business_id,
        alias=phone_alias(read_typed_number(services.numbering, phone, "phone").digits),
        purposes=tuple(Purpose(name) for name in event.purposes),
        words=words.text,
        locale=locale,
        kind=ProofKind.ANSWER,
        prompt=words.hash,
    )
    try:
        return (await offer_proof(services, order)).proof.proof_id
    except Conflict:  # no sender is in service, so there is nobody to write to
        return ""


async def _yes(services: Services, event: Event, locale: str) -> PromptVersion:
    """Write the yes that the message says, and keep it: the event of the message will name it."""
    vocabulary = services.catalogue.vocabularies[locale]
    business = await name_of(services, event.business_id)
    kinds = kinds_in_words(vocabulary, event.purposes)
    words = PromptVersion(
        key=_KEY,
        locale=locale,
        surface=Surface.LINK,
        purposes=event.purposes,
        text=answer_text(vocabulary.proof_answer, locale, business, kinds),
    )
    await services.prompts.keep(event.business_id, words, NEVER_PUBLISHED)
    return words


async def open_thanks(services: Services, business_id: BusinessId, token: str) -> Thanks | None:
    """Find what a token names; None where it is over, or not one of this business's."""
    try:
        fields = services.tokens.read(TokenKind.THANKS, token)
    except InvalidInput:
        return None
    if fields["b"] != business_id or services.clock.now() >= fields["e"]:
        return None
    found = await services.ledger.events(business_id, Position(fields["n"] - 1), 1)
    if not found:
        return None
    event = found[0]
    words = await services.prompts.version(business_id, event.prompt) if event.prompt else None
    proof = await show_proof(services, business_id, fields["p"]) if fields["p"] else None
    is_needed = proof is not None and _asks_for_more(services, event, proof)
    return Thanks(event=event, words=words, proof=proof, is_proof_needed=is_needed)


def _asks_for_more(services: Services, event: Event, offered: OfferedProof) -> bool:
    """Look at the policy alone, never at what else is known of the number."""
    country = country_of(services, offered.proof.alias)
    terms = (services.policy.terms(Purpose(name).category, country) for name in event.purposes)
    return any(
        each.assurance_min > Assurance.SHOWN or each.number_proof_min > event.number_proof
        for each in terms
    )
