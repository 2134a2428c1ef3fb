"""Links to one person's preference page: signed, for one person, revocable."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, LinkId, Prefix, same_day_id
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.proofs import HasPersonalLinks, PersonalLink
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.tenants.tokens import HasTokens, TokenKind

LIFE_DAYS_DEFAULT = 30
LIFE_DAYS_MAX = 400


class ManageLinksNeeds(HasClock, HasIds, HasLedger, HasPersonalLinks, HasSite, HasTokens, Protocol):
    """What this use case needs from the world."""


async def make_link(
    services: ManageLinksNeeds, business_id: BusinessId, person: Alias | ContactId, days: int
) -> tuple[PersonalLink, str] | None:
    """Make a link for this contact; gives its address, too. None: nobody spoke."""
    if not 1 <= days <= LIFE_DAYS_MAX:
        raise InvalidInput("days", f"must be between 1 and {LIFE_DAYS_MAX}")
    contact_id = await services.ledger.find(business_id, person)
    if contact_id is None:
        return None
    link = _link(services.ids.link(), business_id, contact_id, services.clock.now(), days)
    await services.personal_links.put(link)
    return link, url_of(services, link)


async def link_of_today(
    services: ManageLinksNeeds, business_id: BusinessId, contact_id: ContactId
) -> str:
    """Return the address of a contact's page under a link that is one for the whole day (UTC).

    However often it is asked for in a day, or tried again, there is one row of it.
    """
    now = services.clock.now()
    today = now // DAY * (DAY // SECOND * 1_000)
    link_id = LinkId(same_day_id(Prefix.LINK, today, contact_id))
    link = _link(link_id, business_id, contact_id, now, LIFE_DAYS_DEFAULT)
    await services.personal_links.put(link)
    return url_of(services, link)


def _link(
    link_id: LinkId, business_id: BusinessId, contact_id: ContactId, now: Instant, days: int
) -> PersonalLink:
    return PersonalLink(
        link_id=link_id,
        business_id=business_id,
        contact_id=contact_id,
        created_at=now,
        expires_at=Instant(now + days * DAY),
    )


async def revoke_link(
    services: ManageLinksNeeds, business_id: BusinessId, link_id: str
) -> Instant | None:
    """End a link; return when it ended, None where there is none alive."""
    now = services.clock.now()
    has_ended = await services.personal_links.revoke(business_id, LinkId(link_id), now)
    return now if has_ended else None


async def open_link(
    services: ManageLinksNeeds, business_id: BusinessId, token: str
) -> PersonalLink | None:
    """Find the live link that a token names; None where it is revoked, over, or not ours.

    It is over, too, once Meta says that the number has another owner: whoever was given the link
    may be somebody else, and must not say yes in the new owner's name.
    """
    try:
        fields = services.tokens.read(TokenKind.PREFERENCES, token)
    except InvalidInput:
        return None
    if fields.get("b") != business_id:
        return None
    link = await services.personal_links.link(business_id, LinkId(str(fields.get("id"))))
    if link is None or not link.is_alive(services.clock.now()):
        return None
    return None if await _has_new_owner(services, link) else link


async def _has_new_owner(services: HasLedger, link: PersonalLink) -> bool:
    """Look at who the contact is now: a suspension of either side outlives a merge."""
    standing = await services.ledger.standing(link.business_id, link.contact_id)
    return standing.suspended is not None and standing.suspended.at >= link.created_at


def url_of(services: ManageLinksNeeds, link: PersonalLink) -> str:
    """Write the address of the page."""
    fields = {"b": link.business_id, "id": link.link_id}
    token = services.tokens.sign(TokenKind.PREFERENCES, fields)
    return f"{services.site.public_url}/p/{link.business_id}/me/{token}"
