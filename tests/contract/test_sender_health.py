"""What is read from Meta about the numbers of a business, and kept."""

from __future__ import annotations

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.sender_health import NumberReading, Quality, SenderHealth
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.usecases.tenants.read_numbers import next_reading, read_numbers
from tests.support.builders import BUSINESS, OTHER_SENDER, SENDER, change, grant, question, sender
from tests.support.clocks import NOON, FakeClock
from tests.support.services import World, build_world

HIGH = Quality.HIGH


async def world_of(store: Store, **readings: int | None) -> World:
    world = build_world(store, FakeClock())
    await store.ledger.commit(change(grant()))
    for number, token in ((SENDER, "EAAG-1"), (OTHER_SENDER, "EAAG-2")):
        await store.directory.put_sender(sender(number), token, NOON)
    for number, limit in zip((SENDER, OTHER_SENDER), readings.values(), strict=False):
        world.accounts.readings[number] = NumberReading(HIGH, limit)
    return world


async def limit(store: Store) -> int | None:
    return (await store.gate.look(question())).traffic.people.limit


async def test_the_portfolios_limit_is_known_without_a_webhook(store: Store) -> None:
    world = await world_of(store, first=2000, second=2000)
    assert await limit(store) is None
    assert len(await read_numbers(world.services, BUSINESS)) == 2
    assert await limit(store) == 2000


async def test_of_two_limits_the_smaller_counts_and_none_is_none(store: Store) -> None:
    world = await world_of(store, first=0, second=250)
    await read_numbers(world.services, BUSINESS)
    assert await limit(store) == 250
    world.accounts.readings[OTHER_SENDER] = NumberReading(HIGH, 0)
    await read_numbers(world.services, BUSINESS)
    assert await limit(store) is None


async def test_what_meta_does_not_say_changes_nothing(store: Store) -> None:
    world = await world_of(store, first=250, second=250)
    await read_numbers(world.services, BUSINESS)
    world.accounts.readings.clear()
    await read_numbers(world.services, BUSINESS)
    world.accounts.is_answering = False
    assert await read_numbers(world.services, BUSINESS) == ()
    assert await limit(store) == 250


async def test_a_token_that_meta_refuses_holds_up_no_other(store: Store) -> None:
    world = await world_of(store, first=250, second=250)
    world.accounts.bad_tokens.add("EAAG-1")
    (read,) = await read_numbers(world.services, BUSINESS)
    assert read.phone_number_id == OTHER_SENDER
    assert await store.directory.health(BUSINESS) == (read,)


async def test_an_older_reading_replaces_no_newer_one(store: Store) -> None:
    def seen(at: int, quality: Quality) -> SenderHealth:
        return SenderHealth(
            business_id=BUSINESS,
            phone_number_id=SENDER,
            reading=NumberReading(quality, 250),
            seen_at=Instant(NOON + at),
        )

    await world_of(store)
    await store.directory.put_health(seen(5, Quality.LOW))
    await store.directory.put_health(seen(4, HIGH))
    assert await store.directory.health(BUSINESS) == (seen(5, Quality.LOW),)


def test_businesses_are_not_read_all_at_once() -> None:
    times = {next_reading(BUSINESS, Instant(NOON + moment)) - NOON - moment for moment in range(9)}
    assert len(times) > 1
    assert all(HOUR <= wait <= 1.5 * HOUR for wait in times)
