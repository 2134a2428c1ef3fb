"""Read the events of a business in order, from a position on: all, or those that are wanted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from askfirst.domain.consent.event import Event, EventFilter
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.consent.ledger import HasLedger

LOOKED_AT_MAX: Final = 50_000
"""Events that one page looks at: where few are wanted, a page may be empty and not the last."""
WAIT_SECONDS_MAX: Final = 30
_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """A page, and the position to go on from. `has_more`: there is more now."""

    events: tuple[Event, ...]
    through: Position
    has_more: bool


async def read_feed(
    services: HasLedger, business_id: BusinessId, wanted: EventFilter, after: Position, limit: int
) -> FeedPage:
    """Return a page of the wanted events from after a position."""
    head = await services.ledger.head(business_id)
    through = Position(min(head, after + LOOKED_AT_MAX))
    if through <= after:
        return FeedPage(events=(), through=after, has_more=False)
    place = (after, through, limit + 1)
    found = await services.ledger.find_events(business_id, wanted, *place)
    if len(found) > limit:
        return FeedPage(events=found[:limit], through=found[limit - 1].position, has_more=True)
    return FeedPage(events=found, through=through, has_more=through < head)


async def await_feed(
    services: HasLedger,
    business_id: BusinessId,
    wanted: EventFilter,
    after: Position,
    limit: int,
    seconds: int,
) -> FeedPage:
    """Return a page as `read_feed` does; where it would be empty and the last, wait for events."""
    page = await read_feed(services, business_id, wanted, after, limit)
    for _ in range(min(seconds, WAIT_SECONDS_MAX)):
        if page.events or page.has_more:
            break
        await asyncio.sleep(_LOOK_SECONDS)
        page = await read_feed(services, business_id, wanted, page.through, limit)
    return page
