"""What a throw-away database holds before the load comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice

from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.inbound.inbound_event import (
    ContentReceived,
    InboundEvent,
    Preference,
    PreferenceChanged,
)
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.prompts.prompt_token import prompt_token
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.purpose import MARKETING, UTILITY, Category
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND, Instant
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.tenants.authenticate import create_key
from benchmarks.setup.people import LOADED, aliases_of, digits_of

BUSINESS = BusinessId("bench")
SENDER_ID = PhoneNumberId("200000000000001")
WABA_ID = WabaId("300000000000001")
TEMPLATE, LANGUAGE = "summer_offer", "en_US"

_EVENTS_PER_CONTACT = 4
_EVENTS_PER_SIGNUP = 2
_NOTICES_PER_WEBHOOK = 16
_WEBHOOKS_AT_ONCE = 64
_CONSENTS_AT_ONCE = 1_000
_PROMPT = PromptVersion(
    key="offers",
    locale="en",
    surface=Surface.SIGNUP,
    purposes=(MARKETING.name, UTILITY.name),
    text="Send me offers and news of my orders on WhatsApp. Reply STOP at any time.",
)


async def open_business(services: Services) -> str:
    """Make the business, its sender and its template; returns an API key."""
    business = Business(business_id=BUSINESS, name="Bench")
    _, secret = await create_key(services, business, "bench", frozenset(ApiScope))
    sender = Sender(
        business_id=BUSINESS,
        phone_number_id=SENDER_ID,
        waba_id=WABA_ID,
        digits="15550100001",
        name="Bench",
    )
    await services.directory.put_sender(sender, "a-token-for-nobody", services.clock.now())
    template = Template(
        business_id=BUSINESS,
        waba_id=WABA_ID,
        name=TEMPLATE,
        language=LANGUAGE,
        category=Category.MARKETING,
        state=TemplateState.IN_SERVICE,
        seen_at=services.clock.now(),
    )
    await services.directory.put_templates((template,))
    return secret


def population_of(events: int) -> int:
    """Return how many contacts a ledger of so many events has."""
    return max(LOADED, events // _EVENTS_PER_CONTACT)


async def fill_ledger(services: Services, events: int) -> None:
    """Write a ledger of the past, many webhooks at once, which the database commits together.

    Each contact wrote once; together they signed up until there are enough events.
    """
    now = services.clock.now()
    notices = _past(events, Instant(now - DAY))
    webhooks = iter(lambda: list(islice(notices, _NOTICES_PER_WEBHOOK)), [])
    while together := list(islice(webhooks, _WEBHOOKS_AT_ONCE)):
        await asyncio.gather(*(take_webhook(services, webhook, b"") for webhook in together))


def _past(events: int, at: Instant) -> Iterator[InboundEvent]:
    population = population_of(events)
    signups = -(-events // _EVENTS_PER_SIGNUP)
    each, rest = divmod(signups, population)
    for person in range(population):
        yield _wrote(person, at)
        for number in range(each + (person < rest)):
            yield _signed_up(person, number, Instant(at + (1 + number) * SECOND))


def _wrote(person: int, at: Instant) -> InboundEvent:
    return ContentReceived(
        source_id=f"past|{person}",
        phone_number_id=SENDER_ID,
        waba_id=WABA_ID,
        aliases=aliases_of(person),
        occurred_at=at,
        kind="image",
    )


def _signed_up(person: int, number: int, at: Instant) -> InboundEvent:
    return PreferenceChanged(
        source_id=f"past|{person}|{number}",
        phone_number_id=SENDER_ID,
        waba_id=WABA_ID,
        aliases=aliases_of(person),
        occurred_at=at,
        preference=Preference.SIGNUP,
    )


async def record_answers(services: Services, *, one_yes_in: int) -> None:
    """Let everybody answer a prompt: one in so many says yes, the others say no."""
    await services.prompts.keep(BUSINESS, _PROMPT, revision=0)
    waiting = (
        _answer(services, ConsentVerb.REFUSE if person % one_yes_in else ConsentVerb.GRANT, person)
        for person in range(LOADED)
    )
    while batch := list(islice(waiting, _CONSENTS_AT_ONCE)):
        await asyncio.gather(*(record_consent(services, consent) for consent in batch))


def _answer(services: Services, verb: ConsentVerb, person: int) -> Consent:
    until = Instant(services.clock.now() + HOUR)
    shown = prompt_token(_PROMPT, business=BUSINESS, token_id=services.ids.secret(), until=until)
    return Consent(
        business_id=BUSINESS,
        verb=verb,
        alias=phone_alias(digits_of(person)),
        purposes=(MARKETING, UTILITY),
        surface=Surface.SIGNUP,
        source=Source.API,
        number_proof=NumberProof.VOUCHED,
        prompt=shown,
    )
