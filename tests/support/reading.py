"""What a ledger says, read the slow and certain way: from all of its events."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Event, leaf_bytes, leaf_hash
from askfirst.domain.consent.standing import Answer, Standing, fold, view
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.purpose import Purpose
from tests.support.builders import ANA, BUSINESS

EVENTS_MAX = 100_000


async def all_events(store: Store, business: BusinessId = BUSINESS) -> tuple[Event, ...]:
    """The whole ledger of a business."""
    return await store.ledger.events(business, Position(0), EVENTS_MAX)


async def contact_of(store: Store, alias: Alias = ANA) -> ContactId:
    """The contact that must exist under this name."""
    contact = await store.ledger.find(BUSINESS, alias)
    assert contact is not None
    return contact


async def standing_of(store: Store, alias: Alias = ANA) -> Standing:
    """The stored standing of the contact of this name."""
    return await store.ledger.standing(BUSINESS, await contact_of(store, alias))


async def answer_of(store: Store, alias: Alias = ANA, purpose: str = "marketing") -> Answer:
    """What the person of this name amounts to having said."""
    return view(await standing_of(store, alias), Purpose(purpose)).answer


def folded(events: Iterable[Event], contact: ContactId) -> Standing:
    """The standing of a contact by its own events and those of the contacts it absorbed."""
    kept = tuple(events)
    own = [event for event in kept if event.contact_id == contact]
    absorbed = {event.absorbed: folded(kept, event.absorbed) for event in own if event.absorbed}
    return fold(own, absorbed)


async def assert_sound(store: Store, business: BusinessId = BUSINESS) -> None:
    """Positions without gaps, leaves that hash, and each standing the fold of its events."""
    events = await all_events(store, business)
    count = len(events)
    assert [event.position for event in events] == list(range(1, count + 1))
    assert await store.ledger.head(business) == count
    leaves = await store.ledger.leaves(business, Position(0), EVENTS_MAX)
    assert leaves == tuple((e.position, leaf_hash(leaf_bytes(e))) for e in events)
    for contact in {event.contact_id for event in events}:
        assert await store.ledger.standing(business, contact) == folded(events, contact)
