"""Writes scheduled exports: the lines or columns of `askfirst export`, to a destination by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import IO

import structlog

from askfirst import __version__
from askfirst.bootstrap.exports.parquet_export import write_parquet
from askfirst.bootstrap.exports.places import ExportPlace
from askfirst.domain.bulk.export import ExportPage, FileFormat
from askfirst.domain.bulk.export_schedule import GROWING, ExportSchedule
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.errors import AskfirstError, UnknownReference
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.bulk.exports.export_business import (
    ExportEnd,
    ExportPart,
    ExportStart,
)
from askfirst.usecases.bulk.exports.manage_schedules import REMEDY
from askfirst.usecases.bulk.exports.run_schedule import (
    RunScheduleNeeds,
    WrittenExport,
    run_schedule,
)
from askfirst.web.exports.export_lines import Line, encode_page, lines_of


@dataclass(slots=True)
class _Seen:
    """What went by."""

    rows: int = 0
    as_of: int = 0
    after: str = ""


class ExportWriter:
    """See usecases.bulk.exports.run_schedule.WritesExports."""

    def __init__(self, places: Mapping[str, ExportPlace]) -> None:
        self._places = places
        self.destinations = frozenset(places)

    async def write(
        self,
        schedule: ExportSchedule,
        parts: AsyncGenerator[ExportPart, None],
        check: Callable[[], Awaitable[None]],
    ) -> WrittenExport:
        place = self._places.get(schedule.destination)
        if place is None:
            await parts.aclose()
            raise UnknownReference("destination", "is no destination of this server any more")
        seen, name = _Seen(), ""
        with place.draft(schedule.schedule_id) as draft:
            await _write(schedule, _watched(parts, seen), draft.file)
            if seen.rows or schedule.kind not in GROWING:
                await check()
                name = _name_of(schedule, seen)
                await draft.keep(name)
        return WrittenExport(file=name, rows=seen.rows, after=seen.after)


def _name_of(schedule: ExportSchedule, seen: _Seen) -> str:
    """Name a file by what is due, and how far it goes: an attempt that is overtaken hides none."""
    due = to_rfc3339(schedule.next_at)[:19].replace("-", "").replace(":", "")
    end = seen.after if schedule.kind in GROWING else seen.as_of
    what = f"{schedule.business_id}-{schedule.kind}-{schedule.schedule_id}"
    return f"{what}-{due}Z-{end}.{schedule.format}"


async def _watched(
    parts: AsyncGenerator[ExportPart, None], seen: _Seen
) -> AsyncGenerator[ExportPart, None]:
    async with aclosing(parts):
        async for part in parts:
            match part:
                case ExportStart():
                    seen.as_of = part.as_of
                case ExportPage():
                    seen.rows += len(part.rows)
                case ExportEnd():
                    seen.after = part.after
            yield part


async def _write(
    schedule: ExportSchedule, parts: AsyncGenerator[ExportPart, None], file: IO[bytes]
) -> None:
    async with aclosing(lines_of(parts, __version__)) as pages:
        header = await anext(pages)
        if schedule.format is FileFormat.PARQUET:
            await write_parquet(schedule.order, header, pages, file)
            return
        await asyncio.to_thread(_put, file, header)
        async for page in pages:
            await asyncio.to_thread(_put, file, page)


def _put(file: IO[bytes], page: Sequence[Line]) -> None:
    file.write(encode_page(page))


async def write_scheduled(services: RunScheduleNeeds, leased: LeasedTask) -> Instant | None:
    """Write what is due; say what went wrong, and what to do about it."""
    try:
        return await run_schedule(services, leased)
    except Exception as error:
        told = error.message if isinstance(error, AskfirstError) else type(error).__name__
        structlog.get_logger("askfirst").warning(
            "export_failed",
            business=leased.task.business_id,
            schedule=leased.task.task_id,
            error=f"{told}. To do: {REMEDY}",
        )
        raise
