"""Plays one webhook into an empty store, and tells what it did there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from askfirst.domain.inbound.inbound_event import InboundEvent, NumberChanged
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.graph.inbound.webhook import read_webhook
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import BUSINESS, free_form, sender
from tests.support.clocks import NOON, CountingIds, FakeClock
from tests.support.reading import all_events, assert_sound
from tests.support.services import World, build_world
from tests.support.stores import SqliteHome

LATER = Instant(NOON + 3650 * DAY)
"""After every payload: a time stamp of the corpus is never in the future."""

Effects = dict[str, Any]


async def open_world(path: Path) -> World:
    """An empty store whose clock shows a time after the whole corpus."""
    clock = FakeClock(LATER)
    store = await SqliteHome(path).open(ids=CountingIds(), clock=clock)
    return build_world(store, clock)


async def register(world: World, notices: tuple[InboundEvent, ...]) -> None:
    """Make every sender and account that the notices name ours."""
    accounts = {notice.phone_number_id: notice.waba_id for notice in notices}
    for place, (phone_number_id, waba_id) in enumerate(accounts.items()):
        known = phone_number_id or PhoneNumberId(f"7{place:05d}")
        ours = sender(known, waba_id=waba_id or WabaId("1"), digits="15550199999")
        await world.store.directory.put_sender(ours, None, NOON)


async def play(world: World, body: bytes) -> Effects:
    """Take a webhook; tell its effects, leaving out what did not happen."""
    notices = read_webhook(body)
    await register(world, notices)
    made = (await take_webhook(world.services, notices, body)).events
    effects = await effects_of(world, notices)
    effects |= {"unrouted": True} if await _is_unrouted(world) else {}
    assert made == len(effects.get("events", ()))
    assert (await take_webhook(world.services, notices, body)).events == 0, (
        "a second delivery acts again"
    )
    await assert_sound(world.store)
    return effects


async def effects_of(world: World, notices: tuple[InboundEvent, ...]) -> Effects:
    """What is in the store now that was not there before."""
    events = [
        " ".join((event.kind.value, ",".join(event.purposes) or "everything"))
        for event in await all_events(world.store)
    ]
    templates = [
        f"{found.name}/{found.language} {found.category.value} {found.state.value}"
        for found in await world.store.directory.templates(BUSINESS, "", 99)
    ]
    told = {
        "events": events,
        "window": await _any_window(world, notices),
        "unreachable": await _any_unreachable(world, BUSINESS, notices),
        "templates": templates,
    }
    return {name: value for name, value in told.items() if value}


async def _is_unrouted(world: World) -> bool:
    """Return whether anything was kept that no business heard of."""
    letters = world.store.dead_letters
    waiting = await letters.backlog(None, 1) or await letters.next_account("")
    return waiting is not None or UNROUTED in await world.store.directory.businesses()


async def _any_window(world: World, notices: tuple[InboundEvent, ...]) -> bool:
    for notice in notices:
        for alias in _people(notice):
            if notice.phone_number_id is not None:
                asked = free_form(alias, sender=notice.phone_number_id)
                if (await world.store.gate.look(asked)).window_opened_at is not None:
                    return True
    return False


async def _any_unreachable(
    world: World, business: BusinessId, notices: tuple[InboundEvent, ...]
) -> bool:
    ledger = world.store.ledger
    for notice in notices:
        for alias in _people(notice):
            contact = await ledger.find(business, alias)
            if contact and await ledger.unreachable_at(business, contact) is not None:
                return True
    return False


def _people(notice: InboundEvent) -> tuple[Alias, ...]:
    return notice.aliases + (notice.new_aliases if isinstance(notice, NumberChanged) else ())
