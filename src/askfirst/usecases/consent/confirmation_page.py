"""What comes after a yes on the web: the words once more, a receipt, and a way to prove the number.

The page's token holds a place in the ledger and the id of a proof, and nothing about the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.usecases.consent.answer_prompt import (
    PublicAnswer,
    person_of,
    spare,
)
from askfirst.usecases.consent.offer_answer import AnswerOrder, OfferAnswerNeeds, offer_answer
from askfirst.usecases.consent.prove_number import OfferedProof, show_proof
from askfirst.usecases.memory.shown_prompts import HasShownPrompts

LIFE: Final = DAY
"""Long enough to come back for the receipt; a link found later in a browser's history is dead."""


class KnowsNeededProof(Protocol):
    """Whatever knows if policy asks for more than a yes that was typed (`tell_effect`)."""

    def needs_proof(self, event: Event, alias: Alias, /) -> bool:
        """Return whether policy asks for more, whatever else is known of the contact."""
        ...


class ConfirmationPageNeeds(
    KnowsNeededProof,
    OfferAnswerNeeds,
    HasLedger,
    HasLimits,
    HasNumbering,
    HasProfiles,
    HasShownPrompts,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """What the page shows. `proof` is None where no sender is in service.

    `is_proof_over`: it can be gone no more, and was not; there can be another.
    """

    event: Event
    words: PromptVersion | None
    proof: OfferedProof | None
    is_proof_needed: bool
    is_proof_over: bool


async def say_thanks(
    services: ConfirmationPageNeeds, event: Event, answer: PublicAnswer, locale: str
) -> str:
    """Make the page's token; a yes is offered to be said again from the number itself.

    It is offered to everybody alike: the page must not tell whether a number was known before.
    """
    return await _sign(services, event, await person_of(services, answer), locale)


async def offer_again(services: ConfirmationPageNeeds, thanks: Thanks, address: str) -> str:
    """Make the page's token anew, where the way to prove the number is over and was not gone.

    Raises:
        InvalidInput: there is none that is over.
        TooMany: too many answers; try later.
    """
    offered = thanks.proof
    if offered is None or not thanks.is_proof_over:
        raise InvalidInput("token", "must be that of a page on which the number can be proven anew")
    alias = offered.proof.alias
    await spare(services, thanks.event.business_id, address, alias)
    return await _sign(services, thanks.event, alias, offered.proof.locale)


async def _sign(services: ConfirmationPageNeeds, event: Event, alias: Alias, locale: str) -> str:
    proof_id = ""
    if event.kind is EventKind.GRANTED:
        proof_id = await _offer(services, event, alias, locale)
    until = services.clock.now() + LIFE
    fields = {"b": event.business_id, "n": event.position, "p": proof_id, "e": until}
    return services.tokens.sign(TokenKind.THANKS, fields)


async def _offer(services: ConfirmationPageNeeds, event: Event, alias: Alias, locale: str) -> str:
    order = AnswerOrder(
        business_id=event.business_id,
        alias=alias,
        purposes=tuple(Purpose(name) for name in event.purposes),
        locale=locale,
        surface=event.surface,
    )
    try:
        return (await offer_answer(services, order)).proof.proof_id
    except Conflict:  # no sender is in service, so there is nobody to write to
        return ""


async def open_thanks(
    services: ConfirmationPageNeeds, business_id: BusinessId, token: str
) -> Thanks | None:
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
    return Thanks(
        event=event,
        words=words,
        proof=proof,
        is_proof_needed=proof is not None and services.needs_proof(event, proof.proof.alias),
        is_proof_over=proof is not None and _is_over(services, proof),
    )


def _is_over(services: HasClock, offered: OfferedProof) -> bool:
    return offered.proof.proven_at is None and not offered.proof.is_open(services.clock.now())
