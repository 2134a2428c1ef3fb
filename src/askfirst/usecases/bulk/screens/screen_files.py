"""The answers of a screening as files of CSV, one for each answer: the list's own rows with why.

A spreadsheet takes no cell of them for a formula. Numbers stay as they stand in the list.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Final, NamedTuple, Self

from askfirst.domain.bulk.screen_job import RowAnswer, ScreenCount, ScreenJob, ScreenState
from askfirst.domain.bulk.table import Record
from askfirst.domain.values.errors import Conflict, UnknownReference
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.bulk.screens import HasScreens
from askfirst.usecases.bulk.imports.report_import import neutral

OWN_COLUMNS: Final = ("line", "verdict", "reason", "retry_at")
"""Before those of the list."""
_PART_ROWS: Final = 2000
PART_CHARACTERS: Final = 1 << 20
"""A part is no larger, whatever its rows are."""
_NUMBER: Final = re.compile(r"\+[0-9]{7,15}", re.ASCII)
_WRITING_MAX: Final = 8
"""Parts that are on their way to the disk while the next rows are judged."""
_PLACES_MAX: Final = 10_000
_LINE_END: Final = "\r\n"


class _Place(NamedTuple):
    """Where the rows of an answer wait, and what is told of each behind its line."""

    waiting: list[str]
    told: str


class ScreenFiles:
    """Writes rows to the file of their answer, in parts; holds no more of each than one part."""

    def __init__(self, services: HasScreens, job: ScreenJob, header: Sequence[str]) -> None:
        self._screens = services.screens
        self._job = job
        self._header = (*OWN_COLUMNS, *header)
        self._waiting: dict[tuple[str, str], list[str]] = {}
        self._places: dict[RowAnswer, _Place] = {}
        self._written: dict[tuple[str, str], tuple[int, int]] = {}
        self._writing: deque[asyncio.Task[None]] = deque()
        self.rows = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing at work behind."""
        for task in self._writing:
            task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def add(self, records: Sequence[Record], answers: Sequence[RowAnswer]) -> None:
        """Take in rows with their answers."""
        places, is_number = self._places, _NUMBER.fullmatch
        for record, answer in zip(records, answers, strict=True):
            place = places.get(answer) or self._place(answer)
            cells = record.cells
            if len(cells) == 1 and is_number(cells[0]):
                rest = f",{cells[0]}{_LINE_END}"
            else:
                rest = csv_line(["", *map(_safe, cells)]) if cells else _LINE_END
            place.waiting.append(f"{record.line},{place.told}{rest}")
        self.rows += len(records)

    def _place(self, answer: RowAnswer) -> _Place:
        if len(self._places) >= _PLACES_MAX:
            self._places.clear()
        until = to_rfc3339(answer.retry_at) if answer.retry_at else ""
        waiting = self._waiting.setdefault(answer[:2], [])
        told = csv_line([answer.verdict, answer.reason, until]).removesuffix(_LINE_END)
        place = self._places[answer] = _Place(waiting, told)
        return place

    async def write_full(self) -> None:
        """Write what is a whole part."""
        for answer, rows in self._waiting.items():
            if len(rows) >= _PART_ROWS or sum(map(len, rows)) >= PART_CHARACTERS:
                await self._write(answer, rows)

    async def write_all(self) -> None:
        """Write the rest, and wait until all is written."""
        for answer, rows in self._waiting.items():
            if rows:
                await self._write(answer, rows)
        await self._wait_until(0)

    async def _wait_until(self, count: int) -> None:
        """Wait until no more than so many parts are being written."""
        while len(self._writing) > count:
            await self._writing[0]
            self._writing.popleft()

    def counts(self) -> tuple[ScreenCount, ...]:
        """Return how many rows have each answer, the most frequent first."""
        counts = [
            ScreenCount(verdict=verdict, reason=reason, rows=rows, parts=parts)
            for (verdict, reason), (rows, parts) in self._written.items()
        ]
        return tuple(sorted(counts, key=lambda one: (-one.rows, one.verdict, one.reason)))

    async def _write(self, answer: tuple[str, str], rows: list[str]) -> None:
        before, parts = self._written.get(answer, (0, 0))
        header = "" if parts else csv_line([_safe(cell) for cell in self._header])
        text = header + "".join(rows)
        put = self._screens.put_answers(self._job, *answer, parts, text)
        self._writing.append(asyncio.create_task(put))
        await self._wait_until(_WRITING_MAX)
        self._written[answer] = (before + len(rows), parts + 1)
        rows.clear()


def size_of(record: Record) -> int:
    """Return how many characters a row has."""
    return sum(map(len, record.cells))


class _Lines:
    """Hands a written line back: `csv` returns what `write` does."""

    def write(self, line: str) -> str:
        return line


csv_line: Final = csv.writer(_Lines()).writerow
"""Write a line of CSV with its end."""


def _safe(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else neutral(cell)


def screen_parts(job: ScreenJob, verdict: str, reason: str) -> int:
    """Return how many parts the file of an answer has.

    Raises:
        Conflict: the list is not screened yet.
        UnknownReference: no row has this answer.
    """
    if job.state is not ScreenState.DONE:
        raise Conflict("the list is not screened yet")
    found = job.count(verdict, reason)
    if found is None:
        raise UnknownReference("reason", "no row of the list has this answer")
    return found.parts


async def screen_part(
    services: HasScreens, job: ScreenJob, verdict: str, reason: str, part: int
) -> str:
    """Return one part of the file of an answer, as CSV; the header is in the first.

    Raises:
        Conflict: the list is not screened yet.
        UnknownReference: no row has this answer, or its file has no such part.
    """
    if not 0 <= part < screen_parts(job, verdict, reason):
        raise UnknownReference("part", "the file of this answer has no such part")
    return await services.screens.answers(job, verdict, reason, part)


async def rows_of_answer(
    services: HasScreens, job: ScreenJob, verdict: str, reason: str
) -> AsyncIterator[str]:
    """Return the file of an answer in parts of CSV.

    Raises:
        Conflict: the list is not screened yet.
        UnknownReference: no row has this answer.
    """
    for part in range(screen_parts(job, verdict, reason)):
        yield await services.screens.answers(job, verdict, reason, part)
