"""Show events with everything that came in with them: what went in comes out."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import EventId, Prefix, parse_id
from askfirst.usecases.consent.evidence.event_sheet import EventSheet
from askfirst.usecases.consent.show_event import show_event, show_history
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.web.api.contacts.erasure import PersonPath
from askfirst.web.api.contacts.erasure_models import IdentifierExport
from askfirst.web.api.contacts.history_models import (
    EventDetail,
    EventDetailPage,
    ShownAnswer,
    WitnessAnswer,
)
from askfirst.web.api.contacts.routes import Page, render_event
from askfirst.web.api.platform.cursor import cut, read_position, write_cursor
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.event_sentence import event_sentence
from askfirst.web.problems import NotFound


async def get_event(
    event_id: Annotated[
        str,
        Path(
            alias="id",
            description="The `id` of the event.",
            examples=["evt_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
        ),
    ],
    services: World,
    caller: Caller,
) -> EventDetail:
    """Return one event with the words that were shown, its evidence and the decisions on it.

    The person's numbers are in it only for keys with the scope `numbers:read`.
    """
    name = EventId(parse_id(Prefix.EVENT, event_id, "id"))
    with_names = ApiScope.NUMBERS_READ in caller.scopes
    sheet = await show_event(services, caller.business_id, name, with_names=with_names)
    if sheet is None:
        raise NotFound("there is no event with this id")
    return render_sheet(sheet, with_names=with_names)


async def get_history(
    alias: PersonPath, page: Page, services: World, caller: Caller
) -> EventDetailPage:
    """Return a person's events, the oldest first, each with everything that belongs to it.

    Events of people who were merged into this one are included. Somebody who was erased is found by
    their contact id.
    """
    person, after = read_person(services, alias, "alias"), read_position(page.after)
    with_names = ApiScope.NUMBERS_READ in caller.scopes
    try:
        sheets = await show_history(
            services, caller.business_id, person, after, page.limit + 1, with_names=with_names
        )
    except UnknownReference as error:
        raise NotFound(error.message) from error
    shown, more = cut(sheets, page.limit)
    return EventDetailPage(
        data=[render_sheet(sheet, with_names=with_names) for sheet in shown],
        next_cursor=write_cursor(str(shown[-1].event.position)) if more else None,
    )


def render_sheet(sheet: EventSheet, *, with_names: bool) -> EventDetail:
    names = [IdentifierExport(kind=one.kind.value, value=one.value) for one in sheet.names]
    return EventDetail(
        **render_event(sheet.event).model_dump(),
        summary=event_sentence(sheet.event),
        shown=_shown(sheet.words) if sheet.words else None,
        witness=WitnessAnswer(**sheet.witness) if sheet.witness else None,
        note=sheet.note,
        typed=sheet.typed,
        evidence=sheet.evidence,
        evidence_state=sheet.state,
        identifiers=names if with_names else None,
        decisions=list(sheet.decisions),
    )


def _shown(words: PromptVersion) -> ShownAnswer:
    return ShownAnswer(
        hash=words.hash,
        key=words.key,
        kind=words.kind,
        locale=words.locale,
        surface=words.surface,
        purposes=list(words.purposes),
        text=words.text,
    )


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/events/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=get_event,
        summary="Get an event",
        answer=EventDetail,
        problems={
            404: "There is no event with this id.",
            422: "The id is not one of this kind.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/contacts/{alias}/history",
        scope=ApiScope.CONTACTS_READ,
        function=get_history,
        summary="Get a person's history",
        answer=EventDetailPage,
        problems={
            404: "Nobody with this number or id is known here.",
            422: "The number or id cannot be read, or `after` or `limit` is wrong.",
        },
    ),
)
