"""Show what a contact answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.contacts.read_contact import read_contact_name
from askfirst.usecases.contacts.show_contact import contact_history, show_contact
from askfirst.usecases.context.services import Services
from askfirst.web.api.models.base import PageQuery
from askfirst.web.api.models.consent.contacts import ContactAnswer, LookupRequest
from askfirst.web.api.models.consent.events import EventPage
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.cursor import read_position
from askfirst.web.api.platform.parse import read_contact
from askfirst.web.api.platform.render import render_contact, render_events
from askfirst.web.problems import NotFound

AliasPath = Annotated[
    str,
    Path(
        description="A number such as `+447700900123`, bare digits, or a business-scoped user id.",
        examples=["+447700900123"],
    ),
]
Page = Annotated[PageQuery, Query()]


async def lookup_contact(body: LookupRequest, services: World, caller: Caller) -> ContactAnswer:
    """Give a contact's standing per purpose. Prefer this to the GET.

    Addresses end up in logs of proxies and browsers, and a phone number in one is personal data.
    """
    alias = read_contact(services, body.contact)
    return await _contact(services, caller.business_id, alias)


async def get_contact(alias: AliasPath, services: World, caller: Caller) -> ContactAnswer:
    """Give a contact's standing per purpose: the answer, since when, and what it rests on.

    `POST /v1/contacts/lookup` gives the same without a number in the address.
    """
    name = read_contact_name(services, alias, "alias")
    return await _contact(services, caller.business_id, name)


async def get_contact_events(
    alias: AliasPath, page: Page, services: World, caller: Caller
) -> EventPage:
    """Give a contact's events, oldest first, those of contacts merged into it included."""
    after = read_position(page.after)
    name = read_contact_name(services, alias, "alias")
    events = await contact_history(services, caller.business_id, name, after, page.limit + 1)
    if events is None:
        raise _unknown()
    return render_events(events, page.limit)


async def _contact(services: Services, business_id: BusinessId, alias: Alias) -> ContactAnswer:
    sheet = await show_contact(services, business_id, alias)
    if sheet is None:
        raise _unknown()
    return render_contact(sheet)


def _unknown() -> NotFound:
    return NotFound("nobody of that name has answered anything here")
