"""Show what is known of a contact's answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.stamp import Notice
from askfirst.domain.consent.standing import (
    EVERYTHING,
    EffectiveConsent,
    doubt_about,
    native_stop,
    newest_notice,
    view,
)
from askfirst.domain.sending.reachability import Obstacles
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.purpose import CONSENTED, MARKETING, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.ledger import HasLedger

_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSheet:
    """A contact's standing per purpose, by name: built-in ones, each with its answered topics.

    `notices` has the newest notice that nothing speaks against, for purposes that have one.
    """

    contact_id: ContactId
    answers: tuple[tuple[Purpose, EffectiveConsent], ...]
    notices: Mapping[Purpose, Notice]
    natively_stopped_since: Instant | None
    doubted_since: Instant | None
    pauses: Mapping[str, Instant]
    frequency: Frequency | None
    unreachable_since: Instant | None
    obstacles: Obstacles
    position: Position


async def show_contact(
    services: HasLedger, business_id: BusinessId, person: Alias | ContactId
) -> ContactSheet | None:
    """Return a contact's sheet; None where nobody with this number or id has spoken."""
    contact_id = await services.ledger.find(business_id, person)
    if contact_id is None:
        return None
    standing = await services.ledger.standing(business_id, contact_id)
    names = {purpose.value for purpose in CONSENTED} | set(standing.scopes) | set(standing.pauses)
    purposes = [Purpose(name) for name in sorted(names - {EVERYTHING})]
    stop, doubt = native_stop(standing, None), doubt_about(standing, MARKETING)
    return ContactSheet(
        contact_id=contact_id,
        answers=tuple((purpose, view(standing, purpose)) for purpose in purposes),
        notices={each: shown for each in purposes if (shown := newest_notice(standing, each))},
        natively_stopped_since=stop.at if stop else None,
        doubted_since=doubt.at if doubt else None,
        pauses={
            purpose.name: pause.until
            for purpose in purposes
            for name, pause in standing.pauses.items()
            if name == purpose.name
        },
        frequency=standing.frequency,
        unreachable_since=await services.ledger.unreachable_at(business_id, contact_id),
        obstacles=await services.ledger.obstacles(business_id, contact_id),
        position=await services.ledger.head(business_id),
    )


async def contact_history(
    services: HasLedger,
    business_id: BusinessId,
    person: Alias | ContactId,
    after: Position,
    limit: int,
) -> tuple[Event, ...] | None:
    """Return a page of the contact's events in position order; None for an unknown contact."""
    contact_id = await services.ledger.find(business_id, person)
    if contact_id is None:
        return None
    return await services.ledger.history(business_id, contact_id, after, limit)


async def all_acts(
    services: HasLedger, business_id: BusinessId, contact_id: ContactId
) -> AsyncIterator[Event]:
    """Go through all events of a contact, in position order."""
    after = Position(0)
    while page := await services.ledger.history(business_id, contact_id, after, _PAGE):
        for event in page:
            yield event
        after = page[-1].position


async def list_events(
    services: HasLedger, business_id: BusinessId, after: Position, limit: int
) -> tuple[Event, ...]:
    """Return a page of the business's ledger in position order."""
    return await services.ledger.events(business_id, after, limit)
