"""Complaints and erasure requests, and what was done about them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.consent.review import ReviewOutcome
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.usecases.consent.erase_contact import erase_requests
from askfirst.usecases.operators.write_down import write_down
from askfirst.usecases.opt_out.manage_reviews import close_review, list_reviews
from askfirst.web.console.desk import Desk, field_of

_PAGE: Final = 50


async def show_stops(desk: Desk) -> Response:
    """What waits, and what was closed."""
    return await _stops(desk)


async def take_close(desk: Desk) -> Response:
    """Close one, with what was done about it."""
    form = await desk.form()
    try:
        outcome = ReviewOutcome(field_of(form, "outcome"))
        position = Position(desk.request.path_params["position"])
        await write_down(
            desk.services, desk.actor, AuditAct.REVIEW_CLOSED, about=f"{position}/{outcome.value}"
        )
        await close_review(
            desk.services, desk.business_id, position, outcome, field_of(form, "reason")
        )
    except InvalidInput as error:
        return await _stops(desk, error)
    except ValueError as error:
        problem = InvalidInput("outcome", "must be one of " + ", ".join(ReviewOutcome))
        raise problem from error
    return desk.see("/stops", "review_closed")


async def _stops(desk: Desk, error: InvalidInput | None = None) -> Response:
    place = (desk.services, desk.business_id, Position(0), _PAGE)
    return desk.page(
        "stops.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        open=await list_reviews(*place, is_open=True),
        closed=await list_reviews(*place, is_open=False),
        wishes=await erase_requests(desk.services, desk.business_id, "", _PAGE),
        error=error,
    )
