"""Know the caller by the key it shows; make keys, list and end them."""

from __future__ import annotations

import hashlib
from typing import Protocol

from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.values.errors import NotAuthenticated, NotPermitted
from askfirst.domain.values.ids import BusinessId, KeyId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.tenants.directory import HasDirectory

KEY_PREFIX = "ask_"


class AuthenticateNeeds(HasClock, HasDirectory, HasIds, Protocol):
    """What this use case needs from the world."""


async def authenticate(services: HasDirectory, secret: str, needed: ApiScope) -> Key:
    """Find the live key of a secret and check its scope.

    Raises:
        NotAuthenticated: there is no such live key.
        NotPermitted: the key lacks the scope.
    """
    key = await find_key(services, secret)
    if needed not in key.scopes:
        raise NotPermitted(f"the key lacks the scope {needed.value}", needed=needed.value)
    return key


async def find_key(services: HasDirectory, secret: str) -> Key:
    """Find the live key of a secret; NotAuthenticated where there is none."""
    key = await services.directory.key(digest_of(secret)) if secret else None
    if key is None:
        raise NotAuthenticated("needs an API key: Authorization: Bearer ask_…")
    return key


def digest_of(secret: str) -> bytes:
    """Hash a key's secret as it is stored. The secret has 128 bits or more: one hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


async def create_key(
    services: AuthenticateNeeds, business: Business, name: str, scopes: frozenset[ApiScope]
) -> tuple[Key, str]:
    """Make a key for a business (made too, where it is new); the secret is shown this once."""
    now = services.clock.now()
    if await services.directory.business(business.business_id) is None or business.name:
        await services.directory.put_business(business, now)
    secret = KEY_PREFIX + services.ids.secret()
    key = Key(
        key_id=services.ids.key(),
        business_id=business.business_id,
        name=name,
        scopes=scopes,
        created_at=now,
    )
    await services.directory.add_key(key, digest_of(secret))
    return key, secret


async def make_key(
    services: AuthenticateNeeds,
    business_id: BusinessId,
    business_name: str,
    name: str,
    scopes: frozenset[ApiScope],
) -> tuple[Key, str]:
    """Make a key. With no `business_name`, a known one keeps its own, and a new one gets its id."""
    known = await services.directory.business(business_id)
    business_name = business_name or (known.name if known else business_id)
    business = Business(business_id=business_id, name=business_name)
    return await create_key(services, business, name, scopes)


async def list_keys(services: HasDirectory, business_id: BusinessId) -> tuple[Key, ...]:
    """Return a business's keys, revoked ones included."""
    return await services.directory.keys(business_id)


async def revoke_key(
    services: AuthenticateNeeds, business_id: BusinessId, key_id: KeyId
) -> Instant | None:
    """End a key; return when it ended, None where there is no live one of that id."""
    now = services.clock.now()
    return now if await services.directory.revoke_key(business_id, key_id, now) else None
