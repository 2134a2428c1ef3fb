"""Take an answer from a stranger's browser: with a token of ours, from a known site, seldom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.answer_limits import answer_uses
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Source
from askfirst.domain.prompts.prompt import OPEN_SURFACES
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput, NotPermitted, TooMany
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.consent.change import Committed
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.consent.record_consent import RecordConsentNeeds, record_consent
from askfirst.usecases.contacts.read_number import read_typed_number
from askfirst.usecases.limits.retry_after import seconds_to_opening
from askfirst.usecases.prompts.show_prompt import open_token


class AnswerPromptNeeds(RecordConsentNeeds, HasLimits, HasNumbering, HasTelemetry, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """An answer as a page sends it. `origin` is the page's, "" where the browser named none.

    `country` is the one that was chosen beside the number; empty: the business's own.
    """

    business_id: BusinessId
    verb: ConsentVerb
    token: str
    phone: str
    origin: str
    address: str
    country: str = ""
    evidence: bytes = b""


async def answer_prompt(services: AnswerPromptNeeds, answer: PublicAnswer) -> Committed:
    """Record it as shown; the number is unproven until it proves itself.

    Anybody may have typed the number (`NumberProof.TYPED`). So a yes on an open page lifts no no of
    the number's, also one that we hear of later, until a message from the number says it again.

    Raises:
        NotPermitted: the page is on no site of this business.
        InvalidInput: the token is not ours, is over, or is of a question that no stranger is
            asked; or the country or the number is none.
        TooMany: too many answers; try later.
    """
    await check_origin(services, answer.business_id, answer.origin)
    if answer.verb not in (ConsentVerb.GRANT, ConsentVerb.REFUSE):
        raise InvalidInput("answer", "must be grant or refuse")
    if answer.country:
        check_country_code(answer.country, "country")
    token = open_token(services, answer.token, "token")
    if answer.verb is ConsentVerb.GRANT and token.is_expired(services.clock.now()):
        raise InvalidInput("token", "has expired: load the page again")
    if token.surface not in OPEN_SURFACES:
        raise InvalidInput("token", "must be that of a question that is asked on an open page")
    person = await person_of(services, answer)
    await spare(services, answer.business_id, answer.address, person)
    consent = Consent(
        business_id=answer.business_id,
        verb=answer.verb,
        alias=person,
        purposes=tuple(Purpose(name) for name in token.purposes),
        surface=token.surface,
        source=Source.FORM,
        prompt=token,
        evidence=answer.evidence,
    )
    return await record_consent(services, consent)


async def person_of(services: AnswerPromptNeeds, answer: PublicAnswer) -> Alias:
    """Read whose number was typed; InvalidInput where it is none."""
    country = answer.country or (await services.profiles.profile(answer.business_id)).country
    return phone_alias(read_typed_number(services.numbering, answer.phone, "phone", country).digits)


async def check_origin(services: AnswerPromptNeeds, business_id: BusinessId, origin: str) -> None:
    """Take answers from pages of ours and from the sites that the business registered."""
    profile = await services.profiles.profile(business_id)
    if origin not in (services.site.origin, *profile.origins):
        raise NotPermitted("answers are taken from the sites of this business only")


async def spare(
    services: AnswerPromptNeeds, business_id: BusinessId, address: str, person: Alias
) -> None:
    """Count where it comes from and whom it is about; a full count is a no for now.

    Raises:
        TooMany: one of the counts is full.
    """
    now, uses = services.clock.now(), answer_uses(address, person)
    limit = await services.limits.take(business_id, uses, now)
    if limit is None:
        return
    services.telemetry.answer_refused(limit)
    reached = next(use for use in uses if use.limit is limit)
    seconds = await seconds_to_opening(services, business_id, reached, now)
    message = "too many answers; try again later"
    raise TooMany(message, policy=limit, retry_after_seconds=seconds)
