"""What is remembered of names, and for how long."""

from __future__ import annotations

from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.memory import known_names
from askfirst.usecases.memory.known_names import REMEMBERED_FOR, KnownNames
from tests.support.builders import ANA, ANA_BSUID, BEN, BUSINESS, RIVAL, person, sender
from tests.support.clocks import NOON
from tests.support.notices import moved, reported
from tests.support.services import World

PAIR = (ANA, ANA_BSUID)


def test_names_are_remembered_for_one_business_and_ten_minutes() -> None:
    known = KnownNames()
    assert not known.has(BUSINESS, PAIR, NOON)
    known.remember(BUSINESS, PAIR, NOON)
    assert known.has(BUSINESS, PAIR, Instant(NOON + REMEMBERED_FOR - 1))
    assert not known.has(BUSINESS, PAIR, Instant(NOON + REMEMBERED_FOR))
    assert not known.has(RIVAL, PAIR, NOON)
    assert not known.has(BUSINESS, (BEN, ANA_BSUID), NOON)


def test_the_memory_is_bounded() -> None:
    known = KnownNames()
    for number in range(known_names._PEOPLE_MAX):
        known.remember(BUSINESS, (person(number),), NOON)
    assert known.has(BUSINESS, (person(0),), NOON)
    known.remember(BUSINESS, PAIR, NOON)
    assert not known.has(BUSINESS, (person(0),), NOON)
    assert known.has(BUSINESS, PAIR, NOON)


async def test_names_are_remembered_once_they_are_written_until_a_number_changes_hands(
    sqlite_world: World,
) -> None:
    await sqlite_world.store.directory.put_sender(sender(), None, NOON)
    services = sqlite_world.services

    def is_known() -> bool:
        return services.known_names.has(BUSINESS, PAIR, services.clock.now())

    await take_webhook(services, [reported(status="sent", aliases=PAIR)], b"{}")
    assert is_known()
    await take_webhook(services, [moved(BEN, aliases=(ANA,), source_id="w2")], b"{}")
    assert not is_known()
