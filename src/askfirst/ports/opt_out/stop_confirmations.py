"""Stops said in the chat that wait for their one confirmation.

A row is written in the transaction of the stop, and only where the stop opens an episode. It is no
permit: that is used up at the gate, in the transaction of the decision, so whoever takes a row up
twice sends once. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.stop_confirmation import UnconfirmedStop
from askfirst.domain.values.timestamp import Instant


class StopConfirmations(Protocol):
    """Writes are durable when they return."""

    async def due(self, now: Instant, limit: int) -> tuple[UnconfirmedStop, ...]:
        """List the stops, of all businesses, whose confirmation may be sent now."""
        ...

    async def lease(self, stop: UnconfirmedStop, until: Instant) -> bool:
        """Take one up: nobody else does before that moment. False where somebody else did."""
        ...

    async def settle(self, stop: UnconfirmedStop) -> None:
        """Forget it: it was confirmed, or never will be."""
        ...


class HasStopConfirmations(Protocol):
    """Whatever brings stops that wait for their confirmation along."""

    @property
    def stop_confirmations(self) -> StopConfirmations:
        """Stops that wait for their confirmation."""
        ...
