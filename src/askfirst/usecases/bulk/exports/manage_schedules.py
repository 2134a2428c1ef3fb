"""Have exports written again and again: list, change, pause, run now, end; tell what goes wrong.

A destination is a name that the server's operator gave a place, so nobody who may schedule can make
the server write, or connect, to a place of their choice. Who may not see numbers changes, resumes
and runs none that has them; to pause or end one is everybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome, ExportSchedule
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, NotPermitted, UnknownReference
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId, ExportScheduleId, Prefix, parse_id
from askfirst.ports.bulk.export_schedules import ExportSchedules, HasExportSchedules
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.tenants.directory import Directory
from askfirst.usecases.bulk.exports.run_schedule import HasExportFiles, WritesExports

REMEDY: Final = (
    "Check that the destination exists, has room and may be written to. It is tried again by "
    "itself, once an hour at least."
)
_CHECK: Final = "exports"
_TRIES: Final = 5


class ManageSchedulesNeeds(HasClock, HasExportFiles, HasExportSchedules, HasIds, Protocol):
    """What this use case needs from the world."""


class SchedulePlace(NamedTuple):
    """A schedule of a business."""

    business_id: BusinessId
    schedule_id: ExportScheduleId


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """What is to be another way; None stays as it is. `may_see_numbers` as in `ScheduleWish`."""

    format: FileFormat | None = None
    every_hours: int | None = None
    destination: str | None = None
    with_numbers: bool | None = None
    may_see_numbers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleWish:
    """What is to be exported, how, how often and where to.

    `may_see_numbers`: whether who asks for it may see people's numbers.
    """

    kind: ExportKind
    format: FileFormat
    every_hours: int
    destination: str
    with_numbers: bool
    may_see_numbers: bool


async def schedule_export(
    services: ManageSchedulesNeeds, business_id: BusinessId, wish: ScheduleWish
) -> ExportSchedule:
    """Have an export written now, and again every so many hours.

    Raises:
        NotPermitted: numbers are wanted by somebody who may not see them.
        InvalidInput: hours, destination or parts are not such as can be.
        UnknownReference: the server's operator allowed no destination of this name.
        Conflict: the business has as many schedules as it may.
    """
    _check_numbers(wish.with_numbers, wish.may_see_numbers)
    now = services.clock.now()
    schedule = ExportSchedule(
        business_id=business_id,
        schedule_id=services.ids.export_schedule(),
        kind=wish.kind,
        format=wish.format,
        with_numbers=wish.with_numbers,
        every_hours=wish.every_hours,
        destination=wish.destination,
        created_at=now,
        next_at=now,
    )
    _check_destination(services, schedule)
    if not await services.export_schedules.add(schedule):
        raise Conflict(f"a business has {SCHEDULES_MAX} schedules at most; remove one first")
    return schedule


async def list_schedules(
    services: HasExportSchedules, business_id: BusinessId
) -> tuple[ExportSchedule, ...]:
    """Return all schedules of a business, the oldest first."""
    return await services.export_schedules.list(business_id)


async def find_schedule(services: HasExportSchedules, place: SchedulePlace) -> ExportSchedule:
    """Return a schedule.

    Raises:
        UnknownReference: the business has none of this id.
    """
    found = await services.export_schedules.find(*place)
    if found is None:
        raise UnknownReference("schedule", "no such schedule of exports")
    return found


def list_destinations(services: HasExportFiles) -> tuple[str, ...]:
    """Return the names that the server's operator gave to places."""
    return tuple(sorted(services.export_files.destinations))


def is_due(services: HasClock, schedule: ExportSchedule) -> bool:
    """Return whether it is to be written as soon as may be, or is being written."""
    return not schedule.is_paused and schedule.next_at <= services.clock.now()


async def change_schedule(
    services: ManageSchedulesNeeds, place: SchedulePlace, change: ScheduleChange
) -> ExportSchedule:
    """Change how, how often or where to. What is written of it now is given up and begun anew.

    Raises:
        NotPermitted: it has numbers, or is to, and who asks may not see them.
        InvalidInput: hours, destination or parts are not such as can be.
        UnknownReference: there is no such schedule, or no destination of this name.
        Conflict: somebody else changes it, too.
    """

    def changed(one: ExportSchedule) -> ExportSchedule:
        arranged = one.arranged(
            file_format=change.format or one.format,
            with_numbers=one.with_numbers if change.with_numbers is None else change.with_numbers,
            every_hours=one.every_hours if change.every_hours is None else change.every_hours,
            destination=one.destination if change.destination is None else change.destination,
            now=services.clock.now(),
        )
        _check_numbers(one.with_numbers or arranged.with_numbers, change.may_see_numbers)
        _check_destination(services, arranged)
        return arranged

    return await _arrange(services, place, changed)


async def pause_schedule(services: HasExportSchedules, place: SchedulePlace) -> ExportSchedule:
    """Write nothing of it until it is resumed; what is being written is given up.

    Raises:
        UnknownReference: the business has none of this id.
        Conflict: somebody else changes it, too.
    """
    return await _arrange(services, place, lambda one: replace(one, is_paused=True))


async def resume_schedule(
    services: HasExportSchedules, place: SchedulePlace, *, may_see_numbers: bool
) -> ExportSchedule:
    """Go on where it was paused: turns that were missed are made up by one export.

    Raises:
        NotPermitted: it has numbers, and who asks may not see them.
        UnknownReference: the business has none of this id.
        Conflict: somebody else changes it, too.
    """

    def resumed(one: ExportSchedule) -> ExportSchedule:
        _check_numbers(one.with_numbers, may_see_numbers)
        return replace(one, is_paused=False)

    return await _arrange(services, place, resumed)


async def run_schedule_now(
    services: ManageSchedulesNeeds, place: SchedulePlace, *, may_see_numbers: bool
) -> ExportSchedule:
    """Have it written at once, in the background; its turns stay as they are.

    One that failed is tried again at once; one that is due already is due.

    Raises:
        NotPermitted: it has numbers, and who asks may not see them.
        UnknownReference: the business has none of this id.
        Conflict: it is paused, or somebody else changes it, too.
    """

    def asked(one: ExportSchedule) -> ExportSchedule:
        _check_numbers(one.with_numbers, may_see_numbers)
        if one.is_paused:
            raise Conflict("it is paused; resume it first")
        return one.asked(services.clock.now())

    return await _arrange(services, place, asked)


async def remove_schedule(
    services: HasExportSchedules, business_id: BusinessId, schedule_id: ExportScheduleId
) -> None:
    """End a schedule; the files that it wrote stay where they are.

    Raises:
        UnknownReference: the business has none of this id.
    """
    if not await services.export_schedules.remove(business_id, schedule_id):
        raise UnknownReference("schedule", "no such schedule of exports")


def parse_schedule_id(text: str) -> ExportScheduleId:
    """Read the id of a schedule."""
    return ExportScheduleId(parse_id(Prefix.EXPORT_SCHEDULE, text, "schedule"))


async def _arrange(
    services: HasExportSchedules,
    place: SchedulePlace,
    rule: Callable[[ExportSchedule], ExportSchedule],
) -> ExportSchedule:
    """Keep what a rule makes of a schedule; once more where somebody changed it meanwhile."""
    for _ in range(_TRIES):
        found = await find_schedule(services, place)
        wanted = rule(found)
        is_still = wanted == found and found.outcome is not ExportOutcome.FAILED
        if is_still or await services.export_schedules.arrange(wanted):
            return wanted
    raise Conflict("somebody else changes this schedule; try again")


def _check_numbers(with_numbers: bool, may_see_numbers: bool) -> None:  # noqa: FBT001 - two of a kind
    if with_numbers and not may_see_numbers:
        message = "exports with numbers are for those who may see numbers (numbers:read)"
        raise NotPermitted(message, needed="numbers:read")


def _check_destination(services: HasExportFiles, schedule: ExportSchedule) -> None:
    if schedule.destination not in services.export_files.destinations:
        known = ", ".join(list_destinations(services)) or "none"
        message = f"is no destination; ASKFIRST_EXPORT_DESTINATIONS names: {known}"
        raise UnknownReference("destination", message)


async def find_failing_exports(
    schedules: ExportSchedules, directory: Directory, files: WritesExports
) -> tuple[Finding, ...]:
    """Return a line for each schedule whose last export failed, or whose destination is gone."""
    found = [
        _finding(schedule, files)
        for business_id in sorted(await directory.businesses())
        for schedule in await schedules.list(business_id)
        if _is_failing(schedule, files)
    ]
    if found:
        return tuple(found)
    summary = "No scheduled export fails."
    return (Finding(check=_CHECK, severity=Severity.OK, summary=summary),)


def _is_failing(schedule: ExportSchedule, files: WritesExports) -> bool:
    is_gone = schedule.destination not in files.destinations
    return not schedule.is_paused and (is_gone or schedule.outcome is ExportOutcome.FAILED)


def _finding(schedule: ExportSchedule, files: WritesExports) -> Finding:
    what = f"{schedule.business_id}: the export of {schedule.kind} to {schedule.destination}"
    if schedule.destination in files.destinations:
        summary = f"{what} fails ({schedule.reason})."
        remedy = f"{REMEDY} The log says more: export_failed."
    else:
        summary = f"{what} has no destination."
        remedy = (
            f"Name {schedule.destination} in ASKFIRST_EXPORT_DESTINATIONS, or run askfirst exports "
            f"remove {schedule.schedule_id} --business {schedule.business_id}."
        )
    return Finding(check=_CHECK, severity=Severity.PROBLEM, summary=summary, remedy=remedy)
