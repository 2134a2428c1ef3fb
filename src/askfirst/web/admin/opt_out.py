"""Commands about stops of other systems, and about what an operator has to look at."""

from __future__ import annotations

from dataclasses import asdict

from askfirst.domain.consent.review import Review, ReviewOutcome
from askfirst.domain.opt_out.stop_file import StopRow
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.opt_out.import_stops import import_stops
from askfirst.usecases.opt_out.manage_reviews import close_review, list_reviews
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ImportStops(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Record some rows of a file of stops; `digest` names the whole file."""

    digest: str
    rows: tuple[StopRow, ...]

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return asdict(await import_stops(services, business_id, self.digest, self.rows))


class ListReviews(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of the open reviews, or of the closed ones."""

    is_open: bool = True
    after: int = 0
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found = await list_reviews(
            services, business_id, Position(self.after), self.limit, is_open=self.is_open
        )
        return {"reviews": [_row(review) for review in found]}


class CloseReview(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Write down what was done about one."""

    id: int
    outcome: ReviewOutcome
    reason: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        closed = await close_review(
            services, business_id, Position(self.id), self.outcome, self.reason
        )
        return {"review": _row(closed)}


def _row(review: Review) -> Answer:
    return {
        "id": review.position,
        "contact": review.contact_id,
        "about": review.about.value,
        "said_at": to_rfc3339(review.said_at),
        "outcome": review.outcome.value if review.outcome else None,
        "closed_at": to_rfc3339(review.closed_at) if review.closed_at is not None else None,
        "reason": review.reason,
    }
