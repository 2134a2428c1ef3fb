"""A zone that the business knows wins over what the number tells."""

from __future__ import annotations

import pytest

from askfirst.decision.decision import Verdict
from askfirst.decision.policy_file import parse_policy
from askfirst.decision.reason import Reason
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.consent.export_contact import export_contact
from askfirst.usecases.contacts.read_recipient import read_recipient
from askfirst.usecases.contacts.set_time_zone import set_time_zone
from askfirst.usecases.sending.check_send import check_send
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    acquaintance,
    change,
    grant,
    question,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.law import LAW
from tests.support.reading import contact_of
from tests.support.services import World, build_world

NIGHT = at(11 * 3600)
"""23:00 in London, and 15:00 in Vancouver."""


@pytest.fixture
async def world(world: World) -> World:
    """At night in London, by whose clock a British number goes; Ana wants offers."""
    night = build_world(world.store, world.clock, policy=parse_policy("", LAW))
    await night.store.directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await night.store.directory.put_sender(sender(), "EAAG-meta", NOON)
    await night.store.ledger.commit(change(grant()))
    world.clock.set(NIGHT)
    return night


async def verdict(world: World) -> tuple[Verdict, Reason]:
    found = read_recipient(world.services, f"+{ANA.value}", None)
    asked = question(ANA, country=found.country, place=found.place)
    decision = await check_send(world.services, asked)
    return decision.verdict, decision.reason


async def zones(world: World, zone: str) -> tuple[str, ...]:
    return (await set_time_zone(world.services, BUSINESS, ANA, zone))[1]


async def test_who_lives_elsewhere_gets_offers_by_the_clock_there(world: World) -> None:
    assert await verdict(world) == (Verdict.WAIT, Reason.QUIET_HOURS)
    assert await zones(world, "America/Vancouver") == ("America/Vancouver",)
    assert await verdict(world) == (Verdict.ALLOW, Reason.OPTED_IN)
    assert await zones(world, "") == ()
    assert await verdict(world) == (Verdict.WAIT, Reason.QUIET_HOURS)


async def test_it_waits_by_the_clock_there_too(world: World) -> None:
    world.clock.set(NOON)
    assert await verdict(world) == (Verdict.ALLOW, Reason.OPTED_IN)
    await zones(world, "America/Vancouver")
    assert await verdict(world) == (Verdict.WAIT, Reason.QUIET_HOURS)


@pytest.mark.parametrize(
    "zone",
    ["Europe", "London", "../../etc/passwd", "Mars/Base", "+01:00", "Europe/London,UTC", "x" * 99],
)
async def test_what_is_no_zone_is_refused(world: World, zone: str) -> None:
    with pytest.raises(InvalidInput, match="must be a time zone of the IANA database"):
        await zones(world, zone)


async def test_nobody_gets_a_zone_who_is_not_known(world: World) -> None:
    with pytest.raises(UnknownReference):
        await set_time_zone(world.services, BUSINESS, BEN, "Europe/London")


async def test_where_both_sides_of_a_merge_have_one_it_is_open_in_both(world: World) -> None:
    await world.store.ledger.commit(change(grant(ANA_BSUID)))
    await zones(world, "America/Vancouver")
    await set_time_zone(world.services, BUSINESS, ANA_BSUID, "Europe/London")
    await world.store.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    contact = await contact_of(world.store, ANA)
    found = await world.store.time_zones.of(BUSINESS, contact)
    assert found == ("America/Vancouver", "Europe/London")
    assert await verdict(world) == (Verdict.WAIT, Reason.QUIET_HOURS)


async def test_a_merge_keeps_the_zone_of_the_side_that_has_one(world: World) -> None:
    await world.store.ledger.commit(change(grant(ANA_BSUID)))
    await set_time_zone(world.services, BUSINESS, ANA_BSUID, "America/Vancouver")
    await world.store.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    assert await verdict(world) == (Verdict.ALLOW, Reason.OPTED_IN)


async def test_it_is_told_to_the_person_and_gone_with_them(world: World) -> None:
    await zones(world, "America/Vancouver")
    contact = await contact_of(world.store, ANA)
    told = await export_contact(world.services, BUSINESS, ANA)
    assert told["time_zones"] == ["America/Vancouver"]
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.API
    )
    await erase_contact(world.services, order)
    assert await world.store.time_zones.of(BUSINESS, contact) == ()
