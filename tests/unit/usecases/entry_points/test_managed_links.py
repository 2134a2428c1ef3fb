"""Links that Meta keeps for entries: they end with them."""

from __future__ import annotations

from unittest.mock import AsyncMock, patch

import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.usecases.entry_points.manage_entries import (
    end_entry,
    entry_by_code,
    find_entry,
    link_of,
)
from tests.support.asking import entry_of, open_business
from tests.support.builders import BUSINESS
from tests.support.services import World


@pytest.fixture
async def world(sqlite_world: World) -> World:
    return await open_business(sqlite_world)


async def test_metas_link_ends_with_its_entry(world: World) -> None:
    entry = await entry_of(world, is_managed=True)
    assert world.managed_links.alive == {"LINK1"}
    assert await end_entry(world.services, BUSINESS, entry.entry_id)
    assert world.managed_links.alive == set()
    assert not await end_entry(world.services, BUSINESS, entry.entry_id)
    ended = await find_entry(world.services, BUSINESS, entry.entry_id)
    assert ended is not None
    assert "wa.me/message" not in await link_of(world.services, ended)


async def test_a_link_that_meta_kept_is_deleted_when_the_entry_is_ended_again(
    world: World,
) -> None:
    entry = await entry_of(world, is_managed=True)
    world.managed_links.can_drop = False
    with pytest.raises(Unavailable):
        await end_entry(world.services, BUSINESS, entry.entry_id)
    assert await entry_by_code(world.services, BUSINESS, entry.code) is None
    world.managed_links.can_drop = True
    assert await end_entry(world.services, BUSINESS, entry.entry_id)
    assert world.managed_links.alive == set()
    assert not await end_entry(world.services, BUSINESS, entry.entry_id)


async def test_an_entry_of_a_sender_that_has_no_token_can_be_ended(world: World) -> None:
    entry = await entry_of(world, is_managed=True)
    with patch.object(world.store.directory, "token", AsyncMock(return_value=None)):
        assert await end_entry(world.services, BUSINESS, entry.entry_id)


async def test_a_link_whose_entry_could_not_be_kept_does_not_stay(world: World) -> None:
    full = AsyncMock(side_effect=Unavailable("the disk is full"))
    with patch.object(world.services.entries, "put", full), pytest.raises(Unavailable):
        await entry_of(world, is_managed=True)
    assert (len(world.managed_links.made), world.managed_links.alive) == (1, set())
