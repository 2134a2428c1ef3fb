"""How often something may be done: counters that all processes share."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import Instant


class Limits(Protocol):
    """Counts in fixed stretches of time. Trouble raises Unavailable: no."""

    async def take(
        self,
        business_id: BusinessId,
        policy: str,
        subject: str,
        most: int,
        window: int,
        now: Instant,
    ) -> bool:
        """Count one more of `subject` in a stretch of `window` microseconds; False where full.

        `subject` may be a number or an address: only a keyed hash of it is kept.
        """
        ...
