"""Count a business's decisions on sends, a stretch at a time."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import DAY, MINUTE, Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.stats.decision_counts import HasDecisionCounts

COUNTED_BACK: Final = 35 * DAY
"""How far back the first count goes: nobody is shown more."""
SETTLED_AFTER: Final = MINUTE
"""A decision is counted when it is this old: by then it is written down, or never."""
_AT_ONCE: Final = 5_000
_LABELLED_AT_ONCE: Final = 1_000
"""Fewer, since it is looked at each whether the person was counted before."""


class CountDecisionsNeeds(HasClock, HasDecisionCounts, Protocol):
    """What this use case needs from the world."""


async def count_decisions(services: CountDecisionsNeeds, business_id: BusinessId) -> bool:
    """Count the next stretch; False where there is more."""
    now = services.clock.now()
    since, until = Instant(now - COUNTED_BACK), Instant(now - SETTLED_AFTER)
    counts = services.decision_counts
    are_counted = await counts.advance(business_id, since, until, _AT_ONCE)
    return await counts.advance_campaigns(business_id, until, _LABELLED_AT_ONCE) and are_counted
