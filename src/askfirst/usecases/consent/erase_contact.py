"""Erase a person: their data goes, their no stays (GDPR, Article 17).

The event is committed as a stop is: when the commit returns, no message that was allowed before can
still leave. The names go in the same transaction; bodies that were kept as they came are looked
through right after it, and by a task where this process ends before that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Event, EventKind, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import ContactErased, TaskEnqueued, WriteBatch, WriteEntry
from askfirst.ports.consent.erase_requests import EraseRequest
from askfirst.ports.consent.erasures import ERASED_AGAIN_AFTER, HasErasures, Removed, erasure_task
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.usecases.memory.known_names import HasKnownNames

NOBODY: Final = "nobody with this number or id is known here"


class EraseContactNeeds(HasClock, HasErasures, HasKnownNames, HasLedger, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseOrder:
    """Whom to erase, and why. `person`: one of their names, or their contact id."""

    business_id: BusinessId
    person: Alias | ContactId
    reason: EraseReason
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPerson:
    """The event that says so, and what was taken away with it."""

    event: Event
    removed: Removed


async def erase_contact(services: EraseContactNeeds, order: EraseOrder) -> ErasedPerson:
    """Erase a person; when this returns, nothing that tells who they are is kept.

    Raises:
        UnknownReference: nobody of that name is known; they may have been erased before.
        Conflict: the person got another name at the same moment; try again.
        Unavailable: nothing can be acknowledged now; it may be begun, and is finished then.
    """
    business_id, now = order.business_id, services.clock.now()
    contact_id, names = await find_person(services, business_id, order.person)
    erased = ContactErased(
        aliases=names,
        contact_id=contact_id,
        at=now,
        source=order.source,
        evidence=json.dumps({"reason": order.reason.value}).encode(),
    )
    task = TaskEnqueued(
        task=erasure_task(business_id, contact_id), due_at=Instant(now + ERASED_AGAIN_AFTER)
    )
    batch = WriteBatch(
        business_id=business_id,
        recorded_at=now,
        items=(WriteEntry(acts=(erased,)),),
        tasks=(task,),
    )
    committed = await services.ledger.commit(batch)
    services.known_names.forget()
    event = next(event for event in committed.events if event.kind is EventKind.ERASED)
    return ErasedPerson(event=event, removed=await services.erasures.finish(business_id))


async def finish_erasures(services: HasErasures, leased: LeasedTask) -> None:
    """Finish what an erasure left: the task of `Queue.ERASURES`."""
    await services.erasures.finish(leased.task.business_id)


async def find_person(
    services: HasLedger, business_id: BusinessId, person: Alias | ContactId
) -> tuple[ContactId, tuple[Alias, ...]]:
    """Find a person and all their names.

    Raises:
        UnknownReference: nobody of that name is known, or they were erased.
    """
    found = await services.ledger.find(business_id, person)
    names = await services.ledger.names(business_id, found) if found else ()
    if not found or not names:
        raise UnknownReference("contact", NOBODY)
    return found, names


async def request_erasure(
    services: EraseContactNeeds, business_id: BusinessId, contact_id: ContactId, surface: Surface
) -> bool:
    """Keep that a person asked for their data to be erased; an operator does it.

    False where they had asked before, or nobody is there to be erased.
    """
    if not await services.ledger.names(business_id, contact_id):
        return False
    wish = EraseRequest(
        business_id=business_id,
        contact_id=contact_id,
        requested_at=services.clock.now(),
        surface=surface,
    )
    return await services.erasures.request(wish)


async def erase_requests(
    services: HasErasures, business_id: BusinessId, after: str, limit: int
) -> tuple[EraseRequest, ...]:
    """List who asked and was not erased yet, in the order of their contact ids."""
    return await services.erasures.requests(business_id, after, limit)
