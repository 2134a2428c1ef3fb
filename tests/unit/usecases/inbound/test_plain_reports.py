"""Plain statuses go a short way, and what they leave is what the long way would have left."""

from __future__ import annotations

import random
from typing import Any

import pytest

from askfirst.domain.consent.event import EventKind
from askfirst.domain.inbound.delivery import Envelope, Place
from askfirst.domain.inbound.inbound_event import DeliveryReported
from askfirst.domain.value import replace
from askfirst.domain.values.alias import user_id_alias
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.usecases.inbound.plain_reports import take_plain
from askfirst.usecases.inbound.route_events import Share
from askfirst.usecases.inbound.take_webhook import act_on, take_webhook
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    CLEO,
    OTHER_SENDER,
    OTHER_WABA,
    RIVAL,
    SENDER,
    WABA,
    change,
    grant,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.notices import NOWHERE, moved, reported, typed
from tests.support.reading import all_events
from tests.support.services import World
from tests.support.stores import Home

BOTH = (ANA, ANA_BSUID)
BENS = (BEN, user_id_alias("GB.2468"))
PEOPLE = (BOTH, BOTH, BENS, (ANA,), (BEN,), (ANA_BSUID,), (BEN, ANA_BSUID), (CLEO,), ())
PLACES = (Place(WABA, SENDER, "messages"),)
RIVALS: dict[str, Any] = {"phone_number_id": OTHER_SENDER, "waba_id": OTHER_WABA}
_PEOPLE = """
SELECT unreachable_at, failed_days, reached_day, deferred_until, held_out_until FROM contact
WHERE business_id = '{}' ORDER BY 1, 2, 3, 4, 5
"""
_COUNTS = "SELECT count(*) FROM {} WHERE business_id = '{}'"


async def opened(world: World) -> None:
    await world.store.directory.put_sender(sender(), None, NOON)
    rival = sender(OTHER_SENDER, business_id=RIVAL)
    await world.store.directory.put_sender(rival, None, NOON)


async def is_plain(world: World, *told: DeliveryReported, places: Any = PLACES) -> bool:
    return await take_plain(world.services, told, b"{}", at(60), Envelope(places))


async def test_what_went_well_is_plain(sqlite_world: World) -> None:
    await opened(sqlite_world)
    for status in ("sent", "delivered", "read", "played", "word of tomorrow"):
        assert await is_plain(sqlite_world, reported(status=status))
        assert await is_plain(sqlite_world, reported(status=status, aliases=()))
        assert await is_plain(sqlite_world, reported(status=status, reference="of the client's"))


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
async def test_a_status_with_an_error_is_never_plain(sqlite_world: World, status: str) -> None:
    await opened(sqlite_world)
    assert not await is_plain(sqlite_world, reported(131050, status=status))
    await take_webhook(sqlite_world.services, [reported(131050, status=status)], b"{}")
    assert [one.kind for one in await all_events(sqlite_world.store)] == [EventKind.NATIVE_STOPPED]


async def test_what_is_not_one_business_or_no_status_is_not_plain(sqlite_world: World) -> None:
    await opened(sqlite_world)
    read = reported(status="read")
    assert not await is_plain(sqlite_world)
    assert not await is_plain(sqlite_world, reported(status="failed"))
    assert not await is_plain(sqlite_world, *[read] * 17)
    assert not await is_plain(sqlite_world, reported(status="read", **NOWHERE), places=())
    assert not await is_plain(sqlite_world, read, replace(read, **RIVALS))
    assert not await is_plain(sqlite_world, read, typed("STOP"))  # type: ignore[arg-type]
    elsewhere = Place(WABA, SENDER, "calls")
    assert not await is_plain(sqlite_world, read, places=(*PLACES, elsewhere))
    assert not await is_plain(sqlite_world, read, places=(Place(WABA, OTHER_SENDER, "messages"),))


async def test_statuses_of_two_businesses_reach_each_of_them(
    sqlite_world: World, sqlite_home: Home
) -> None:
    await opened(sqlite_world)
    read = reported(status="read", aliases=BOTH)
    await take_webhook(sqlite_world.services, [read, replace(read, **RIVALS)], b"{}")
    for business in (BUSINESS, RIVAL):
        assert await sqlite_home.raw(_COUNTS.format("alias", business)) == [(2,)]


async def test_a_lesson_that_is_out_of_date_is_not_remembered(sqlite_world: World) -> None:
    await opened(sqlite_world)
    services = sqlite_world.services
    await take_webhook(services, [moved(BEN, aliases=(ANA,), source_id="moved")], b"{}")
    old = reported(status="read", aliases=BOTH, occurred_at=Instant(NOON - HOUR))
    await take_webhook(services, [old], b"{}")
    assert not services.known_names.has(BUSINESS, BOTH, services.clock.now())


async def test_a_plain_status_wakes_who_forwards_it(
    sqlite_world: World, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(sqlite_world)
    woken: list[object] = []

    def wake(tasks: object) -> None:
        woken.append(tasks)

    monkeypatch.setattr(type(sqlite_world.store.tasks), "wake", wake)
    assert await is_plain(sqlite_world, reported(status="read"))
    assert not woken
    await sqlite_home.raw(f"UPDATE business SET receivers = 'one' WHERE business_id = '{BUSINESS}'")
    assert await is_plain(sqlite_world, reported(status="read"))
    assert len(woken) == 1


@pytest.mark.parametrize("seed", range(8))
async def test_the_short_way_leaves_what_the_long_way_would(
    world: World, home: Home, seed: int
) -> None:
    await opened(world)
    chance = random.Random(seed)
    for business in (BUSINESS, RIVAL):
        await world.store.ledger.commit(change(grant(ANA, at=at(-60)), business=business))
    for number in range(24):
        told = [_status(chance, f"w{number}.{place}") for place in range(chance.randint(1, 3))]
        if chance.random() < 0.2:
            world.services.known_names.forget()
        await take_webhook(world.services, told, b"{}", envelope=Envelope(PLACES))
        share = Share([replace(one, **RIVALS) for one in told])
        await act_on(world.services, {RIVAL: share}, b"{}", world.clock.now())
    short, long = [await _left(world, home, business) for business in (BUSINESS, RIVAL)]
    assert short == long


def _status(chance: random.Random, source_id: str) -> DeliveryReported:
    codes = (131026,) if chance.random() < 0.2 else ()
    word = "failed" if codes else chance.choice(("sent", "delivered", "read"))
    when = Instant(NOON - chance.randint(0, 60) * HOUR)
    aliases = chance.choice(PEOPLE)
    return reported(*codes, status=word, aliases=aliases, occurred_at=when, source_id=source_id)


async def _left(world: World, home: Home, business: BusinessId) -> list[Any]:
    events = [
        (one.kind, one.occurred_at, one.purposes) for one in await all_events(world.store, business)
    ]
    counts = [
        await home.raw(_COUNTS.format(table, business)) for table in ("alias", "seen", "webhook")
    ]
    return [events, [tuple(row) for row in await home.raw(_PEOPLE.format(business))], *counts]
