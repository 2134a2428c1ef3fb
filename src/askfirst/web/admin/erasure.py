"""Commands about a person's own data: erase it, tell it, list who asked for it to be erased."""

from __future__ import annotations

from dataclasses import asdict

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact, erase_requests
from askfirst.usecases.consent.export_contact import export_contact
from askfirst.usecases.contacts.read_contact import read_typed_person
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of
from askfirst.web.admin.event_row import event_row


class EraseContact(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Erase a person."""

    contact: str
    reason: str

    async def run(self, services: Services) -> Answer:
        order = EraseOrder(
            business_id=await business_of(services, self.business),
            person=read_typed_person(services, self.contact, "contact"),
            reason=read_erase_reason(self.reason),
            source=Source.CLI,
        )
        erased = await erase_contact(services, order)
        return {"event": event_row(erased.event), "removed": asdict(erased.removed)}


class ExportContact(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give everything that is held about a person."""

    contact: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        person = read_typed_person(services, self.contact, "contact")
        return dict(await export_contact(services, business_id, person))


class ListEraseRequests(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give who asked for their data to be erased, and was not yet."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        wishes = await erase_requests(services, business_id, self.after, self.limit)
        rows = [
            {
                "contact": wish.contact_id,
                "requested_at": to_rfc3339(wish.requested_at),
                "surface": wish.surface.value,
            }
            for wish in wishes
        ]
        return {"requests": rows}


def read_erase_reason(text: str) -> EraseReason:
    """Read why somebody is erased.

    Raises:
        InvalidInput: it is none of the reasons.
    """
    try:
        return EraseReason(text)
    except ValueError as error:
        raise InvalidInput("reason", "must be one of " + ", ".join(EraseReason)) from error
