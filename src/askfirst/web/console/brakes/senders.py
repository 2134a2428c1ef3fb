"""Senders with Meta's facts, and our brakes: never mixed up."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.brakes.brake import Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import AskfirstError, InvalidInput
from askfirst.usecases.brakes.manage_brakes import Pause, lift_brake, list_brakes, set_brake
from askfirst.usecases.operators.write_down import write_down
from askfirst.usecases.tenants.manage_senders import list_health
from askfirst.usecases.tenants.manage_templates import list_templates
from askfirst.usecases.tenants.read_senders import list_senders
from askfirst.web.console.desk import Desk, field_of

_PAGE: Final = 100


async def show_senders(desk: Desk) -> Response:
    """Every sender, and every brake that is on."""
    return await _senders(desk)


async def take_pause(desk: Desk) -> Response:
    """Pause what the business sends, or one sender of it."""
    form = await desk.form()
    sender = form.get("sender", "")
    try:
        pause = Pause(
            business_id=desk.business_id,
            scope=BrakeScope.SENDER if sender else BrakeScope.BUSINESS,
            subject=sender,
            holds=_hold(field_of(form, "holds")),
            until=None,
            by=desk.operator.name or desk.operator.operator_id,
            reason=form.get("reason", ""),
        )
        await write_down(desk.services, desk.actor, AuditAct.PAUSED, about=pause.holds.value)
        await set_brake(desk.services, pause)
    except InvalidInput as error:
        return await _senders(desk, error)
    return desk.see("/senders", "paused")


async def take_lift(desk: Desk) -> Response:
    """Lift a brake, with a reason."""
    form = await desk.form()
    brake_id = desk.request.path_params["brake"]
    by = desk.operator.name or desk.operator.operator_id
    try:
        await write_down(desk.services, desk.actor, AuditAct.BRAKE_LIFTED, about=brake_id)
        await lift_brake(desk.services, desk.business_id, brake_id, by, form.get("reason", ""))
    except InvalidInput as error:
        return await _senders(desk, error)
    return desk.see("/senders", "lifted")


async def show_templates(desk: Desk) -> Response:
    """A page of the registry, with what is amiss."""
    after = desk.request.query_params.get("after", "")
    found = await list_templates(desk.services, desk.business_id, after, _PAGE)
    last = found[-1].template if len(found) == _PAGE else None
    more = f"{last.name}/{last.language}/{last.waba_id}" if last else ""
    return desk.page("templates.html", found=found, more=more)


async def _senders(desk: Desk, error: AskfirstError | None = None) -> Response:
    health = await list_health(desk.services, desk.business_id)
    brakes = await list_brakes(desk.services, desk.business_id, "", _PAGE, with_lifted=True)
    return desk.page(
        "senders.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        senders=await list_senders(desk.services, desk.business_id),
        health={one.phone_number_id: one for one in health},
        on=[brake for brake in brakes if brake.lifted_at is None],
        lifted=[brake for brake in brakes if brake.lifted_at is not None][:10],
        error=error,
    )


def _hold(text: str) -> Hold:
    try:
        return Hold(text)
    except ValueError as error:
        raise InvalidInput("holds", "must be marketing or everything") from error
