"""The business: what customers are told about it, its senders and templates, and who is calling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Path, Query

from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.tenants.api_key import ApiScope, Business, Key
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.tenants.sender import Sender, Template, check_token
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId, parse_node_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.contacts.read_contact import read_sender_number
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_profile import put_profile, show_profile
from askfirst.usecases.tenants.manage_senders import list_senders, list_templates
from askfirst.usecases.tenants.show_caller import business_of
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.models import PageQuery
from askfirst.web.api.platform.route import ANY_KEY, ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.api.tenants.models import (
    BusinessAnswer,
    BusinessRequest,
    BusinessSheet,
    CallerAnswer,
    FlowStopSheet,
    KeyAnswer,
    SenderAnswer,
    SenderList,
    SenderRequest,
    TemplateAnswer,
    TemplatePage,
)


async def get_senders(services: World, caller: Caller) -> SenderList:
    """Return the senders of the business: its phone numbers on WhatsApp."""
    senders = await list_senders(services, caller.business_id)
    return SenderList(data=[render_sender(sender) for sender in senders])


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
    return render_sender(sender)


async def get_templates(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> TemplatePage:
    """Return the templates by name and language, as Meta last described them."""
    after = read_cursor(page.after)
    templates = await list_templates(services, caller.business_id, after, page.limit + 1)
    return render_templates(templates, page.limit)


async def get_me(services: World, caller: Caller) -> CallerAnswer:
    """Return the business of the API key, the name of the key and its scopes."""
    return render_caller(caller, await business_of(services, caller))


async def get_business(services: World, caller: Caller) -> BusinessSheet:
    """Return the business as its customers see it."""
    return _sheet(*await show_profile(services, caller.business_id))


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


def render_sender(sender: Sender) -> SenderAnswer:
    return SenderAnswer(
        phone_number_id=sender.phone_number_id,
        waba_id=sender.waba_id,
        number="+" + sender.digits,
        name=sender.name,
        state=sender.state,
    )


def render_templates(templates: Sequence[Template], limit: int) -> TemplatePage:
    page, more = cut(templates, limit)
    end = page[-1] if more else None
    last = f"{end.name}/{end.language}/{end.waba_id}" if end else ""
    return TemplatePage(
        data=[_template(template) for template in page],
        next_cursor=write_cursor(last) if more else None,
    )


def render_caller(key: Key, business: Business) -> CallerAnswer:
    return CallerAnswer(
        business=BusinessAnswer(id=business.business_id, name=business.name),
        key=KeyAnswer(id=key.key_id, name=key.name, scopes=sorted(key.scopes)),
    )


def _template(template: Template) -> TemplateAnswer:
    return TemplateAnswer(
        waba_id=template.waba_id,
        name=template.name,
        language=template.language,
        category=template.category,
        state=template.state,
        seen_at=to_rfc3339(template.seen_at),
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
    ApiRoute(
        method="GET",
        path="/v1/templates",
        scope=ApiScope.TEMPLATES_READ,
        function=get_templates,
        summary="List templates",
        answer=TemplatePage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
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
