"""Links to one person's page: whom they open it for, and when they are over."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.standing import Answer
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.manage_links import make_link, open_link, revoke_link
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    acquaintance,
    change,
    grant,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.notices import moved, reported
from tests.support.reading import answer_of
from tests.support.services import World


@pytest.fixture
async def world(sqlite_world: World) -> World:
    """A business with one sender."""
    await sqlite_world.store.directory.put_sender(sender(), "meta-token", NOON)
    return sqlite_world


async def token_for(world: World, alias: Alias = ANA) -> str:
    """A link's token, as it stands in its address."""
    made = await make_link(world.services, BUSINESS, alias, 30)
    assert made is not None
    return made[1].rpartition("/")[2]


async def test_a_link_opens_until_it_is_over_or_revoked(world: World) -> None:
    await world.store.ledger.commit(change(grant()))
    made = await make_link(world.services, BUSINESS, ANA, 1)
    assert made is not None
    link, url = made
    token = url.rpartition("/")[2]
    assert await open_link(world.services, BUSINESS, token) == link
    assert await open_link(world.services, RIVAL, token) is None
    assert await open_link(world.services, BUSINESS, token[:-1] + "A") is None
    assert await revoke_link(world.services, BUSINESS, link.link_id)
    assert await open_link(world.services, BUSINESS, token) is None
    other = await make_link(world.services, BUSINESS, ANA, 1)
    assert other is not None
    world.clock.advance(86_400)
    assert await open_link(world.services, BUSINESS, other[1].rpartition("/")[2]) is None


def suspending(how: str) -> InboundEvent:
    """What Meta tells of a number that has another owner now."""
    if how == "moved":
        return moved(BEN, source_id="wamid.moved", occurred_at=at(10))
    return reported(137000, source_id="wamid.failed", occurred_at=at(10))


@pytest.mark.parametrize("how", ["reported", "moved"])
async def test_a_link_is_over_once_the_number_has_another_owner(world: World, how: str) -> None:
    await world.store.ledger.commit(change(grant(ANA), grant(BEN)))
    links = [await token_for(world, alias) for alias in (ANA, BEN)]
    world.clock.advance(20)
    await take_webhook(world.services, [suspending(how)], b"{}")
    assert await answer_of(world.store) is Answer.SUSPENDED
    alive = [await open_link(world.services, BUSINESS, token) is not None for token in links]
    assert alive == [False, how == "reported"]
    assert await open_link(world.services, BUSINESS, await token_for(world)) is not None


async def test_a_link_is_over_where_the_person_was_suspended_under_another_name(
    world: World,
) -> None:
    await world.store.ledger.commit(change(grant(ANA), grant(ANA_BSUID)))
    links = [await token_for(world, alias) for alias in (ANA, ANA_BSUID)]
    world.clock.advance(20)
    await take_webhook(world.services, [suspending("reported")], b"{}")
    assert await open_link(world.services, BUSINESS, links[1]) is not None
    await world.store.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    for token in links:
        assert await open_link(world.services, BUSINESS, token) is None


@pytest.mark.parametrize("days", [0, 401])
async def test_a_link_does_not_live_for_ever(world: World, days: int) -> None:
    with pytest.raises(InvalidInput):
        await make_link(world.services, BUSINESS, ANA, days)
