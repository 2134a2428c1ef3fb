"""What a person agreed to, and changing it: the preference page."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.choice import Choice, PauseUntil
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Event, NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.receipt import STATES
from askfirst.domain.consent.stamp import Notice
from askfirst.domain.consent.standing import (
    EVERYTHING,
    Answer,
    EffectiveConsent,
    Standing,
    doubt_about,
    native_stop,
    newest_notice,
    paused_until,
    view,
)
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.purpose import CONSENTED, ONE_ORDER, Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.consent.change import Committed
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.usecases.consent.record_choice import (
    ChoiceOrder,
    RecordChoiceNeeds,
    record_choice,
)
from askfirst.usecases.consent.record_consent import RecordConsentNeeds, record_consent
from askfirst.usecases.contacts.show_contact import all_acts

_HISTORY_MAX = 200


class PreferenceNeeds(RecordConsentNeeds, HasAskingPolicy, Protocol):
    """What showing the page needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One act of the person, and the words they were shown."""

    event: Event
    words: PromptVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Everything that one person may see. `ending` are the last digits of their number, if known.

    `answers` are per purpose, the built-in ones and every topic they answered about; `notices` the
    newest for each that nothing speaks against. `doubts` says for which of them they wrote what may
    be a stop, and when.
    """

    contact_id: ContactId
    answers: tuple[tuple[Purpose, EffectiveConsent], ...]
    notices: Mapping[Purpose, Notice]
    is_natively_stopped: bool
    doubts: Mapping[str, Instant]
    pauses: Mapping[str, Instant]
    frequency: Frequency | None
    frequencies: tuple[Frequency, ...]
    said: tuple[Said, ...]
    ending: str


async def show_preferences(services: PreferenceNeeds, link: PersonalLink) -> Preferences:
    """Gather what the page shows, the newest act first."""
    business_id, contact_id = link.business_id, link.contact_id
    standing = await services.ledger.standing(business_id, contact_id)
    names = {purpose.value for purpose in CONSENTED} | set(standing.scopes) | set(standing.pauses)
    names |= {topic for topic in services.policy.topics if _is_open(standing, topic)}
    purposes = [Purpose(name) for name in sorted(names - {EVERYTHING})]
    history = await _newest(services, link)
    said = [
        Said(event=event, words=await _words(services, business_id, event))
        for event in reversed(history)
        if event.kind in STATES
    ]
    number = next((name for name in await _names(services, link) if name.is_number), None)
    return Preferences(
        contact_id=contact_id,
        answers=tuple((purpose, view(standing, purpose)) for purpose in purposes),
        notices={each: shown for each in purposes if (shown := newest_notice(standing, each))},
        is_natively_stopped=native_stop(standing, None) is not None,
        doubts={
            purpose.name: doubt.at
            for purpose in purposes
            if (doubt := doubt_about(standing, purpose))
        },
        pauses={
            purpose.name: until
            for purpose in purposes
            if (until := paused_until(standing, purpose, services.clock.now()))
        },
        frequency=standing.frequency,
        frequencies=services.policy.frequencies,
        said=tuple(said),
        ending=number.value[-2:] if number else "",
    )


def _is_open(standing: Standing, topic: str) -> bool:
    """Whether the person may turn this topic off by itself: they said yes to all of its kind."""
    purpose = Purpose(topic)
    return purpose != ONE_ORDER and view(standing, purpose).answer is Answer.GRANTED


async def pause_preference(
    services: RecordChoiceNeeds, link: PersonalLink, purpose: Purpose, days: int
) -> Committed:
    """Pause one purpose for so many days: one step, in force when it returns."""
    until = Instant(services.clock.now() + days * DAY)
    return await _choose(services, link, (purpose,), PauseUntil(until))


async def choose_frequency(
    services: RecordChoiceNeeds, link: PersonalLink, chosen: Frequency | None
) -> Committed:
    """Let offers come so often at most; None: as often as the business writes.

    Raises:
        InvalidInput: it is none of what the business offers.
    """
    return await _choose(services, link, (), chosen)


async def _choose(
    services: RecordChoiceNeeds,
    link: PersonalLink,
    purposes: tuple[Purpose, ...],
    choice: Choice | None,
) -> Committed:
    order = ChoiceOrder(
        business_id=link.business_id,
        alias=await _name(services, link),
        choice=choice,
        purposes=purposes,
        surface=Surface.PREFERENCES,
        source=Source.FORM,
    )
    return await record_choice(services, order)


async def withdraw_preference(
    services: RecordConsentNeeds, link: PersonalLink, purpose: Purpose | None
) -> Committed:
    """End one purpose, or (None) everything: one step, in force when it returns."""
    purposes = (purpose,) if purpose else ()
    return await _record(services, link, ConsentVerb.WITHDRAW, purposes, None)


async def grant_preference(
    services: RecordConsentNeeds,
    link: PersonalLink,
    purposes: tuple[Purpose, ...],
    token: PromptToken,
) -> Committed:
    """Say yes to what the page's question asked for; the token proves that it was shown.

    Raises:
        InvalidInput: its words were changed meanwhile.
    """
    return await _record(services, link, ConsentVerb.GRANT, purposes, token)


async def _record(
    services: RecordConsentNeeds,
    link: PersonalLink,
    verb: ConsentVerb,
    purposes: tuple[Purpose, ...],
    token: PromptToken | None,
) -> Committed:
    consent = Consent(
        business_id=link.business_id,
        verb=verb,
        alias=await _name(services, link),
        purposes=purposes,
        surface=Surface.PREFERENCES,
        source=Source.API,
        number_proof=NumberProof.VOUCHED,
        prompt=token,
    )
    return await record_consent(services, consent)


async def _name(services: HasLedger, link: PersonalLink) -> Alias:
    names = await _names(services, link)
    if not names:
        raise UnknownReference("link", "belongs to nobody any more")
    return names[0]


async def _names(services: HasLedger, link: PersonalLink) -> tuple[Alias, ...]:
    return await services.ledger.names(link.business_id, link.contact_id)


async def _newest(services: HasLedger, link: PersonalLink) -> Sequence[Event]:
    """Read all acts of the person, and keep the newest."""
    found: deque[Event] = deque(maxlen=_HISTORY_MAX)
    async for event in all_acts(services, link.business_id, link.contact_id):
        found.append(event)
    return found


async def _words(
    services: HasPrompts, business_id: BusinessId, event: Event
) -> PromptVersion | None:
    return await services.prompts.version(business_id, event.prompt) if event.prompt else None
