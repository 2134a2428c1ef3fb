"""The business: what customers are told about it, its senders and templates, and who is calling."""

from __future__ import annotations

import base64
from typing import Annotated, Final

from fastapi import Path

from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.tenants.brand import palette_of
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.tenants.sender import Sender, check_token
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId, parse_node_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.contacts.read_contact import read_sender_number
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_profile import logo_url, put_profile, show_profile
from askfirst.usecases.tenants.read_numbers import health_of
from askfirst.usecases.tenants.read_senders import list_senders
from askfirst.usecases.tenants.show_caller import business_of
from askfirst.web.api.platform.route import ANY_KEY, ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.api.tenants.models import (
    BusinessAnswer,
    BusinessRequest,
    BusinessSheet,
    CallerAnswer,
    ColourSheet,
    FlowStopSheet,
    KeyAnswer,
    SenderAnswer,
    SenderList,
    SenderRequest,
)
from askfirst.web.api.tenants.templates import TEMPLATE_ROUTES


async def get_senders(services: World, caller: Caller) -> SenderList:
    """Return the senders of the business: its phone numbers on WhatsApp."""
    senders = await list_senders(services, caller.business_id)
    health = await health_of(services, caller.business_id)
    return SenderList(
        data=[render_sender(sender, health.get(sender.phone_number_id)) for sender in senders]
    )


async def replace_sender(
    phone_number_id: Annotated[
        str, Path(description="Meta's id of the phone number.", examples=["200000000000001"])
    ],
    body: SenderRequest,
    services: World,
    caller: Caller,
) -> SenderAnswer:
    """Register a sender, or change it. Meta's access token is kept encrypted and never returned.

    A number and its WhatsApp business account belong to one business: askfirst asks Meta, with the
    token, whether the number is one of the account's. Deliveries of Meta's that came earlier are
    read before this call answers. Where that takes long the answer is 503: send the call again.
    """
    sender = read_sender(services, caller.business_id, phone_number_id, body)
    await register_sender(services, sender, read_token(body))
    health = await health_of(services, caller.business_id)
    return render_sender(sender, health.get(sender.phone_number_id))


async def get_me(services: World, caller: Caller) -> CallerAnswer:
    """Return the business of the API key, the name of the key and its scopes."""
    return render_caller(caller, await business_of(services, caller))


async def get_business(services: World, caller: Caller) -> BusinessSheet:
    """Return the business as its customers see it."""
    return _sheet(services, *await show_profile(services, caller.business_id))


async def replace_business(body: BusinessRequest, services: World, caller: Caller) -> BusinessSheet:
    """Change what customers read about the business, and which sites may show its prompts.

    From now on every prompt and receipt carries the new name.
    """
    profile = Profile(
        origins=tuple(body.origins),
        contact=body.contact,
        privacy_url=body.privacy_url,
        country=body.country,
        locale=body.locale,
        colour=body.colour,
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
    logo = None if body.logo is None else _picture(body.logo)
    return _sheet(
        services, *await put_profile(services, caller.business_id, body.name, profile, logo)
    )


def _picture(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidInput("logo", "must be a PNG in base64 (RFC 4648, section 4)") from error


def _sheet(services: Services, business: Business, profile: Profile) -> BusinessSheet:
    return BusinessSheet(
        id=business.business_id,
        name=business.name,
        origins=list(profile.origins),
        contact=profile.contact,
        privacy_url=profile.privacy_url,
        country=profile.country,
        locale=profile.locale,
        colour=_colour(profile.colour) if profile.colour else None,
        logo=logo_url(services, business.business_id, profile) or None,
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


def _colour(colour: str) -> ColourSheet:
    palette = palette_of(colour)
    return ColourSheet(
        fill=palette.fill,
        on_fill=palette.on_fill,
        words_on_light=palette.light.words,
        words_on_dark=palette.dark.words,
    )


def read_sender(
    services: Services, business_id: BusinessId, phone_number_id: str, body: SenderRequest
) -> Sender:
    """Read a sender. Its number may be in no plan, as Meta's test numbers were."""
    return Sender(
        business_id=business_id,
        phone_number_id=PhoneNumberId(parse_node_id(phone_number_id, "phone_number_id")),
        waba_id=WabaId(parse_node_id(body.waba_id, "waba_id")),
        digits=read_sender_number(services, body.number, "number").digits,
        name=body.name,
        state=body.state,
    )


def read_token(body: SenderRequest) -> str | None:
    """Read Meta's token; it will stand in a header, so it must be able to."""
    if body.token is None:
        return None
    return check_token(body.token.get_secret_value())


def render_sender(sender: Sender, health: SenderHealth | None) -> SenderAnswer:
    return SenderAnswer(
        phone_number_id=sender.phone_number_id,
        waba_id=sender.waba_id,
        number="+" + sender.digits,
        name=sender.name,
        state=sender.state,
        quality=health.reading.quality if health else None,
        messaging_limit=health.reading.messaging_limit if health else None,
        health_seen_at=to_rfc3339(health.seen_at) if health else None,
    )


def render_caller(key: Key, business: Business) -> CallerAnswer:
    return CallerAnswer(
        business=BusinessAnswer(id=business.business_id, name=business.name),
        key=KeyAnswer(id=key.key_id, name=key.name, scopes=sorted(key.scopes)),
    )


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/senders",
        scope=ApiScope.SENDERS_READ,
        function=get_senders,
        summary="List senders",
        answer=SenderList,
    ),
    ApiRoute(
        method="PUT",
        path="/v1/senders/{phone_number_id}",
        scope=ApiScope.SENDERS_WRITE,
        function=replace_sender,
        summary="Register or change a sender",
        request=SenderRequest,
        answer=SenderAnswer,
        problems={
            409: "Another business has this number or its WhatsApp business account.",
            503: "Meta or the database does not answer, or earlier deliveries for the number are "
            "still being read. Send the call again.",
        },
    ),
    *TEMPLATE_ROUTES,
    ApiRoute(
        method="GET",
        path="/v1/me",
        scope=ANY_KEY,
        function=get_me,
        summary="Get the current API key",
        answer=CallerAnswer,
    ),
    ApiRoute(
        method="GET",
        path="/v1/business",
        scope=ANY_KEY,
        function=get_business,
        summary="Get the business",
        answer=BusinessSheet,
    ),
    ApiRoute(
        method="PUT",
        path="/v1/business",
        scope=ApiScope.BUSINESS_WRITE,
        function=replace_business,
        summary="Change the business",
        request=BusinessRequest,
        answer=BusinessSheet,
    ),
)
