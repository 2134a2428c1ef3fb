"""Messages in the chat that an operator has to look at: complaints, and wishes to be erased.

A review is written in the transaction of its event. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.review import Backlog, Review, ReviewOutcome
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import Instant


class Reviews(Protocol):
    """Writes are durable when they return."""

    async def find(
        self, business_id: BusinessId, after: Position, limit: int, *, is_open: bool
    ) -> tuple[Review, ...]:
        """Return a page of the open ones, or of the closed ones, the oldest first."""
        ...

    async def close(
        self,
        business_id: BusinessId,
        position: Position,
        outcome: ReviewOutcome,
        reason: str,
        now: Instant,
    ) -> Review | None:
        """Close one; None where there is no open one of that event."""
        ...

    async def backlog(self, business_id: BusinessId) -> Backlog | None:
        """Return how many of a business are open; None where none is."""
        ...


class HasReviews(Protocol):
    """Whatever brings reviews along."""

    @property
    def reviews(self) -> Reviews:
        """Messages that an operator has to look at."""
        ...
