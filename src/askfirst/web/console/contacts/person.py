"""One person: found, looked at, stopped for, erased, packed as evidence."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.operators.audit_entry import AuditAct, LookReason, parse_look_reason
from askfirst.domain.operators.operator import Permission
from askfirst.domain.values.errors import InvalidInput, NotPermitted, UnknownReference
from askfirst.domain.values.ids import ContactId, Prefix, parse_id
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.operators.look_at_person import (
    CallersStop,
    erase_as_operator,
    find_typed,
    look_at_person,
    stop_for_caller,
)
from askfirst.usecases.operators.manage_team import list_team
from askfirst.usecases.operators.write_down import read_looks, write_down
from askfirst.web.console.contacts.masking import masked, written
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.pages.evidence.pack import make_pack
from askfirst.web.pages.evidence.story import Story

_LOOKS: Final = 20
_EVERYTHING: Final = "everything"


async def show_people(desk: Desk) -> Response:
    """The form to find somebody."""
    return desk.page("people.html")


async def take_find(desk: Desk) -> Response:
    """Find somebody; what was typed stands in no address."""
    form = await desk.form()
    typed = field_of(form, "person")
    if not desk.may(Permission.NUMBERS) and not typed.strip().startswith(f"{Prefix.CONTACT}_"):
        raise NotPermitted("your role finds people by their id only", needed="numbers")
    try:
        found = await find_typed(desk.services, desk.actor, typed)
    except InvalidInput as error:
        return desk.page("people.html", HTTPStatus.UNPROCESSABLE_ENTITY, error=error)
    if found is None:
        return desk.page("people.html", HTTPStatus.NOT_FOUND, error=UnknownReference("person", ""))
    return desk.see(f"/people/{found}")


async def show_person(desk: Desk) -> Response:
    """What is known of somebody, with their number masked."""
    return await _person(desk)


async def take_number(desk: Desk) -> Response:
    """Show the number, for a reason that the log keeps."""
    form = await desk.form()
    return await _person(desk, parse_look_reason(form.get("reason", "")))


async def take_stop(desk: Desk) -> Response:
    """Stop messages for somebody who called."""
    form = await desk.form()
    contact_id, what = _contact_id(desk), field_of(form, "what")
    purposes = () if what == _EVERYTHING else (read_purpose(desk.services, what, "what"),)
    stop = CallersStop(contact_id=contact_id, purposes=purposes, note=form.get("note", "").strip())
    await stop_for_caller(desk.services, desk.actor, stop)
    return desk.see(f"/people/{contact_id}", "stopped")


async def show_erase(desk: Desk) -> Response:
    """Ask once more: what goes cannot come back."""
    contact_id = _contact_id(desk)
    case = await look_at_person(desk.services, desk.actor, contact_id)
    reasons = [reason.value for reason in EraseReason]
    return desk.page("erase.html", case=case, reasons=reasons, name=_masked(case.names))


async def take_erase(desk: Desk) -> Response:
    """Erase somebody."""
    form = await desk.form()
    try:
        reason = EraseReason(form.get("reason", ""))
    except ValueError as error:
        raise InvalidInput("reason", "must be one of " + ", ".join(EraseReason)) from error
    contact_id = _contact_id(desk)
    await erase_as_operator(desk.services, desk.actor, contact_id, reason)
    return desk.see(f"/people/{contact_id}", "erased")


async def take_evidence(desk: Desk) -> Response:
    """Give the evidence pack away: by a form, since the log keeps who took it."""
    await desk.form()
    contact_id = _contact_id(desk)
    await write_down(desk.services, desk.actor, AuditAct.EVIDENCE_TAKEN, contact_id=contact_id)
    name, content = await make_pack(desk.services, desk.business_id, contact_id, desk.reader.locale)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/zip", headers=headers)


async def _person(desk: Desk, reason: LookReason | None = None) -> Response:
    case = await look_at_person(desk.services, desk.actor, _contact_id(desk), reason)
    story = Story(case, desk.reader, desk.vocabulary)
    names = [written(name) if reason else masked(name) for name in case.names]
    looks: tuple[Any, ...] = ()
    if desk.may(Permission.AUDIT):
        looks = await read_looks(desk.services, desk.business_id, case.contact_id, _LOOKS)
    team = await list_team(desk.services, desk.business_id) if looks else ()
    return desk.page(
        "person.html",
        case=case,
        story=story,
        names=names,
        is_shown=reason is not None,
        entries=list(reversed(story.entries())),
        rulings=list(reversed(story.rulings())),
        reasons=[one.value for one in LookReason],
        looks=looks,
        colleagues={one.operator_id: one.name or one.email for one in team},
        purposes=[(one.purpose.name, desk.purposes((one.purpose.name,))) for one in case.standing],
        may_read_words=desk.may(Permission.NUMBERS),
    )


def _masked(names: tuple[Any, ...]) -> str:
    return masked(names[0]) if names else ""


def _contact_id(desk: Desk) -> ContactId:
    return ContactId(parse_id(Prefix.CONTACT, desk.request.path_params["contact"], "contact"))
