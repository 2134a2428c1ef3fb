"""Tell a caller who it is here."""

from __future__ import annotations

from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.values.errors import NotAuthenticated
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.tenants.authenticate import digest_of


async def identify(services: HasDirectory, secret: str) -> Key:
    """Find the live key of a secret, whatever it may do.

    Raises:
        NotAuthenticated: there is no such live key.
    """
    key = await services.directory.key(digest_of(secret)) if secret else None
    if key is None:
        raise NotAuthenticated("needs an API key: Authorization: Bearer ask_…")
    return key


async def business_of(services: HasDirectory, key: Key) -> Business:
    """Return the business a key acts for; one that was never named has its id as its name."""
    business = await services.directory.business(key.business_id)
    return business or Business(business_id=key.business_id, name=key.business_id)
