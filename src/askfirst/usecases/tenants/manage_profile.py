"""Keep what a business tells people about itself."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.brand import read_logo
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.value import replace
from askfirst.domain.values.confusables import check_name
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.prompts.business_name import name_of


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
    services: ManageProfileNeeds,
    business_id: BusinessId,
    name: str,
    profile: Profile,
    logo: bytes | None = None,
) -> tuple[Business, Profile]:
    """Keep the name and the profile, and the logo: a PNG, empty to take it away, None to leave it.

    Raises:
        InvalidInput: the name is not what it looks like, or the logo is none.
    """
    picture = read_logo(logo, "logo") if logo else None
    if logo is None:
        known = await services.profiles.profile(business_id)
        profile = replace(profile, logo=known.logo)
    else:
        profile = replace(profile, logo=picture.name if picture else "")
    business = Business(business_id=business_id, name=check_name(name, "name"))
    now = services.clock.now()
    await services.directory.put_business(business, now)
    kept = picture.content if picture else logo
    await services.profiles.put_profile(business_id, profile, now, kept)
    return business, profile


async def show_logo(services: HasProfiles, business_id: BusinessId) -> bytes:
    """Return the logo, a PNG that was looked through; empty where there is none."""
    return await services.profiles.logo(business_id)


def logo_url(services: HasSite, business_id: BusinessId, profile: Profile) -> str:
    """Return the address of the logo; empty where there is none."""
    if not profile.logo:
        return ""
    return f"{services.site.public_url}/p/{business_id}/logo-{profile.logo}.png"
