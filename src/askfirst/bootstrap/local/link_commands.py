"""Errands about links to one person's preference page."""

from __future__ import annotations

from askfirst.bootstrap.local.admin_command import Answer, Errand, business_of
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import Prefix, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.manage_links import LIFE_DAYS_DEFAULT, make_link, revoke_link
from askfirst.usecases.contacts.read_number import read_typed_contact
from askfirst.usecases.context.services import Services


class CreateLink(Errand, frozen=True, kw_only=True, tag=True):
    """Make a link for one person who has answered something here."""

    contact: str
    days: int = LIFE_DAYS_DEFAULT

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        alias = read_typed_contact(services.numbering, self.contact, "contact")
        made = await make_link(services, business_id, alias, self.days)
        if made is None:
            raise UnknownReference("contact", "nobody of that name has answered anything here")
        link, url = made
        return {"id": link.link_id, "url": url, "expires_at": to_rfc3339(link.expires_at)}


class RevokeLink(Errand, frozen=True, kw_only=True, tag=True):
    """End a link."""

    link_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        link_id, now = parse_id(Prefix.LINK, self.link_id, "link_id"), services.clock.now()
        if not await revoke_link(services, business_id, link_id):
            raise UnknownReference("link_id", "no live link of that id")
        return {"id": link_id, "revoked_at": to_rfc3339(now)}
