"""Schedules of exports, for either backend. Nothing in them is about a person."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome, ExportSchedule
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.ids import BusinessId, ExportScheduleId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.bulk.export_schedules import export_task
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import StoredTasks, enqueue_step, schedule_step


class ExportScheduleRow(NamedTuple):
    """A row of statements `export_schedule` and `export_schedules`."""

    schedule_id: str
    kind: str
    format: str
    with_numbers: int
    every_hours: int
    destination: str
    created_at: int
    next_at: int
    last_at: int | None
    outcome: str
    reason: str
    file: str
    row_count: int
    after_line: str
    revision: int
    is_paused: int


class StoredExportSchedules:
    """See ports.bulk.export_schedules.ExportSchedules. Locks: the list, row, task."""

    def __init__(self, statements: Statements, tasks: StoredTasks) -> None:
        self._statements = statements
        self._tasks = tasks

    async def add(self, schedule: ExportSchedule) -> bool:
        business_id = schedule.business_id

        def talk() -> TransactionScript[bool]:
            yield "lock_export_schedules", (business_id,)
            counted = yield "count_export_schedules", (business_id,)
            if counted[0][0] >= SCHEDULES_MAX:
                return False
            yield "add_export_schedule", _row(schedule)
            yield enqueue_step(export_task(business_id, schedule.schedule_id), schedule.next_at)
            return True

        is_kept = await self._statements.talk(business_id, talk)
        self._tasks.wake()
        return is_kept

    async def find(
        self, business_id: BusinessId, schedule_id: ExportScheduleId
    ) -> ExportSchedule | None:
        rows = await self._statements.fetch("export_schedule", business_id, schedule_id)
        return _read(business_id, rows[0]) if rows else None

    async def list(self, business_id: BusinessId) -> tuple[ExportSchedule, ...]:
        rows = await self._statements.fetch("export_schedules", business_id)
        return tuple(_read(business_id, row) for row in rows)

    async def change(self, schedule: ExportSchedule) -> bool:
        return bool(await self._statements.write("change_export_schedule", *_changed(schedule)))

    async def arrange(self, schedule: ExportSchedule) -> bool:
        task = export_task(schedule.business_id, schedule.schedule_id)

        def talk() -> TransactionScript[bool]:
            if not (yield "change_export_schedule", _changed(schedule)):
                return False
            yield schedule_step(task, None if schedule.is_paused else schedule.next_at)
            return True

        is_kept = await self._statements.talk(schedule.business_id, talk)
        self._tasks.wake()
        return is_kept

    async def keep_at(self, leased: LeasedTask, until: Instant) -> bool:
        return await self._tasks.keep_at(leased, until)

    async def remove(self, business_id: BusinessId, schedule_id: ExportScheduleId) -> bool:
        def talk() -> TransactionScript[bool]:
            if not (yield "remove_export_schedule", (business_id, schedule_id)):
                return False
            yield schedule_step(export_task(business_id, schedule_id), None)
            return True

        return await self._statements.talk(business_id, talk)


def _run(schedule: ExportSchedule) -> tuple[object, ...]:
    return (
        schedule.last_at,
        schedule.outcome.value,
        schedule.reason,
        schedule.file,
        schedule.rows,
        schedule.after,
    )


def _changed(schedule: ExportSchedule) -> tuple[object, ...]:
    return (
        schedule.business_id,
        schedule.schedule_id,
        schedule.revision,
        schedule.format.value,
        schedule.with_numbers,
        schedule.every_hours,
        schedule.destination,
        schedule.next_at,
        *_run(schedule),
        schedule.is_paused,
    )


def _row(schedule: ExportSchedule) -> tuple[object, ...]:
    return (
        schedule.business_id,
        schedule.schedule_id,
        schedule.kind.value,
        schedule.format.value,
        schedule.with_numbers,
        schedule.every_hours,
        schedule.destination,
        schedule.created_at,
        schedule.next_at,
        *_run(schedule),
        schedule.revision,
        schedule.is_paused,
    )


def _read(business_id: BusinessId, found: Row) -> ExportSchedule:
    row = ExportScheduleRow(*found)
    return ExportSchedule(
        business_id=business_id,
        schedule_id=ExportScheduleId(row.schedule_id),
        kind=ExportKind(row.kind),
        format=FileFormat(row.format),
        with_numbers=bool(row.with_numbers),
        every_hours=row.every_hours,
        destination=row.destination,
        created_at=Instant(row.created_at),
        next_at=Instant(row.next_at),
        last_at=None if row.last_at is None else Instant(row.last_at),
        outcome=ExportOutcome(row.outcome),
        reason=row.reason,
        file=row.file,
        rows=row.row_count,
        after=row.after_line,
        revision=row.revision,
        is_paused=bool(row.is_paused),
    )
