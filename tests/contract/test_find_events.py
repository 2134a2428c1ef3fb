"""The wanted events of a stretch of the ledger: the database and a filter in Python agree."""

from __future__ import annotations

from itertools import product

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Event, EventFilter, EventKind
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import Position
from tests.support.builders import BUSINESS, RIVAL, change, grant, person, refuse, stop
from tests.support.clocks import at

PURPOSES = (
    ("marketing",),
    ("marketing.offers",),
    ("marketing.off_rs",),
    ("marketing.offxrs",),
    ("utility", "marketing.offers"),
    ("utility.orders",),
)
WANTED = (
    *((), ("marketing",), ("marketing.offers",), ("marketing.off_rs",), ("utility",)),
    *(("utility.orders",), ("authentication",), ("utility", "marketing.offers")),
)
KINDS: tuple[frozenset[EventKind], ...] = (
    frozenset(),
    frozenset({EventKind.GRANTED}),
    frozenset({EventKind.WITHDRAWN}),
)


def wants(wanted: EventFilter, event: Event) -> bool:
    return (
        (not wanted.kinds or event.kind in wanted.kinds)
        and wanted.surface in (None, event.surface)
        and (wanted.since is None or event.recorded_at >= wanted.since)
        and (
            not (wanted.purposes and event.purposes)
            or any(
                one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
                for one, other in product(event.purposes, wanted.purposes)
            )
        )
    )


async def fill(store: Store) -> tuple[Event, ...]:
    for number, purposes in enumerate(PURPOSES):
        moment = at(number)
        for act in (
            grant(person(number), at=moment, purposes=purposes),
            refuse(person(number), at=moment, purposes=purposes, surface=Surface.LOGIN),
            stop(person(number), at=moment, purposes=purposes),
            stop(person(number), at=moment),
        ):
            await store.ledger.commit(change(act, at=moment))
    await store.ledger.commit(change(grant(person(1)), business=RIVAL))
    return await store.ledger.events(BUSINESS, Position(0), 1_000)


async def test_the_database_lets_through_what_the_filter_does(store: Store) -> None:
    events = await fill(store)
    tried = product(KINDS, WANTED, (None, Surface.LOGIN), (None, at(3)))
    for kinds, purposes, surface, since in tried:
        wanted = EventFilter(
            kinds=kinds, purposes=frozenset(purposes), surface=surface, since=since
        )
        place = (Position(2), Position(20), 1_000)
        found = await store.ledger.find_events(BUSINESS, wanted, *place)
        expected = [event for event in events[2:20] if wants(wanted, event)]
        assert list(found) == expected, wanted


async def test_no_more_are_given_than_were_asked_for(store: Store) -> None:
    events = await fill(store)
    place = (Position(0), Position(24), 5)
    assert await store.ledger.find_events(BUSINESS, EventFilter(), *place) == events[:5]
