"""Know the caller by the key it shows."""

from __future__ import annotations

import hashlib

from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.values.errors import NotAuthenticated, NotPermitted
from askfirst.usecases.context.services import Services

KEY_PREFIX = "ask_"


async def authenticate(services: Services, secret: str, needed: ApiScope) -> Key:
    """Find the live key of a secret and check its scope.

    Raises:
        NotAuthenticated: there is no such live key.
        NotPermitted: the key lacks the scope.
    """
    key = await services.directory.key(digest_of(secret)) if secret else None
    if key is None:
        raise NotAuthenticated("needs an API key: Authorization: Bearer ask_…")
    if needed not in key.scopes:
        raise NotPermitted(f"the key lacks the scope {needed.value}", needed=needed.value)
    return key


def digest_of(secret: str) -> bytes:
    """Hash a key's secret as it is stored. The secret has 128 bits or more: one hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


async def create_key(
    services: Services, business: Business, name: str, scopes: frozenset[ApiScope]
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
