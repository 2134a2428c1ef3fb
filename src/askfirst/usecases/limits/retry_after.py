"""How long it takes until a limit that is reached begins anew."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.rate_limit import Use
from askfirst.domain.values.timestamp import Instant, seconds_to_wait
from askfirst.ports.platform.rate_limits import HasLimits


async def seconds_to_opening(
    services: HasLimits, business_id: BusinessId, use: Use, now: Instant
) -> int:
    """Say after how many seconds to come again."""
    return seconds_to_wait(await services.limits.opens_at(business_id, use) - now)
