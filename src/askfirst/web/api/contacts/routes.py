"""Show what contacts answered, and read the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Path, Query

from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Assurance, Event, EventFilter, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.stamp import Grant
from askfirst.domain.consent.standing import (
    EffectiveConsent,
)
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant, parse_rfc3339, to_rfc3339
from askfirst.usecases.contacts.countries import country_of
from askfirst.usecases.contacts.name_contact import name_contact
from askfirst.usecases.contacts.read_contact import read_contact as read_given_name
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.usecases.contacts.set_time_zone import set_time_zone
from askfirst.usecases.contacts.show_contact import (
    ContactSheet,
    contact_history,
    show_contact,
)
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.read_feed import await_feed
from askfirst.web.api.contacts.models import (
    BasisAnswer,
    ContactAnswer,
    ContactName,
    EventAnswer,
    EventPage,
    FeedAnswer,
    FeedQuery,
    FrequencyAnswer,
    LookupRequest,
    StandingAnswer,
    TimeZoneAnswer,
    TimeZoneRequest,
    YesAnswer,
)
from askfirst.web.api.platform.cursor import cut, read_position, write_cursor
from askfirst.web.api.platform.models import AssuranceName, NumberProofName, PageQuery
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_NUMBER_PROOFS: dict[NumberProof, NumberProofName] = {
    NumberProof.TYPED: "typed",
    NumberProof.VOUCHED: "vouched",
    NumberProof.PROVEN: "proven",
}

_ASSURANCES: dict[Assurance, AssuranceName] = {
    Assurance.ASSERTED: "asserted",
    Assurance.SHOWN: "shown",
    Assurance.CONFIRMED: "confirmed",
}


AliasPath = Annotated[
    str,
    Path(
        description="A contact id, which keeps the number out of the address; or a number such as "
        "`+447700900123`, bare digits, or a business-scoped user id.",
        examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"],
    ),
]


Page = Annotated[PageQuery, Query()]


async def lookup_contact(body: LookupRequest, services: World, caller: Caller) -> ContactAnswer:
    """Return what a contact has agreed to, for each purpose.

    Prefer this to `GET /v1/contacts/{alias}`: addresses end up in the logs of proxies and browsers,
    and a phone number is personal data.
    """
    person = await read_named(services, caller.business_id, body.contact)
    return await _contact(services, caller.business_id, person)


async def post_time_zone(body: TimeZoneRequest, services: World, caller: Caller) -> TimeZoneAnswer:
    """Say in which time zone a person lives: an address in your shop tells it, a number does not.

    Marketing then waits for the hours of that zone alone, in place of those of all zones that the
    number may be in. It changes no opt-in, and no state or country whose law counts.
    """
    person = await read_named(services, caller.business_id, body.contact)
    try:
        found = await set_time_zone(services, caller.business_id, person, body.time_zone or "")
    except UnknownReference as error:
        raise NotFound(error.message) from error
    return TimeZoneAnswer(id=found[0], time_zones=list(found[1]))


async def get_contact(alias: AliasPath, services: World, caller: Caller) -> ContactAnswer:
    """Return what a contact has agreed to, for each purpose: the answer, since when, and why.

    `POST /v1/contacts/lookup` returns the same without a phone number in the address.
    """
    return await _contact(services, caller.business_id, read_person(services, alias, "alias"))


async def get_contact_events(
    alias: AliasPath, page: Page, services: World, caller: Caller
) -> EventPage:
    """Return the events of a contact, the oldest first.

    Events of contacts that were merged into this one are included.
    """
    after = read_position(page.after)
    person = read_person(services, alias, "alias")
    events = await contact_history(services, caller.business_id, person, after, page.limit + 1)
    if events is None:
        raise _unknown()
    return render_events(events, page.limit)


async def _contact(
    services: Services, business_id: BusinessId, person: Alias | ContactId
) -> ContactAnswer:
    sheet = await show_contact(services, business_id, person)
    if sheet is None:
        raise _unknown()
    return render_contact(sheet)


def _unknown() -> NotFound:
    return NotFound("nobody with this number or id has answered anything here")


async def get_events(
    query: Annotated[FeedQuery, Query()], services: World, caller: Caller
) -> FeedAnswer:
    """Return the events of the business, in the order in which they were recorded.

    Keep `next_cursor` and send it as `after` to go on, also after the last page: with `wait`, the
    answer comes as soon as there is an event.
    """
    after, wanted = read_position(query.after), _wanted(query)
    page = await await_feed(services, caller.business_id, wanted, after, query.limit, query.wait)
    return FeedAnswer(
        data=[render_event(event) for event in page.events],
        next_cursor=write_cursor(str(page.through)),
        has_more=page.has_more,
    )


def _wanted(query: FeedQuery) -> EventFilter:
    return EventFilter(
        kinds=frozenset(query.kind),
        purposes=frozenset(query.purpose),
        surface=query.surface,
        since=parse_rfc3339(query.since, "since") if query.since else None,
    )


async def read_contact(services: Services, business_id: BusinessId, name: ContactName) -> Alias:
    """Read the one name that was given; a contact's id leads to one of their names."""
    person = await read_named(services, business_id, name)
    return await name_contact(services, business_id, person, "contact.id")


async def read_named(
    services: Services, business_id: BusinessId, name: ContactName
) -> Alias | ContactId:
    """Read the one name that was given; a national number is one of the caller's own country."""
    country = name.country and check_country_code(name.country, "contact.country")
    if not country and name.phone and not name.phone.startswith("+"):
        country = await country_of(services, business_id)
    names = {"phone": name.phone, "wa_id": name.wa_id, "bsuid": name.bsuid, "id": name.id}
    return read_given_name(services, "contact", names, country)


def render_event(event: Event) -> EventAnswer:
    """Write an event; the same event is written the same for ever."""
    return EventAnswer(
        id=event.event_id,
        position=event.position,
        kind=event.kind,
        contact=event.contact_id,
        purposes=list(event.purposes),
        assurance=_ASSURANCES[event.assurance],
        number_proof=_NUMBER_PROOFS[event.number_proof],
        surface=event.surface,
        source=event.source,
        sender=event.sender or None,
        prompt=event.prompt,
        absorbed=event.absorbed,
        until=to_rfc3339(event.choice.until) if isinstance(event.choice, PauseUntil) else None,
        at_most=_frequency(event.choice if isinstance(event.choice, Frequency) else None),
        occurred_at=to_rfc3339(event.occurred_at),
        recorded_at=to_rfc3339(event.recorded_at),
    )


def render_events(events: Sequence[Event], limit: int) -> EventPage:
    """Write a page; `events` holds one more than the page where there is a next one."""
    page, more = cut(events, limit)
    return EventPage(
        data=[render_event(event) for event in page],
        next_cursor=write_cursor(str(page[-1].position)) if more else None,
    )


def render_contact(sheet: ContactSheet) -> ContactAnswer:
    return ContactAnswer(
        id=sheet.contact_id,
        standing=[_standing(purpose, view, sheet) for purpose, view in sheet.answers],
        natively_stopped_since=_time(sheet.natively_stopped_since),
        doubted_since=_time(sheet.doubted_since),
        frequency=_frequency(sheet.frequency),
        unreachable_since=_time(sheet.unreachable_since),
        marketing_deferred_until=_time(sheet.obstacles.deferred_until),
        in_experiment_until=_time(sheet.obstacles.held_out_until),
        position=sheet.position,
    )


def _standing(purpose: Purpose, view: EffectiveConsent, sheet: ContactSheet) -> StandingAnswer:
    since, shown = view.since, sheet.notices.get(purpose)
    surface = next((yes.surface for yes in view.alive if yes.mark == since), None)
    return StandingAnswer(
        purpose=purpose.name,
        answer=view.answer,
        since=to_rfc3339(since.at) if since else None,
        basis=BasisAnswer(position=since.position, kind=since.kind, surface=surface)
        if since
        else None,
        assurance=_ASSURANCES[view.assurance] if view.assurance else None,
        number_proof=_NUMBER_PROOFS[view.number_proof] if view.number_proof else None,
        ended_later_yes_at=_time(since.ended) if since else None,
        alive=[_yes(yes) for yes in view.alive],
        informed_at=to_rfc3339(shown.mark.at) if shown else None,
        paused_until=_time(sheet.pauses.get(purpose.name)),
    )


def _yes(yes: Grant) -> YesAnswer:
    return YesAnswer(
        assurance=_ASSURANCES[yes.assurance],
        number_proof=_NUMBER_PROOFS[yes.number_proof],
        surface=yes.surface,
        position=yes.mark.position,
        at=to_rfc3339(yes.mark.at),
    )


def _frequency(chosen: Frequency | None) -> FrequencyAnswer | None:
    return FrequencyAnswer(count=chosen.count, days=chosen.days) if chosen else None


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/v1/contacts/lookup",
        scope=ApiScope.CONTACTS_READ,
        function=lookup_contact,
        summary="Look up a contact",
        request=LookupRequest,
        answer=ContactAnswer,
        problems={
            404: "This number or id has not answered anything at this business.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/contacts/time-zone",
        scope=ApiScope.CONSENTS_WRITE,
        function=post_time_zone,
        summary="Set the time zone of a contact",
        request=TimeZoneRequest,
        answer=TimeZoneAnswer,
        problems={
            404: "This number or id has not answered anything at this business.",
            422: "The number or id cannot be read, or the zone is none.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/contacts/{alias}",
        scope=ApiScope.CONTACTS_READ,
        function=get_contact,
        summary="Get a contact",
        answer=ContactAnswer,
        problems={
            404: "This number or id has not answered anything at this business.",
            422: "The number or id in the path cannot be read.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/contacts/{alias}/events",
        scope=ApiScope.CONTACTS_READ,
        function=get_contact_events,
        summary="List the events of a contact",
        answer=EventPage,
        problems={
            404: "This number or id has not answered anything at this business.",
            422: "The number or id cannot be read, or `after` or `limit` is wrong.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/events",
        scope=ApiScope.CONTACTS_READ,
        function=get_events,
        summary="List all events",
        answer=FeedAnswer,
        problems={
            422: "`after` is not a cursor of this list, or another parameter is wrong.",
        },
    ),
)
