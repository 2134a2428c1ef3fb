"""Have exports written again and again: list, add, change, pause, resume, run now, delete."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import HOURS_MAX, ExportOutcome, ExportSchedule
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.bulk.exports.manage_schedules import (
    ScheduleChange,
    SchedulePlace,
    ScheduleWish,
    change_schedule,
    find_schedule,
    list_destinations,
    list_schedules,
    parse_schedule_id,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    run_schedule_now,
    schedule_export,
)
from askfirst.usecases.context.services import Services
from askfirst.web.api.platform.models import Asked, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_Hours = Annotated[int, Field(ge=1, le=HOURS_MAX)]
_Destination = Annotated[str, Field(max_length=40, examples=["warehouse"])]
_Format = Annotated[FileFormat, Field(strict=False)]
_NUMBERS: Final = (
    "With people's numbers and ids (contacts, suppressions). Needs the scope `numbers:read`, too."
)
_WHERE: Final = (
    "The name of a destination: one of `destinations` of the list. What is behind it is a setting "
    "of the server."
)


class ExportScheduleRequest(Asked):
    """An export that is to be written again and again."""

    kind: Annotated[ExportKind, Field(strict=False, description="What is exported.")]
    destination: _Destination = Field(description=_WHERE)
    every_hours: _Hours = Field(24, description="How often it is written.")
    format: _Format = Field(
        FileFormat.LINES, description="`jsonl`: lines. `parquet`: columns for a warehouse."
    )
    numbers: bool = Field(False, description=_NUMBERS)


class ExportScheduleChangeRequest(Asked):
    """What is to be another way. What is left out stays as it is."""

    destination: _Destination | None = Field(None, description=_WHERE)
    every_hours: _Hours | None = Field(None, description="How often it is written.")
    format: _Format | None = Field(None, description="`jsonl` or `parquet`.")
    numbers: bool | None = Field(None, description=_NUMBERS)


class ExportScheduleAnswer(Told):
    """An export that is written again and again."""

    id: str = Field(
        description="The id of the schedule.", examples=["exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7"]
    )
    kind: ExportKind = Field(description="What is exported.")
    format: FileFormat = Field(description="How files are written.")
    numbers: bool = Field(description="Whether people's numbers and ids are in it.")
    every_hours: int = Field(description="How often it is written.")
    destination: str = Field(description="The name of the destination.")
    paused: bool = Field(description="Nothing is written until it is resumed.")
    created_at: Time = Field(description="When it was added. Its turns count from here.")
    next_at: Time | None = Field(
        description="When the next is due; a moment that is past: as soon as may be. Null: it is "
        "paused."
    )
    last_at: Time | None = Field(description="When the last ended. Null: there was none yet.")
    outcome: ExportOutcome = Field(
        description="How the last went. `nothing_new`: of ledger and decisions there was nothing "
        "that the file before does not have. `failed`: it is tried again by itself."
    )
    reason: str | None = Field(description="The kind of error, where the last one failed.")
    file: str | None = Field(description="The name of the newest file.")
    rows: int = Field(description="How many rows are in that.")


class ExportScheduleList(Told):
    """All schedules of the business."""

    data: list[ExportScheduleAnswer] = Field(description="The schedules, the oldest first.")
    destinations: list[str] = Field(
        description="Where exports may go to: names that the operator of the server gave to "
        "folders and buckets. Empty: no export can be scheduled."
    )


IdPath = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="The `id` of the schedule.",
        examples=["exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def get_export_schedules(services: World, caller: Caller) -> ExportScheduleList:
    """Return what is written again and again, how the last went, and where exports may go to."""
    found = await list_schedules(services, caller.business_id)
    return ExportScheduleList(
        data=[_answer(one) for one in found], destinations=list(list_destinations(services))
    )


async def post_export_schedule(
    body: ExportScheduleRequest, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Have the server write an export now, and again every so many hours.

    Of the ledger and decisions each file has what is new since the one before; contacts and
    suppressions are whole each time. A file has its name only when it is whole.
    """
    wish = ScheduleWish(
        kind=body.kind,
        format=body.format,
        every_hours=body.every_hours,
        destination=body.destination,
        with_numbers=body.numbers,
        may_see_numbers=_may_see_numbers(caller),
    )
    return _answer(await schedule_export(services, caller.business_id, wish))


async def get_export_schedule(
    name: IdPath, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Return a schedule, and how its last export went."""
    return _answer(await find_schedule(services, await _place(services, caller, name)))


async def patch_export_schedule(
    name: IdPath, body: ExportScheduleChangeRequest, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Change how, how often or where to. A file that is being written is begun anew.

    At another destination, files of the ledger and decisions go on where the last one ended. One
    that has numbers is changed by keys with `numbers:read` alone.
    """
    change = ScheduleChange(
        format=body.format,
        every_hours=body.every_hours,
        destination=body.destination,
        with_numbers=body.numbers,
        may_see_numbers=_may_see_numbers(caller),
    )
    place = await _place(services, caller, name)
    return _answer(await change_schedule(services, place, change))


async def delete_export_schedule(name: IdPath, services: World, caller: Caller) -> None:
    """End a schedule. The files that it wrote stay where they are."""
    await remove_schedule(services, *await _place(services, caller, name))


async def pause_export_schedule(
    name: IdPath, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Write nothing until it is resumed. A file that is being written is given up."""
    return _answer(await pause_schedule(services, await _place(services, caller, name)))


async def resume_export_schedule(
    name: IdPath, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Go on where it was paused: one export makes up for the turns that were missed.

    One that has numbers is resumed by keys with `numbers:read` alone.
    """
    place, may_see = await _place(services, caller, name), _may_see_numbers(caller)
    return _answer(await resume_schedule(services, place, may_see_numbers=may_see))


async def run_export_schedule(
    name: IdPath, services: World, caller: Caller
) -> ExportScheduleAnswer:
    """Have it written at once, in the background; its turns stay as they are.

    One that has numbers is run by keys with `numbers:read` alone.
    """
    place, may_see = await _place(services, caller, name), _may_see_numbers(caller)
    return _answer(await run_schedule_now(services, place, may_see_numbers=may_see))


async def _place(services: Services, caller: Caller, text: str) -> SchedulePlace:
    """Name a schedule of the caller's.

    Raises:
        NotFound: the caller has none of this id.
    """
    place = SchedulePlace(caller.business_id, parse_schedule_id(text))
    try:
        await find_schedule(services, place)
    except UnknownReference as error:
        raise NotFound("there is no such schedule of exports") from error
    return place


def _may_see_numbers(caller: Caller) -> bool:
    return ApiScope.NUMBERS_READ in caller.scopes


def _answer(one: ExportSchedule) -> ExportScheduleAnswer:
    return ExportScheduleAnswer(
        id=one.schedule_id,
        kind=one.kind,
        format=one.format,
        numbers=one.with_numbers,
        every_hours=one.every_hours,
        destination=one.destination,
        paused=one.is_paused,
        created_at=to_rfc3339(one.created_at),
        next_at=None if one.is_paused else to_rfc3339(one.next_at),
        last_at=None if one.last_at is None else to_rfc3339(one.last_at),
        outcome=one.outcome,
        reason=one.reason or None,
        file=one.file or None,
        rows=one.rows,
    )


_UNKNOWN: Final = {
    404: "There is no schedule with this id.",
    422: "The id is not one of this kind.",
}
_LACKS_NUMBERS: Final = {
    403: "The key lacks the scope that this call needs, or the schedule has numbers and the key "
    "lacks `numbers:read`.",
}

ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/export-schedules",
        scope=ApiScope.EXPORTS_READ,
        function=get_export_schedules,
        summary="List scheduled exports",
        answer=ExportScheduleList,
    ),
    ApiRoute(
        method="POST",
        path="/v1/export-schedules",
        scope=ApiScope.EXPORTS_WRITE,
        function=post_export_schedule,
        summary="Schedule an export",
        request=ExportScheduleRequest,
        answer=ExportScheduleAnswer,
        status=201,
        problems={
            **_LACKS_NUMBERS,
            409: "The business has 20 schedules already.",
            422: "A value cannot be, or there is no destination of this name.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/export-schedules/{id}",
        scope=ApiScope.EXPORTS_READ,
        function=get_export_schedule,
        summary="Get a scheduled export",
        answer=ExportScheduleAnswer,
        problems=_UNKNOWN,
    ),
    ApiRoute(
        method="PATCH",
        path="/v1/export-schedules/{id}",
        scope=ApiScope.EXPORTS_WRITE,
        function=patch_export_schedule,
        summary="Change a scheduled export",
        request=ExportScheduleChangeRequest,
        answer=ExportScheduleAnswer,
        problems={
            **_LACKS_NUMBERS,
            404: "There is no schedule with this id.",
            409: "Somebody else changes it at the same time. Send the call again.",
            422: "A value cannot be, or there is no destination of this name.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/export-schedules/{id}",
        scope=ApiScope.EXPORTS_WRITE,
        function=delete_export_schedule,
        summary="Delete a scheduled export",
        status=204,
        problems=_UNKNOWN,
    ),
    ApiRoute(
        method="POST",
        path="/v1/export-schedules/{id}/pause",
        scope=ApiScope.EXPORTS_WRITE,
        function=pause_export_schedule,
        summary="Pause a scheduled export",
        answer=ExportScheduleAnswer,
        problems={**_UNKNOWN, 409: "Somebody else changes it at the same time."},
    ),
    ApiRoute(
        method="POST",
        path="/v1/export-schedules/{id}/resume",
        scope=ApiScope.EXPORTS_WRITE,
        function=resume_export_schedule,
        summary="Resume a scheduled export",
        answer=ExportScheduleAnswer,
        problems={
            **_UNKNOWN,
            **_LACKS_NUMBERS,
            409: "Somebody else changes it at the same time.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/export-schedules/{id}/run",
        scope=ApiScope.EXPORTS_WRITE,
        function=run_export_schedule,
        summary="Run a scheduled export now",
        answer=ExportScheduleAnswer,
        problems={**_UNKNOWN, **_LACKS_NUMBERS, 409: "It is paused: resume it first."},
    ),
)
