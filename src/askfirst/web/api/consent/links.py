"""Links to one person's preference page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from askfirst.domain.values.ids import Prefix, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.manage_links import make_link, revoke_link
from askfirst.web.api.models.consent.links import LinkAnswer, LinkRequest
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.parse import read_contact
from askfirst.web.problems import NotFound


async def post_link(body: LinkRequest, services: World, caller: Caller) -> LinkAnswer:
    """Make a link to the page where this person sees and changes what they agreed to.

    Give it to nobody else: whoever has it can end their consents.
    """
    alias = read_contact(services, body.contact)
    made = await make_link(services, caller.business_id, alias, body.days)
    if made is None:
        raise NotFound("nobody of that name has answered anything here")
    link, url = made
    return LinkAnswer(id=link.link_id, url=url, expires_at=to_rfc3339(link.expires_at))


async def remove_link(
    link_id: Annotated[str, Path(alias="id", examples=["lnk_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])],
    services: World,
    caller: Caller,
) -> None:
    """Revoke a link: from now on it opens nothing."""
    if not await revoke_link(services, caller.business_id, parse_id(Prefix.LINK, link_id, "id")):
        raise NotFound("there is no such link alive")
