"""Who calls is known by a key, and a key may do only what its scopes say."""

from __future__ import annotations

import pytest

from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.values.errors import NotAuthenticated, NotPermitted
from askfirst.usecases.tenants.authenticate import KEY_PREFIX, authenticate, create_key, digest_of
from tests.support.builders import BUSINESS
from tests.support.clocks import NOON
from tests.support.services import World
from tests.support.stores import Home

ACME = Business(business_id=BUSINESS, name="Acme")


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


async def new_key(world: World, *scopes: ApiScope) -> tuple[Key, str]:
    return await create_key(world.services, ACME, "shop", frozenset(scopes))


async def test_a_key_is_known_by_its_secret(world: World) -> None:
    key, secret = await new_key(world, ApiScope.CHECK)
    assert secret.startswith(KEY_PREFIX)
    assert await authenticate(world.services, secret, ApiScope.CHECK) == key
    assert (key.business_id, key.name, key.created_at) == (BUSINESS, "shop", NOON)


async def test_a_key_without_the_scope_may_not(world: World) -> None:
    _, secret = await new_key(world, ApiScope.CHECK)
    with pytest.raises(NotPermitted) as refused:
        await authenticate(world.services, secret, ApiScope.SEND)
    assert refused.value.needed == "send"


@pytest.mark.parametrize("spoil", ["", "ask_", "nonsense", "é" * 40, "ask_x\0"])
async def test_an_unknown_secret_is_nobodys(world: World, spoil: str) -> None:
    await new_key(world, *ApiScope)
    with pytest.raises(NotAuthenticated):
        await authenticate(world.services, spoil, ApiScope.CHECK)


async def test_a_secret_with_one_character_changed_is_nobodys(world: World) -> None:
    _, secret = await new_key(world, *ApiScope)
    for place in range(len(secret)):
        changed = secret[:place] + ("A" if secret[place] != "A" else "B") + secret[place + 1 :]
        with pytest.raises(NotAuthenticated):
            await authenticate(world.services, changed, ApiScope.CHECK)


async def test_a_revoked_key_is_nobodys(world: World) -> None:
    key, secret = await new_key(world, ApiScope.CHECK)
    await authenticate(world.services, secret, ApiScope.CHECK)
    await world.store.directory.revoke_key(BUSINESS, key.key_id, NOON)
    with pytest.raises(NotAuthenticated):
        await authenticate(world.services, secret, ApiScope.CHECK)


async def test_a_secret_is_kept_only_as_a_hash(world: World, sqlite_home: Home) -> None:
    _, secret = await new_key(world, ApiScope.CHECK)
    content = await sqlite_home.raw_bytes()
    assert secret.encode() not in content
    assert secret.removeprefix(KEY_PREFIX).encode() not in content
    assert digest_of(secret) in content


async def test_a_key_makes_its_business_and_names_it(world: World) -> None:
    await new_key(world)
    assert await world.store.directory.business(BUSINESS) == ACME


async def test_a_key_without_a_business_name_keeps_the_name(world: World) -> None:
    await new_key(world)
    unnamed = Business(business_id=BUSINESS, name="")
    await create_key(world.services, unnamed, "second", frozenset())
    assert await world.store.directory.business(BUSINESS) == ACME


async def test_two_keys_have_two_secrets(world: World) -> None:
    (first, one), (second, other) = await new_key(world), await new_key(world)
    assert first.key_id != second.key_id
    assert one != other
