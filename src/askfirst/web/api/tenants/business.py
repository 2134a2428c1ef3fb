"""Show and tell what customers are told about the business."""

from __future__ import annotations

from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.usecases.tenants.manage_profile import put_profile, show_profile
from askfirst.web.api.models.tenants.business import BusinessRequest, BusinessSheet, FlowStopSheet
from askfirst.web.api.platform.access import Caller, World


async def get_business(services: World, caller: Caller) -> BusinessSheet:
    """Give the business as its customers meet it."""
    return _sheet(*await show_profile(services, caller.business_id))


async def replace_business(body: BusinessRequest, services: World, caller: Caller) -> BusinessSheet:
    """Keep the name, and which sites may ask. It stands in every prompt and receipt from now on."""
    profile = Profile(
        origins=tuple(body.origins),
        contact=body.contact,
        privacy_url=body.privacy_url,
        country=body.country,
        locale=body.locale,
        flow_stops=tuple(
            FlowStop(
                key=stop.key,
                value=stop.value,
                purposes=tuple(stop.purposes),
                is_missing=stop.is_missing,
            )
            for stop in body.flow_stops
        ),
    )
    return _sheet(*await put_profile(services, caller.business_id, body.name, profile))


def _sheet(business: Business, profile: Profile) -> BusinessSheet:
    return BusinessSheet(
        id=business.business_id,
        name=business.name,
        origins=list(profile.origins),
        contact=profile.contact,
        privacy_url=profile.privacy_url,
        country=profile.country,
        locale=profile.locale,
        flow_stops=[
            FlowStopSheet(
                key=stop.key,
                value=stop.value,
                purposes=list(stop.purposes),
                is_missing=stop.is_missing,
            )
            for stop in profile.flow_stops
        ],
    )
