"""Schedules of exports. Each has a task of its own, which is there as long as the schedule is.

Writes are durable when they return. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.bulk.export_schedule import ExportSchedule
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, ExportScheduleId
from askfirst.domain.values.timestamp import Instant


class ExportSchedules(Protocol):
    """Schedules of a business's exports."""

    async def add(self, schedule: ExportSchedule) -> bool:
        """Keep a new one with its task; False where the business has as many as it may."""
        ...

    async def find(
        self, business_id: BusinessId, schedule_id: ExportScheduleId
    ) -> ExportSchedule | None:
        """Return one; None where the business has none of this id."""
        ...

    async def list(self, business_id: BusinessId) -> tuple[ExportSchedule, ...]:
        """Return all of a business, the oldest first."""
        ...

    async def change(self, schedule: ExportSchedule) -> bool:
        """Keep how it went, where nobody changed it since `schedule.revision`."""
        ...

    async def arrange(self, schedule: ExportSchedule) -> bool:
        """Keep what is wanted of it, where nobody changed it since `schedule.revision`.

        Its task is due when it is, and gone while it is paused; whoever is at work on it gives no
        file a name any more.
        """
        ...

    async def keep_at(self, leased: LeasedTask, until: Instant) -> bool:
        """Keep its task until a moment, while it is worked on; False: it is somebody else's."""
        ...

    async def remove(self, business_id: BusinessId, schedule_id: ExportScheduleId) -> bool:
        """Forget one with its task; whoever is at work on it gives no file a name any more."""
        ...


class HasExportSchedules(Protocol):
    """Whatever brings schedules of exports along."""

    @property
    def export_schedules(self) -> ExportSchedules:
        """Schedules of exports."""
        ...


def export_task(business_id: BusinessId, schedule_id: ExportScheduleId) -> Task:
    """Name the task that writes the exports of a schedule."""
    return Task(business_id, Queue.EXPORTS, TaskId(schedule_id))
