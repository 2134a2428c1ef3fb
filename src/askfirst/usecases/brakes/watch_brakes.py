"""Look what people object to, and what time makes of brakes: again and again, for each business."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.brakes.brakes import HasBrakes
from askfirst.ports.platform.clock import HasClock

SOON: Final = 5 * SECOND
IDLE: Final = 20 * SECOND


class WatchBrakesNeeds(HasBrakes, HasClock, Protocol):
    """What this use case needs from the world."""


WATCH_LEASE: Final = MINUTE


async def watch_brakes(services: WatchBrakesNeeds, leased: LeasedTask) -> Instant:
    """Follow the ledger of a business; gives when to look again."""
    now = services.clock.now()
    followed = await services.brakes.follow(leased.task.business_id, now)
    return Instant(now + (SOON if followed.is_busy else IDLE))
