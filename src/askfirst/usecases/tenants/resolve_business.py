"""Find a business as a stranger meets it: by the short name in the address of a page."""

from __future__ import annotations

from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import parse_business_id
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.manage_profile import show_profile


async def meet_business(services: Services, name: str) -> tuple[Business, Profile] | None:
    """Give the business and its profile; None where there is none of that short name."""
    try:
        business_id = parse_business_id(name)
    except InvalidInput:
        return None
    if await services.directory.business(business_id) is None:
        return None
    return await show_profile(services, business_id)
