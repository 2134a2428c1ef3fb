"""Where the ledger is in time, for a clock to be held against."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant


class Newest(NamedTuple):
    """When the newest event of a business was recorded, by the clock of then."""

    business_id: BusinessId
    recorded_at: Instant


class Timeline(Protocol):
    """The newest events, and what an operator has said about them."""

    async def newest_after(self, moment: Instant) -> tuple[Newest, ...]:
        """Return the newest events that were recorded after a moment, but for accepted ones."""
        ...

    async def accept(self, newest: Newest, now: Instant) -> None:
        """Write down that an operator takes this stamp as it is: it came from a wrong clock."""
        ...
