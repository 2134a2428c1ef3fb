"""The team: invite, change a role, end access; and the log of what everybody did."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.operators.operator import OperatorRole, parse_email, parse_role, ways_of
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput
from askfirst.domain.values.ids import OperatorId, Prefix, parse_id
from askfirst.usecases.operators.invite_operator import Invitation, invite_operator
from askfirst.usecases.operators.manage_team import change_role, end_access, list_team
from askfirst.usecases.operators.passkeys import list_passkeys
from askfirst.usecases.operators.write_down import read_audit
from askfirst.web.console.desk import Desk, field_of

_PAGE: Final = 50


async def show_team(desk: Desk) -> Response:
    """Everybody, and the form to invite one more."""
    return await _team(desk)


async def take_invitation(desk: Desk) -> Response:
    """Invite somebody; the link stands on this page, this once."""
    form = await desk.form()
    try:
        made = await invite_operator(
            desk.services, desk.actor, parse_email(form.get("email", "")), _role(form.get("role"))
        )
    except (Conflict, InvalidInput) as error:
        return await _team(desk, error=error, email=form.get("email", ""))
    return await _team(desk, made=made)


async def take_role(desk: Desk) -> Response:
    """Give somebody another role."""
    form = await desk.form()
    try:
        await change_role(
            desk.services, desk.actor, _operator_id(desk), parse_role(field_of(form, "role"))
        )
    except (Conflict, InvalidInput) as error:
        return await _team(desk, error=error)
    return desk.see("/team", "role_changed")


async def take_access_end(desk: Desk) -> Response:
    """End somebody's access."""
    await desk.form()
    try:
        await end_access(desk.services, desk.actor, _operator_id(desk))
    except (Conflict, InvalidInput) as error:
        return await _team(desk, error=error)
    return desk.see("/team", "access_ended")


async def show_audit(desk: Desk) -> Response:
    """A page of the log, the newest first."""
    before = desk.request.query_params.get("before", "")
    if before:
        parse_id(Prefix.AUDIT_ENTRY, before, "before")
    entries = await read_audit(desk.services, desk.business_id, before, _PAGE)
    team = await list_team(desk.services, desk.business_id)
    names = {one.operator_id: one.name or one.email for one in team}
    more = entries[-1].entry_id if len(entries) == _PAGE else ""
    return desk.page("audit.html", entries=entries, names=names, more=more, before=before)


async def _team(
    desk: Desk,
    *,
    error: AskfirstError | None = None,
    made: Invitation | None = None,
    email: str = "",
) -> Response:
    team = await list_team(desk.services, desk.business_id)
    passkeys = await list_passkeys(desk.services, desk.business_id)
    return desk.page(
        "team.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        team=team,
        ways={
            one.operator_id: ways_of(one, len(passkeys.get(one.operator_id, ()))) for one in team
        },
        roles=[role.value for role in OperatorRole],
        error=error,
        made=made,
        email=email,
    )


def _role(text: str | None) -> OperatorRole:
    return parse_role(text or "")


def _operator_id(desk: Desk) -> OperatorId:
    return OperatorId(parse_id(Prefix.OPERATOR, desk.request.path_params["operator"], "operator"))
