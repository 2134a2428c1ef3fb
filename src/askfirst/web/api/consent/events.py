"""Read the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from askfirst.usecases.contacts.show_contact import list_events
from askfirst.web.api.models.base import PageQuery
from askfirst.web.api.models.consent.events import EventPage
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.cursor import read_position
from askfirst.web.api.platform.render import render_events


async def get_events(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> EventPage:
    """Give the events of the business in the order in which they were committed."""
    after = read_position(page.after)
    events = await list_events(services, caller.business_id, after, page.limit + 1)
    return render_events(events, page.limit)
