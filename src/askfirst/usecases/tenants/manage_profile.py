"""Keep what a business tells people about itself."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.confusables import check_name
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.prompts.show_prompt import name_of


class ManageProfileNeeds(HasClock, HasDirectory, HasProfiles, Protocol):
    """What this use case needs from the world."""


async def show_profile(
    services: ManageProfileNeeds, business_id: BusinessId
) -> tuple[Business, Profile]:
    """Return the business as its customers meet it."""
    name = await name_of(services, business_id)
    profile = await services.profiles.profile(business_id)
    return Business(business_id=business_id, name=name), profile


async def put_profile(
    services: ManageProfileNeeds, business_id: BusinessId, name: str, profile: Profile
) -> tuple[Business, Profile]:
    """Keep the name and the profile.

    Raises:
        InvalidInput: the name is not what it looks like.
    """
    business = Business(business_id=business_id, name=check_name(name, "name"))
    now = services.clock.now()
    await services.directory.put_business(business, now)
    await services.profiles.put_profile(business_id, profile, now)
    return business, profile
