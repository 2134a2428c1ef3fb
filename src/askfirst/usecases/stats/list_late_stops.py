"""List people whose no came late and ended a newer yes: somebody may want to ask them again."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.stats.statistics import HasStatistics, LateStopPage, ListedLateStop

LISTED_DAYS: Final = 30
_FIRST: Final = (2**62, 0)


class ListLateStopsNeeds(HasClock, HasStatistics, Protocol):
    """What this use case needs from the world."""


async def count_late_stops(services: ListLateStopsNeeds, business_id: BusinessId) -> int:
    """Count those of thirty days, as far as the ledger was counted."""
    builds = await services.statistics.builds(business_id)
    return await services.statistics.count_late_stops(builds[0], _since(services)) if builds else 0


async def list_late_stops(
    services: ListLateStopsNeeds,
    business_id: BusinessId,
    before: tuple[int, int] | None,
    limit: int,
) -> tuple[ListedLateStop, ...]:
    """Return a page of those of thirty days, the one that was recorded last first.

    `before` is when the last one of the page before was recorded, and its position.
    """
    builds = await services.statistics.builds(business_id)
    if not builds:
        return ()
    page = LateStopPage(_since(services), before or _FIRST, limit)
    return await services.statistics.late_stops(builds[0], page)


def _since(services: HasClock) -> Instant:
    return Instant(services.clock.now() - LISTED_DAYS * DAY)
