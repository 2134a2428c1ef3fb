"""Complaints and erasure requests, what was done about them, and stops that came late."""

from __future__ import annotations

import re
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
from askfirst.usecases.stats.list_late_stops import list_late_stops
from askfirst.web.console.contacts.masking import masked
from askfirst.web.console.desk import Desk, field_of

_PAGE: Final = 50
_BEFORE: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


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


async def show_late_stops(desk: Desk) -> Response:
    """People whose stop came late and ended a newer yes, with their numbers masked."""
    before = _place(desk.request.query_params.get("before", ""))
    known = await list_late_stops(desk.services, desk.business_id, before, _PAGE)
    found = known or ()
    rows = [(one.stop, masked(one.names[0]) if one.names else "") for one in found]
    last = found[-1].stop if len(found) == _PAGE else None
    more = f"{last.recorded_at}-{last.position}" if last else ""
    return desk.page("late_stops.html", is_counted=known is not None, rows=rows, more=more)


def _place(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts = _BEFORE.fullmatch(text)
    if parts is None:
        raise InvalidInput("before", "must be the place that a page before this one names")
    return int(parts[1]), int(parts[2])


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
