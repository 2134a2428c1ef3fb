"""List what an operator has to look at."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import Field

from askfirst.domain.consent.review import Review, ReviewOutcome
from askfirst.domain.opt_out.reading import About
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.opt_out.manage_reviews import list_reviews
from askfirst.web.api.platform.cursor import cut, read_position, write_cursor
from askfirst.web.api.platform.models import ContactIdText, PageQuery, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World


class ReviewQuery(PageQuery):
    """Which reviews."""

    state: Literal["open", "closed"] = Field(
        "open", description="Those that wait for you, or those that you closed."
    )


class ReviewAnswer(Told):
    """A message in the chat that a person has to look at. Its text is not here."""

    id: int = Field(description="Its id: the position of its event in the ledger.")
    contact: ContactIdText
    about: About = Field(description="A complaint, or a request to be erased (GDPR, Article 17).")
    said_at: Time = Field(description="When they wrote it.")
    outcome: ReviewOutcome | None = Field(description="What you did. Null: it is open.")
    closed_at: Time | None = Field(description="When you closed it.")


class ReviewPage(Told):
    """A part of the list."""

    data: list[ReviewAnswer] = Field(description="The reviews, the oldest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


async def get_reviews(
    page: Annotated[ReviewQuery, Query()], services: World, caller: Caller
) -> ReviewPage:
    """Return the complaints and erasure requests that customers wrote in the chat.

    Stops in them are in force already. Close one with `askfirst reviews close`.
    """
    after, is_open = read_position(page.after), page.state == "open"
    found = await list_reviews(services, caller.business_id, after, page.limit + 1, is_open=is_open)
    shown, more = cut(found, page.limit)
    return ReviewPage(
        data=[_render(review) for review in shown],
        next_cursor=write_cursor(str(shown[-1].position)) if more else None,
    )


def _render(review: Review) -> ReviewAnswer:
    return ReviewAnswer(
        id=review.position,
        contact=review.contact_id,
        about=review.about,
        said_at=to_rfc3339(review.said_at),
        outcome=review.outcome,
        closed_at=to_rfc3339(review.closed_at) if review.closed_at is not None else None,
    )


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/reviews",
        scope=ApiScope.REVIEWS_READ,
        function=get_reviews,
        summary="List complaints and erasure requests",
        answer=ReviewPage,
        problems={
            422: "`after` is not a cursor of this list, `state` is neither `open` nor `closed`, or "
            "`limit` is not between 1 and 1000.",
        },
    ),
)
