"""List people whose no came late and ended a newer yes: somebody may want to ask them again."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.stats.statistics import HasStatistics, LateStopPage, ListedLateStop
from askfirst.usecases.stats.builds import answering_build_of_today

LISTED_DAYS: Final = 30
_FIRST: Final = (2**62, 0)


class ListLateStopsNeeds(HasClock, HasStatistics, Protocol):
    """What this use case needs from the world."""


async def count_late_stops(services: ListLateStopsNeeds, business_id: BusinessId) -> int:
    """Count those of thirty days, as far as the ledger was counted."""
    build = await answering_build_of_today(services, business_id)
    return await services.statistics.count_late_stops(build, _since(services)) if build else 0


async def list_late_stops(
    services: ListLateStopsNeeds,
    business_id: BusinessId,
    before: tuple[int, int] | None,
    limit: int,
) -> tuple[ListedLateStop, ...] | None:
    """Return a page of those of thirty days, the one that was recorded last first.

    None: nothing was counted yet, or only by a version that knew of no late stops.
    `before` is when the last one of the page before was recorded, and its position.
    """
    build = await answering_build_of_today(services, business_id)
    if build is None:
        return None
    page = LateStopPage(_since(services), before or _FIRST, limit)
    return await services.statistics.late_stops(build, page)


def _since(services: HasClock) -> Instant:
    return Instant(services.clock.now() - LISTED_DAYS * DAY)
