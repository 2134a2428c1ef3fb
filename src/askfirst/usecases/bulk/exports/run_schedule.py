"""Write the export of a schedule that is due: a file at its destination, at least once.

A file has its name only when it is whole. Whoever begins changes the revision of the schedule, and
looks at it again before the file is named: who was overtaken, or whose schedule was removed, names
none. What comes after that may be lost with the process; then the next attempt writes a file anew
that begins behind the same line, so no line is missing and some may come twice.

The lease is short and kept while the work goes on, so a process that was killed holds up the next
attempt for no longer than that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from askfirst.domain.bulk.export_schedule import ExportSchedule
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError, Conflict, Unavailable
from askfirst.domain.values.ids import ExportScheduleId
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.bulk.export_schedules import HasExportSchedules
from askfirst.ports.bulk.exports import HasExports
from askfirst.ports.platform.clock import HasClock
from askfirst.usecases.bulk.exports.export_business import ExportPart, export_business

EXPORT_LEASE: Final = 2 * MINUTE
"""After so long another process goes on, where this one has ended."""
KEPT_SECONDS: Final = 30.0
"""How often the lease is kept: three may fail before it ends."""
_SECONDS_MAX: Final = 25 * 60
"""A file that takes longer is given up, and told as a failure: it holds a state of the database."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenExport:
    """What was written: the name of its file, if there was anything new, and how far it goes."""

    file: str
    rows: int
    after: str


class WritesExports(Protocol):
    """Whatever writes exports to the destinations that the server's operator allowed."""

    @property
    def destinations(self) -> frozenset[str]:
        """Their names."""
        ...

    async def write(
        self,
        schedule: ExportSchedule,
        parts: AsyncGenerator[ExportPart, None],
        check: Callable[[], Awaitable[None]],
    ) -> WrittenExport:
        """Write a file; `check` is asked right before it is named, and raises where it may not be.

        Raises:
            AskfirstError: it cannot be written; there is no file of the name then.
        """
        ...


class HasExportFiles(Protocol):
    """Whatever brings a writer of exports along."""

    @property
    def export_files(self) -> WritesExports:
        """A writer of exports."""
        ...


class RunScheduleNeeds(HasClock, HasExports, HasExportFiles, HasExportSchedules, Protocol):
    """What this use case needs from the world."""


async def run_schedule(services: RunScheduleNeeds, leased: LeasedTask) -> Instant | None:
    """Write what is due: the task of `Queue.EXPORTS`. None: it was removed, or is paused.

    Raises:
        Exception: what went wrong; it is written down with the schedule, and to be tried again.
    """
    place = (leased.task.business_id, ExportScheduleId(leased.task.task_id))
    schedule = await services.export_schedules.find(*place)
    if schedule is None or schedule.is_paused or services.clock.now() < schedule.next_at:
        return _due(schedule)
    if await services.export_schedules.change(schedule):
        begun = replace(schedule, revision=schedule.revision + 1)
        await services.export_schedules.change(await _attempt(services, begun, leased))
    return _due(await services.export_schedules.find(*place))


def _due(schedule: ExportSchedule | None) -> Instant | None:
    return None if schedule is None or schedule.is_paused else schedule.next_at


async def _attempt(
    services: RunScheduleNeeds, begun: ExportSchedule, leased: LeasedTask
) -> ExportSchedule:
    """Return the schedule after an attempt that went well; keep it after one that did not."""
    parts = export_business(services, begun.order)
    writing = services.export_files.write(begun, parts, lambda: _check(services, begun))
    try:
        async with asyncio.timeout(_SECONDS_MAX):
            written = await _while_kept(services, leased, writing)
    except Exception as error:
        reason = error.code if isinstance(error, AskfirstError) else type(error).__name__
        await services.export_schedules.change(begun.failed(reason, services.clock.now()))
        raise
    now = services.clock.now()
    return begun.written(written.file, written.rows, written.after, now)


async def _while_kept(
    services: RunScheduleNeeds, leased: LeasedTask, work: Coroutine[Any, Any, _T]
) -> _T:
    """Do something while its task is kept.

    Raises:
        Conflict: the task is somebody else's, or was taken away; the work was given up.
    """
    working, keeping = asyncio.create_task(work), asyncio.create_task(_keep(services, leased))
    try:
        await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            keeping.result()
        return await working
    finally:
        working.cancel()
        keeping.cancel()
        await asyncio.gather(working, keeping, return_exceptions=True)


async def _keep(services: RunScheduleNeeds, leased: LeasedTask) -> None:
    """Keep a task for as long as nobody stops this.

    Raises:
        Conflict: it is somebody else's, or was taken away.
    """
    is_kept = True
    while is_kept:
        await asyncio.sleep(KEPT_SECONDS)
        until = Instant(services.clock.now() + EXPORT_LEASE)
        with suppress(Unavailable):  # the next time, while the lease lasts
            is_kept = await services.export_schedules.keep_at(leased, until)
    raise Conflict("the export was changed, paused or removed, or somebody else is at it")


async def _check(services: HasExportSchedules, begun: ExportSchedule) -> None:
    """Look whether this attempt may still finish.

    Raises:
        Conflict: the schedule was removed, or somebody else has begun since.
    """
    found = await services.export_schedules.find(begun.business_id, begun.schedule_id)
    if found is None or found.revision != begun.revision:
        raise Conflict("the schedule of this export was removed, or somebody else is at it")
