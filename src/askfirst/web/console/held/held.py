"""Held messages: what waits and for what, how the others ended, and one taken back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.decision.reason import Reason
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.ids import HeldId, Prefix, parse_id
from askfirst.usecases.held.manage_held import cancel_held, find_held, list_held
from askfirst.usecases.operators.write_down import write_down
from askfirst.web.console.desk import Desk
from askfirst.web.problems import NotFound

_PAGE: Final = 50
_REASONS: Final = {reason.value: reason for reason in Reason}
_ENDED: Final = "ended"


async def show_held(desk: Desk) -> Response:
    """Messages that wait, or how others ended."""
    return await _held(desk)


async def take_back(desk: Desk) -> Response:
    """Take a message back that waits: it does not leave any more."""
    await desk.form()
    held_id = _id(desk)
    found = await find_held(desk.services, desk.business_id, held_id)
    if found is None:
        raise NotFound("there is no held message with this id")
    about, who = AuditAct.HELD_TAKEN_BACK, found.contact_id
    await write_down(desk.services, desk.actor, about, contact_id=who, about=held_id)
    try:
        await cancel_held(desk.services, desk.business_id, held_id)
    except Conflict as error:
        return await _held(desk, error)
    return desk.see("/held", "taken_back")


async def _held(desk: Desk, error: Conflict | None = None) -> Response:
    asked = desk.request.query_params
    is_open, after = asked.get("state", "") != _ENDED, asked.get("after", "")
    if after:
        parse_id(Prefix.HELD, after, "after")
    found = await list_held(desk.services, desk.business_id, after, _PAGE, is_open=is_open)
    return desk.page(
        "held.html",
        HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        found=found,
        is_open=is_open,
        more=found[-1].held_id if len(found) == _PAGE else "",
        reasons=_REASONS,
        error=error,
    )


def _id(desk: Desk) -> HeldId:
    try:
        return HeldId(parse_id(Prefix.HELD, desk.request.path_params["held"], "held"))
    except InvalidInput as error:
        raise NotFound("there is no held message with this id") from error
