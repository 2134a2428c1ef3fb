"""Scheduled exports: what is written where and when, how it went, and forms to change that."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.bulk.export import ExportKind, FileFormat, export_kind_of, file_format_of
from askfirst.domain.bulk.export_schedule import (
    DESTINATION_EXPECTED,
    ExportSchedule,
    is_destination,
)
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Permission
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput, UnknownReference
from askfirst.usecases.bulk.exports.manage_schedules import (
    ScheduleChange,
    SchedulePlace,
    ScheduleWish,
    change_schedule,
    find_schedule,
    is_due,
    list_destinations,
    list_schedules,
    parse_schedule_id,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    run_schedule_now,
    schedule_export,
)
from askfirst.usecases.operators.write_down import write_down
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.problems import NotFound

OFTEN: Final = (1, 6, 12, 24, 168)
"""Hours that have words of their own."""
_DIGITS_MAX: Final = 4


async def show_exports(desk: Desk) -> Response:
    """Every schedule, and the form for one more."""
    return await _exports(desk)


async def take_export(desk: Desk) -> Response:
    """Schedule an export."""
    form = await desk.form()
    try:
        wish = ScheduleWish(
            kind=export_kind_of(field_of(form, "kind")),
            format=file_format_of(field_of(form, "format")),
            every_hours=_hours(field_of(form, "every")),
            destination=_destination(field_of(form, "to")),
            with_numbers="numbers" in form,
            may_see_numbers=desk.may(Permission.NUMBERS),
        )
        about = f"{wish.kind}/{wish.destination}" + ("/numbers" if wish.with_numbers else "")
        await write_down(desk.services, desk.actor, AuditAct.EXPORT_SCHEDULED, about=about)
        await schedule_export(desk.services, desk.business_id, wish)
    except (Conflict, InvalidInput) as error:
        return await _exports(desk, error)
    return desk.see("/exports", "export_scheduled")


async def show_export(desk: Desk) -> Response:
    """One schedule, with the forms to change it and to end it."""
    return _export(desk, await _find(desk))


async def take_export_change(desk: Desk) -> Response:
    """Change how, how often and where to."""
    form = await desk.form()
    one = await _find(desk)
    try:
        change = ScheduleChange(
            format=file_format_of(field_of(form, "format")),
            every_hours=_hours(field_of(form, "every")),
            destination=_destination(field_of(form, "to")),
            with_numbers="numbers" in form,
            may_see_numbers=desk.may(Permission.NUMBERS),
        )
        await _write_down(desk, AuditAct.EXPORT_CHANGED, one)
        await change_schedule(desk.services, _place(one), change)
    except (Conflict, InvalidInput) as error:
        return _export(desk, one, error)
    return desk.see("/exports", "export_changed")


async def take_export_state(desk: Desk) -> Response:
    """Pause a schedule, or resume it."""
    form = await desk.form()
    one = await _find(desk)
    state = form.get("state", "")
    if state == "paused":
        await _write_down(desk, AuditAct.EXPORT_PAUSED, one)
        await pause_schedule(desk.services, _place(one))
        return desk.see("/exports", "export_paused")
    if state != "live":
        return await _exports(desk, InvalidInput("state", "must be live or paused"))
    may_see_numbers = desk.may(Permission.NUMBERS)
    await _write_down(desk, AuditAct.EXPORT_RESUMED, one)
    await resume_schedule(desk.services, _place(one), may_see_numbers=may_see_numbers)
    return desk.see("/exports", "export_resumed")


async def take_export_run(desk: Desk) -> Response:
    """Have a schedule written at once."""
    await desk.form()
    one = await _find(desk)
    may_see_numbers = desk.may(Permission.NUMBERS)
    await _write_down(desk, AuditAct.EXPORT_RUN, one)
    try:
        await run_schedule_now(desk.services, _place(one), may_see_numbers=may_see_numbers)
    except Conflict as error:
        return await _exports(desk, error)
    return desk.see("/exports", "export_asked")


async def take_export_end(desk: Desk) -> Response:
    """End a schedule."""
    await desk.form()
    one = await _find(desk)
    await _write_down(desk, AuditAct.EXPORT_REMOVED, one)
    await remove_schedule(desk.services, *_place(one))
    return desk.see("/exports", "export_removed")


async def _write_down(desk: Desk, act: AuditAct, one: ExportSchedule) -> None:
    await write_down(desk.services, desk.actor, act, about=one.schedule_id)


def _place(one: ExportSchedule) -> SchedulePlace:
    return SchedulePlace(one.business_id, one.schedule_id)


async def _find(desk: Desk) -> ExportSchedule:
    try:
        schedule_id = parse_schedule_id(desk.request.path_params["schedule"])
        return await find_schedule(desk.services, SchedulePlace(desk.business_id, schedule_id))
    except (UnknownReference, InvalidInput) as error:
        raise NotFound("no scheduled export of this id is here") from error


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise InvalidInput("every", "must be a number of hours")
    return int(text)


def _destination(text: str) -> str:
    if not is_destination(text):
        raise InvalidInput("destination", DESTINATION_EXPECTED)
    return text


async def _exports(desk: Desk, error: AskfirstError | None = None) -> Response:
    found = await list_schedules(desk.services, desk.business_id)
    return desk.page(
        "bulk/exports.html",
        _status(error),
        schedules=[(one, is_due(desk.services, one)) for one in found],
        destinations=list_destinations(desk.services),
        kinds=list(ExportKind),
        formats=list(FileFormat),
        often=OFTEN,
        error=error,
    )


def _export(desk: Desk, one: ExportSchedule, error: AskfirstError | None = None) -> Response:
    return desk.page(
        "bulk/export.html",
        _status(error),
        one=one,
        destinations=list_destinations(desk.services),
        formats=list(FileFormat),
        often=sorted({*OFTEN, one.every_hours}),
        error=error,
    )


def _status(error: AskfirstError | None) -> int:
    if error is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
