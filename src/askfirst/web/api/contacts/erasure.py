"""A person's own data: give it, erase it, list who asked for it to be erased."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Path, Query

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.erase_contact import (
    NOBODY,
    EraseOrder,
    erase_contact,
    erase_requests,
)
from askfirst.usecases.consent.export_contact import export_contact as export_all
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.web.api.contacts.erasure_models import (
    ErasedAnswer,
    EraseRequestAnswer,
    EraseRequestPage,
    ExportAnswer,
    RemovedAnswer,
)
from askfirst.web.api.contacts.routes import Page, render_event
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

PersonPath = Annotated[
    str,
    Path(
        description="A contact id, which keeps the number out of the address; or a number such as "
        "`+447700900123`, bare digits, or a business-scoped user id.",
        examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"],
    ),
]
Why = Annotated[
    EraseReason,
    Query(description="Why: the grounds of GDPR, Article 17(1). It stays in the ledger."),
]


async def delete_contact(
    alias: PersonPath, reason: Why, services: World, caller: Caller
) -> ErasedAnswer:
    """Erase a person: their numbers, evidence and every kept message that names them.

    When the answer comes, no message to them can leave any more. The ledger keeps its events, which
    name nobody, and a keyed hash of each number is kept as a suppression: no import and no call of
    yours brings the person back. A yes counts again once they say it themselves, in WhatsApp. This
    cannot be undone; export their data first, if they want it.
    """
    order = EraseOrder(
        business_id=caller.business_id,
        person=read_person(services, alias, "alias"),
        reason=reason,
        source=Source.API,
    )
    try:
        erased = await erase_contact(services, order)
    except UnknownReference as error:
        raise NotFound(NOBODY) from error
    return ErasedAnswer(
        event=render_event(erased.event), removed=RemovedAnswer(**asdict(erased.removed))
    )


async def export_contact(alias: PersonPath, services: World, caller: Caller) -> ExportAnswer:
    """Return everything that is held about a person, for them (GDPR, Articles 15 and 20).

    Field names follow ISO/IEC TS 27560 where it has one. What is held of other people is left out,
    and so is what would act in the person's name: codes, and the addresses of links.
    """
    person = read_person(services, alias, "alias")
    try:
        told = await export_all(services, caller.business_id, person)
    except UnknownReference as error:
        raise NotFound(NOBODY) from error
    return ExportAnswer.model_validate(told)


async def get_erase_requests(page: Page, services: World, caller: Caller) -> EraseRequestPage:
    """Return the people who asked on their preference page for their data to be erased.

    Erase each with `DELETE /v1/contacts/{alias}`; the request goes with them. GDPR, Article 12(3),
    gives you a month.
    """
    after = read_cursor(page.after)
    wishes = await erase_requests(services, caller.business_id, after, page.limit + 1)
    shown, more = cut(wishes, page.limit)
    return EraseRequestPage(
        data=[
            EraseRequestAnswer(
                contact=wish.contact_id,
                requested_at=to_rfc3339(wish.requested_at),
                surface=wish.surface,
            )
            for wish in shown
        ],
        next_cursor=write_cursor(shown[-1].contact_id) if more else None,
    )


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/contacts/{alias}/export",
        scope=ApiScope.CONTACTS_EXPORT,
        function=export_contact,
        summary="Export a person's data",
        answer=ExportAnswer,
        problems={
            404: "Nobody with this number or id is known here.",
            422: "The number or id in the path cannot be read.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/contacts/{alias}",
        scope=ApiScope.CONTACTS_ERASE,
        function=delete_contact,
        summary="Erase a person",
        answer=ErasedAnswer,
        problems={
            404: "Nobody with this number or id is known here. They may have been erased before.",
            409: "The person got another name at the same moment. Send the call again.",
            422: "The number or id in the path cannot be read, or `reason` is none of the reasons.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/erase-requests",
        scope=ApiScope.CONTACTS_READ,
        function=get_erase_requests,
        summary="List erase requests",
        answer=EraseRequestPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
)
