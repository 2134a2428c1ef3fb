"""Ask for a code: everything is counted and written down, then the answer goes out, then the code.

The answer is made of what was asked alone. Whether the number is known, has said no, is suppressed
or is not on WhatsApp is looked at only afterwards (`deliver_code`), so that neither the answer nor
the time it takes can tell. What is kept before the answer is enough for any process to go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.codes.code import (
    ENTROPY_BYTES,
    LIFE_MAX,
    TAKE_UP_AFTER,
    Channel,
    Code,
    DeliveryJob,
    make_code,
)
from askfirst.domain.codes.code_limits import COOL_DOWN
from askfirst.domain.codes.code_template import CodeVariant
from askfirst.domain.codes.code_words import proof_text
from askfirst.domain.consent.number_confirmation import ProofKind
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.errors import InvalidInput, TooMany
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.locales import closest_locale, parse_locale
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.ports.codes.sms import HasSms
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.consent.prove_number import (
    OfferedProof,
    ProofOrder,
    ProveNumberNeeds,
    offer_proof,
    show_proof,
)
from askfirst.usecases.entry_points.manage_entries import sender_in_service
from askfirst.usecases.limits.code_rate_limits import (
    CodeRateLimitsNeeds,
    CodeRequest,
    pass_entrance,
    prepare_entrance,
)
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.show_prompt import ShowPromptNeeds, open_token, recall_words

_ENGLISH = "en"


class RequestCodeNeeds(
    ProveNumberNeeds, CodeRateLimitsNeeds, ShowPromptNeeds, HasAskingPolicy, HasSms, Protocol
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOrder:
    """A code that is wanted. `channels` empty: what `default_channels` offers.

    `token` is that of the prompt in which the person chose WhatsApp, `address` the end user's, as
    far as the product tells it. `key` is the caller's idempotency key with a digest of the order.
    """

    business_id: BusinessId
    number: PhoneNumber
    country: str
    channels: tuple[Channel, ...]
    locale: str
    purpose: str
    reference: str = ""
    address: NetworkAddress | None = None
    sender: PhoneNumberId | None = None
    token: str = ""
    key: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A request that was taken; `job` None: nothing is left to do, or it was done before."""

    code: Code
    job: DeliveryJob | None = None
    proof: OfferedProof | None = None
    is_replayed: bool = False

    @property
    def channel(self) -> Channel:
        """The channel to name: an answer that is given again says what it said at first."""
        return self.code.channels[0] if self.is_replayed else self.code.channel


async def request_code(services: RequestCodeNeeds, order: CodeOrder) -> Requested:
    """Take a request for a code; it is durable when this returns.

    Raises:
        InvalidInput: something about it is not valid.
        Conflict: the idempotency key was used for another request, or no sender is in service.
        TooMany: a limit is reached; `whatsapp_inbound` stays open.
        Unavailable: nothing can be counted or kept now, so there is no code.
    """
    code = await _draft(services, order)
    if order.key and (known := await services.codes.find_by_key(order.business_id, order.key)):
        return await _again(services, known)
    if code.is_inbound:
        return await _offer(services, code, order)
    return await _open(services, code, order)


def default_channels(
    services: RequestCodeNeeds, country: str, *, was_chosen: bool
) -> tuple[Channel, ...]:
    """Offer WhatsApp where it `was_chosen` in a question: nobody's yes is made of saying nothing.

    Else it is what policy says for the country, then SMS, and without SMS the number proves itself.
    """
    has_sms = services.sms.is_configured
    if was_chosen:
        return (Channel.WHATSAPP, Channel.SMS) if has_sms else (Channel.WHATSAPP,)
    if has_sms and country not in services.policy.inbound_first:
        return (Channel.SMS,)
    return (Channel.WHATSAPP_INBOUND,)


def new_digits(services: RequestCodeNeeds) -> str:
    """Make a code that was never there before, as far as anybody can tell."""
    return make_code(services.ids.entropy(ENTROPY_BYTES), services.code_rules.digits)


async def _draft(services: RequestCodeNeeds, order: CodeOrder) -> Code:
    """Check an order and write it down as a request, without looking at whom it is about."""
    channels = order.channels or default_channels(
        services, order.country, was_chosen=bool(order.token)
    )
    if Channel.SMS in channels and not services.sms.is_configured:
        raise InvalidInput("channel", "must not have sms: ASKFIRST_SMS_URL is not set")
    token = await _token(services, order)
    if Channel.WHATSAPP in channels and token is None:
        _check_choice(services)
    is_inbound = Channel.WHATSAPP_INBOUND in channels
    now = services.clock.now()
    return Code(
        code_id=services.ids.code(),
        business_id=order.business_id,
        number=phone_alias(order.number.digits),
        purpose=order.purpose,
        channels=channels,
        locale=await _locale(services, order),
        created_at=now,
        expires_at=Instant(now + (LIFE_MAX if is_inbound else services.code_rules.life)),
        resend_at=Instant(now + COOL_DOWN),
        sender=await _sender(services, order, channels),
        reference=order.reference,
        address=None if is_inbound else order.address,
        prompt=token.prompt if token else None,
        token=order.token if token else "",
    )


async def _open(services: RequestCodeNeeds, code: Code, order: CodeOrder) -> Requested:
    """Count, end what was alive, keep the new one."""
    now = code.created_at
    wish = CodeRequest(
        business_id=code.business_id,
        number=code.number,
        purpose=code.purpose,
        channel=code.channel,
        address=code.address,
    )
    entrance = await prepare_entrance(services, wish, now)
    digits = new_digits(services)
    is_suppressed = entrance.sheet.suppressed_until > now
    due_at = Instant(now + TAKE_UP_AFTER)
    entered = await services.codes.open(code, digits, due_at, order.key, entrance)
    kept = await pass_entrance(services, wish, entered, now)
    if kept is None:
        return await _raced(services, order)
    return Requested(
        code=kept, job=DeliveryJob(code=kept, digits=digits, is_suppressed=is_suppressed)
    )


async def _offer(services: RequestCodeNeeds, code: Code, order: CodeOrder) -> Requested:
    """Let the number prove itself. Nothing is sent, nothing can be guessed: nothing is counted."""
    vocabulary = services.catalogue.vocabulary(code.locale)
    words = vocabulary.proof_code if vocabulary else ""
    business = await name_of(services, code.business_id)
    offered = await offer_proof(
        services,
        ProofOrder(
            business_id=code.business_id,
            alias=code.number,
            purposes=(AUTHENTICATION,),
            words=proof_text(words, code.locale, business),
            locale=code.locale,
            sender=code.sender,
            kind=ProofKind.CODE,
            surface=Surface.CODE,
            reference=code.code_id,
            life=LIFE_MAX,
        ),
    )
    code = replace(code, proof_id=offered.proof.proof_id, tries_max=0)
    entered = await services.codes.open(code, "", None, order.key, None)
    if entered.code is None:
        return await _raced(services, order)
    return Requested(code=code, proof=offered)


async def _raced(services: RequestCodeNeeds, order: CodeOrder) -> Requested:
    """The same request came twice at once, or another one for this number was faster."""
    known = await services.codes.find_by_key(order.business_id, order.key) if order.key else None
    if known is None:
        message = "a code was just asked for; wait a moment"
        raise TooMany(message, policy="cool_down", retry_after_seconds=1)
    return await _again(services, known)


async def _again(services: RequestCodeNeeds, known: Code) -> Requested:
    proof = None
    if known.proof_id:
        proof = await show_proof(services, known.business_id, known.proof_id)
    return Requested(code=known, proof=proof, is_replayed=True)


async def _token(services: RequestCodeNeeds, order: CodeOrder) -> PromptToken | None:
    """Read the token of the prompt; it must be of the question about codes, and of this business.

    One that is over, or whose words are lost, proves nothing and is no mistake either: the wish
    then counts as claimed.
    """
    if not order.token:
        return None
    token = open_token(services, order.token)
    if token.business_id != order.business_id:
        raise InvalidInput("prompt.token", "is not a prompt token of this business")
    if token.surface is not Surface.CODE or AUTHENTICATION.name not in token.purposes:
        raise InvalidInput("prompt.token", "must be that of a question about codes (surface code)")
    return token if await recall_words(services, token) else None


def _check_choice(services: HasCodeRules) -> None:
    """Refuse zero-tap to who was not asked: the code fills itself in, so they have to expect it.

    Source: Meta, "Zero-tap authentication templates": WhatsApp must not be chosen silently.
    """
    if services.code_rules.variant is CodeVariant.ZERO_TAP:
        message = "must be that of a question about codes: zero_tap is for those who chose it"
        raise InvalidInput("prompt.token", message)


async def _locale(services: RequestCodeNeeds, order: CodeOrder) -> str:
    """Find the language of ours that the reader reads best; else the business's, else English.

    A question is not asked in a language that somebody may not read; but a code is nearly all
    digits, and without it they are shut out.
    """
    known = services.catalogue.vocabularies
    found = closest_locale(parse_locale(order.locale, "locale"), known)
    if found is None:
        profile = await services.profiles.profile(order.business_id)
        found = closest_locale(profile.locale, known)
    return found or _ENGLISH


async def _sender(
    services: HasDirectory, order: CodeOrder, channels: tuple[Channel, ...]
) -> PhoneNumberId:
    if channels == (Channel.SMS,):
        return PhoneNumberId("")
    sender = await sender_in_service(services, order.business_id, order.sender)
    return sender.phone_number_id
