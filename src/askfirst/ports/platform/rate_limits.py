"""How often something may be done: counters that all processes share. Writes are durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import Instant


class Limits(Protocol):
    """Trouble raises Unavailable: no."""

    async def take(
        self, business_id: BusinessId, uses: Sequence[Use], now: Instant
    ) -> LimitName | None:
        """Use limits, all or none of them; gives the first that is reached already."""
        ...

    def give_back(self, business_id: BusinessId, use: Use) -> None:
        """Give back one that was taken of a block (`Use.block`) and led to nothing."""
        ...

    async def refund(self, business_id: BusinessId, use: Use, now: Instant) -> None:
        """Give back what was taken of a limit before; nothing where its stretch is over."""
        ...

    async def opens_at(self, business_id: BusinessId, use: Use) -> Instant:
        """Return when a limit that is reached begins anew."""
        ...


class HasLimits(Protocol):
    """Whatever brings shared counters along."""

    @property
    def limits(self) -> Limits:
        """Shared counters."""
        ...
