"""Messages that an operator has to look at, for either backend."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.consent.review import Backlog, Review, ReviewOutcome
from askfirst.domain.opt_out.reading import About
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.workspace import NewReview
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript


class ReviewRow(NamedTuple):
    """The columns of each statement that reads or closes reviews."""

    position: int
    contact_id: str
    about: str
    said_at: int
    outcome: str | None
    closed_at: int | None
    reason: str


def review_row(new: NewReview) -> tuple[object, ...]:
    """Parameters of statement `add_review`, behind the business."""
    return (new.position, new.contact_id, new.about.value, new.said_at)


def row_review(business_id: BusinessId, columns: Row) -> Review:
    """Return a review from its columns, as `ReviewRow` has them."""
    row = ReviewRow._make(columns)
    return Review(
        business_id=business_id,
        position=Position(row.position),
        contact_id=ContactId(row.contact_id),
        about=About(row.about),
        said_at=Instant(row.said_at),
        outcome=ReviewOutcome(row.outcome) if row.outcome else None,
        closed_at=Instant(row.closed_at) if row.closed_at is not None else None,
        reason=row.reason,
    )


class StoredReviews:
    """See ports.reviews.Reviews."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def find(
        self, business_id: BusinessId, after: Position, limit: int, *, is_open: bool
    ) -> tuple[Review, ...]:
        statement = "open_reviews" if is_open else "closed_reviews"
        rows = await self._statements.fetch(statement, business_id, after, limit)
        return tuple(row_review(business_id, row) for row in rows)

    async def close(
        self,
        business_id: BusinessId,
        position: Position,
        outcome: ReviewOutcome,
        reason: str,
        now: Instant,
    ) -> Review | None:
        def talk() -> TransactionScript[Review | None]:
            rows = yield "close_review", (business_id, position, outcome.value, now, reason)
            return row_review(business_id, rows[0]) if rows else None

        return await self._statements.talk(business_id, talk)

    async def backlog(self, business_id: BusinessId) -> Backlog | None:
        rows = await self._statements.fetch("review_backlog", business_id)
        count, since = rows[0]
        return Backlog(count=count, since=Instant(since)) if count else None
