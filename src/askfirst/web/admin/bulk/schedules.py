"""Commands about exports that are written again and again."""

from __future__ import annotations

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import ExportSchedule
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.bulk.exports.manage_schedules import (
    ScheduleChange,
    SchedulePlace,
    ScheduleWish,
    change_schedule,
    list_schedules,
    parse_schedule_id,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    run_schedule_now,
    schedule_export,
)
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ScheduleExport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Have an export written again and again."""

    kind: ExportKind
    format: FileFormat
    every_hours: int
    destination: str
    with_numbers: bool = False

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        wish = ScheduleWish(
            kind=self.kind,
            format=self.format,
            every_hours=self.every_hours,
            destination=self.destination,
            with_numbers=self.with_numbers,
            may_see_numbers=True,  # whoever runs commands here can read the database
        )
        return _sheet(await schedule_export(services, business_id, wish))


class ListSchedules(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List what was asked for, the oldest first."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found = await list_schedules(services, business_id)
        return {"schedules": [_sheet(one) for one in found]}


class ChangeSchedule(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Change how, how often or where to; None stays as it is."""

    id: str
    format: FileFormat | None = None
    every_hours: int | None = None
    destination: str | None = None
    with_numbers: bool | None = None

    async def run(self, services: Services) -> Answer:
        change = ScheduleChange(
            format=self.format,
            every_hours=self.every_hours,
            destination=self.destination,
            with_numbers=self.with_numbers,
            may_see_numbers=True,  # as above
        )
        place = await _place(services, self.business, self.id)
        return _sheet(await change_schedule(services, place, change))


class PauseSchedule(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Write nothing of one until it is resumed."""

    id: str

    async def run(self, services: Services) -> Answer:
        place = await _place(services, self.business, self.id)
        return _sheet(await pause_schedule(services, place))


class ResumeSchedule(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Go on with one that was paused."""

    id: str

    async def run(self, services: Services) -> Answer:
        place = await _place(services, self.business, self.id)
        return _sheet(await resume_schedule(services, place, may_see_numbers=True))


class RunScheduleNow(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Have one written at once, by the server."""

    id: str

    async def run(self, services: Services) -> Answer:
        place = await _place(services, self.business, self.id)
        return _sheet(await run_schedule_now(services, place, may_see_numbers=True))


class RemoveSchedule(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End one."""

    id: str

    async def run(self, services: Services) -> Answer:
        await remove_schedule(services, *await _place(services, self.business, self.id))
        return {"id": self.id}


async def _place(services: Services, business: str, text: str) -> SchedulePlace:
    return SchedulePlace(await business_of(services, business), parse_schedule_id(text))


def _sheet(one: ExportSchedule) -> Answer:
    return {
        "id": one.schedule_id,
        "business": one.business_id,
        "kind": one.kind.value,
        "format": one.format.value,
        "numbers": one.with_numbers,
        "every_hours": one.every_hours,
        "destination": one.destination,
        "paused": one.is_paused,
        "created_at": to_rfc3339(one.created_at),
        "next_at": to_rfc3339(one.next_at),
        "last_at": None if one.last_at is None else to_rfc3339(one.last_at),
        "outcome": one.outcome.value,
        "reason": one.reason or None,
        "file": one.file or None,
        "rows": one.rows,
        "after": one.after or None,
    }
