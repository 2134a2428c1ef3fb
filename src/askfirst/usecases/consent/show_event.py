"""Show an event with everything that came in with it: what went in must come out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId, EventId, Position
from askfirst.ports.consent.event_archive import HasEventArchive
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.usecases.consent.evidence.event_sheet import EventSheet, EvidenceState
from askfirst.usecases.sending.decisions.decision_sheet import NOBODY
from askfirst.usecases.sending.show_decision import ShowDecisionNeeds, compare

_DECISIONS_MAX: Final = 1_000


class ShowEventNeeds(HasEventArchive, HasPrompts, ShowDecisionNeeds, Protocol):
    """What this use case needs from the world."""


async def show_event(
    services: ShowEventNeeds, business_id: BusinessId, event_id: EventId, *, with_names: bool
) -> EventSheet | None:
    """Return one event with all that belongs to it; None where there is none of this id."""
    event = await services.event_archive.find(business_id, event_id)
    if event is None:
        return None
    (sheet,) = await sheets_of(
        services, business_id, (event,), event.contact_id, with_names=with_names
    )
    return sheet


async def show_history(
    services: ShowEventNeeds,
    business_id: BusinessId,
    person: Alias | ContactId,
    after: Position,
    limit: int,
    *,
    with_names: bool,
) -> tuple[EventSheet, ...]:
    """Return a page of a person's events, the oldest first, each with all that belongs to it.

    Raises:
        UnknownReference: nobody of that name or id is known.
    """
    found = await services.ledger.find(business_id, person) if isinstance(person, Alias) else person
    if not found or not await services.ledger.history(business_id, found, Position(0), 1):
        raise UnknownReference("contact", NOBODY)
    events = await services.ledger.history(business_id, found, after, limit)
    return await sheets_of(services, business_id, events, found, with_names=with_names)


async def sheets_of(
    services: ShowEventNeeds,
    business_id: BusinessId,
    events: Sequence[Event],
    contact_id: ContactId,
    *,
    with_names: bool,
) -> tuple[EventSheet, ...]:
    """Gather what belongs to each of a person's events."""
    names: tuple[Alias, ...] = ()
    if with_names:
        names = await services.ledger.names(business_id, contact_id)
    kept = await services.decision_archive.of_contact(business_id, contact_id, "", _DECISIONS_MAX)
    on: dict[Position, list[DecisionId]] = {}
    for sheet in await compare(services, business_id, kept):
        if sheet.basis is not None:
            on.setdefault(sheet.basis, []).append(sheet.record.decision_id)
    return tuple(
        [await _sheet(services, event, names, on.get(event.position, [])) for event in events]
    )


async def _sheet(
    services: ShowEventNeeds, event: Event, names: tuple[Alias, ...], on: Sequence[DecisionId]
) -> EventSheet:
    words = (
        await services.prompts.version(event.business_id, event.prompt) if event.prompt else None
    )
    evidence, state = await _evidence(services, event)
    return EventSheet(
        event=event,
        words=words,
        evidence=evidence,
        state=state,
        names=names,
        decisions=tuple(on),
    )


async def _evidence(services: HasEventArchive, event: Event) -> tuple[Any, EvidenceState]:
    kept = await services.event_archive.evidence(event)
    if kept is None:
        gone = EvidenceState.ERASED if event.evidence_digest else EvidenceState.NONE
        return None, gone
    state = EvidenceState.KEPT if kept.is_as_recorded else EvidenceState.ALTERED
    try:
        return json.loads(kept.content), state
    except ValueError:
        return kept.content.decode("utf-8", "replace"), state
