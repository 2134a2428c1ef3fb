"""Commands about exports that are written again and again."""

from __future__ import annotations

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import ExportSchedule
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.bulk.exports.manage_schedules import (
    ScheduleWish,
    list_schedules,
    parse_schedule_id,
    remove_schedule,
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


class RemoveSchedule(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End one."""

    id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        await remove_schedule(services, business_id, parse_schedule_id(self.id))
        return {"id": self.id}


def _sheet(one: ExportSchedule) -> Answer:
    return {
        "id": one.schedule_id,
        "business": one.business_id,
        "kind": one.kind.value,
        "format": one.format.value,
        "numbers": one.with_numbers,
        "every_hours": one.every_hours,
        "destination": one.destination,
        "created_at": to_rfc3339(one.created_at),
        "next_at": to_rfc3339(one.next_at),
        "last_at": None if one.last_at is None else to_rfc3339(one.last_at),
        "outcome": one.outcome.value,
        "reason": one.reason or None,
        "file": one.file or None,
        "rows": one.rows,
        "after": one.after or None,
    }
