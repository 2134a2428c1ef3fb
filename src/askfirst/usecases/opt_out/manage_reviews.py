"""Look through what people complained about or asked to have erased, and close what is done."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.review import Review, ReviewOutcome, check_reason
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.opt_out.reviews import HasReviews
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.directory import UNROUTED, HasDirectory

_CHECK = "reviews"


class CloseReviewNeeds(HasClock, HasReviews, Protocol):
    """What closing one needs from the world."""


class FindOpenReviewsNeeds(HasDirectory, HasReviews, Protocol):
    """What the check-up needs from the world."""


async def list_reviews(
    services: HasReviews, business_id: BusinessId, after: Position, limit: int, *, is_open: bool
) -> tuple[Review, ...]:
    """Return a page of those that wait for an operator, or of those that were closed."""
    return await services.reviews.find(business_id, after, limit, is_open=is_open)


async def close_review(
    services: CloseReviewNeeds,
    business_id: BusinessId,
    position: Position,
    outcome: ReviewOutcome,
    reason: str,
) -> Review:
    """Write down what was done about one. No opt-in changes by it.

    Raises:
        InvalidInput: the reason is empty or too long.
        UnknownReference: no open review has this id.
    """
    reason = check_reason(reason)
    now = services.clock.now()
    closed = await services.reviews.close(business_id, position, outcome, reason, now)
    if closed is None:
        raise UnknownReference("id", "no open review has it; askfirst reviews list shows them")
    return closed


async def find_open_reviews(services: FindOpenReviewsNeeds) -> tuple[Finding, ...]:
    """Return one finding for each business with open reviews, or one that none waits."""
    found: list[Finding] = []
    for business_id in await services.directory.businesses():
        backlog = None if business_id == UNROUTED else await services.reviews.backlog(business_id)
        if backlog:
            found.append(
                Finding(
                    check=_CHECK,
                    severity=Severity.WARNING,
                    summary=f"Of {business_id}, {backlog.count} complaints or erasure requests "
                    f"are open, the oldest since {to_rfc3339(backlog.since)}.",
                    remedy=f"Run askfirst reviews list --business {business_id}",
                )
            )
    if found:
        return tuple(found)
    said = "No complaint or erasure request is open."
    return (Finding(check=_CHECK, severity=Severity.OK, summary=said),)
