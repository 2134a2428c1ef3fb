"""Have exports written again and again, list what was asked for, end it; tell what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome, ExportSchedule
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


class ManageSchedulesNeeds(HasClock, HasExportFiles, HasExportSchedules, HasIds, Protocol):
    """What this use case needs from the world."""


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
        UnknownReference: the server's operator allowed no destination of this name.
        Conflict: the business has as many schedules as it may.
    """
    if wish.with_numbers and not wish.may_see_numbers:
        raise NotPermitted("exports with numbers are for those who may see numbers")
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
    if schedule.destination not in services.export_files.destinations:
        known = ", ".join(sorted(services.export_files.destinations)) or "none"
        message = f"is no destination; ASKFIRST_EXPORT_DESTINATIONS names: {known}"
        raise UnknownReference("destination", message)
    if not await services.export_schedules.add(schedule):
        raise Conflict(f"a business has {SCHEDULES_MAX} schedules at most; remove one first")
    return schedule


async def list_schedules(
    services: HasExportSchedules, business_id: BusinessId
) -> tuple[ExportSchedule, ...]:
    """Return all schedules of a business, the oldest first."""
    return await services.export_schedules.list(business_id)


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
    return is_gone or schedule.outcome is ExportOutcome.FAILED


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
