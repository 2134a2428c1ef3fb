"""Find a business as a stranger meets it: by the short name in the address of a page."""

from __future__ import annotations

from askfirst.domain.access import Business
from askfirst.domain.errors import InvalidInput
from askfirst.domain.ids import parse_business_id
from askfirst.domain.profile import Profile
from askfirst.usecases.manage_profile import show_profile
from askfirst.usecases.services import Services


async def meet_business(services: Services, name: str) -> tuple[Business, Profile] | None:
    """Give the business and its profile; None where there is none of that short name."""
    try:
        business_id = parse_business_id(name)
    except InvalidInput:
        return None
    if await services.directory.business(business_id) is None:
        return None
    return await show_profile(services, business_id)
