"""Find a business: by the short name that a stranger or an operator gives, or among all."""

from __future__ import annotations

from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, parse_business_id
from askfirst.ports.tenants.directory import UNROUTED, HasDirectory
from askfirst.usecases.tenants.manage_profile import ManageProfileNeeds, show_profile


async def meet_business(services: ManageProfileNeeds, name: str) -> tuple[Business, Profile] | None:
    """Return the business and its profile; None where there is none of that short name."""
    try:
        business_id = parse_business_id(name)
    except InvalidInput:
        return None
    if not await is_business(services, business_id):
        return None
    return await show_profile(services, business_id)


async def is_business(services: HasDirectory, business_id: BusinessId) -> bool:
    """Return whether there is a business of this id."""
    return await services.directory.business(business_id) is not None


async def list_businesses(services: HasDirectory) -> tuple[BusinessId, ...]:
    """Return all businesses there are."""
    return tuple(name for name in await services.directory.businesses() if name != UNROUTED)
