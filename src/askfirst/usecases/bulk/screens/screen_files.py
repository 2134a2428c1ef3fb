"""The answers of a screening as files of CSV, one for each answer: the list's own rows with why.

A spreadsheet takes no cell of them for a formula. Numbers stay as they stand in the list.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.bulk.screen_job import ScreenCount, ScreenJob, ScreenState
from askfirst.domain.bulk.table import Record
from askfirst.domain.values.errors import Conflict, UnknownReference
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.ports.bulk.screens import HasScreens
from askfirst.usecases.bulk.imports.report_import import neutral

OWN_COLUMNS: Final = ("line", "verdict", "reason", "retry_at")
"""Before those of the list."""
_PART_ROWS: Final = 2000
PART_CHARACTERS: Final = 1 << 20
"""A part is no larger, whatever its rows are."""
_NUMBER: Final = re.compile(r"\+[0-9]{7,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What the gate says of a row, or why nobody could be asked about."""

    verdict: str
    reason: str
    retry_at: Instant | None = None


class ScreenFiles:
    """Writes rows to the file of their answer, in parts; holds no more of each than one part."""

    def __init__(self, services: HasScreens, job: ScreenJob, header: Sequence[str]) -> None:
        self._screens = services.screens
        self._job = job
        self._header = (*OWN_COLUMNS, *header)
        self._waiting: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        self._written: dict[tuple[str, str], tuple[int, int]] = {}
        self._sizes: Counter[tuple[str, str]] = Counter()
        self.rows = 0

    def add(self, record: Record, told: RowAnswer) -> None:
        """Take in a row."""
        until = to_rfc3339(told.retry_at) if told.retry_at else ""
        own = (str(record.line), told.verdict, told.reason, until)
        answer = (told.verdict, told.reason)
        self._waiting.setdefault(answer, []).append((*own, *record.cells))
        self._sizes[answer] += size_of(record)
        self.rows += 1

    async def write_full(self) -> None:
        """Write what is a whole part."""
        for answer, rows in self._waiting.items():
            if len(rows) >= _PART_ROWS or self._sizes[answer] >= PART_CHARACTERS:
                await self._write(answer, rows)

    async def write_all(self) -> None:
        """Write the rest."""
        for answer, rows in self._waiting.items():
            if rows:
                await self._write(answer, rows)

    def counts(self) -> tuple[ScreenCount, ...]:
        """Return how many rows have each answer, the most frequent first."""
        counts = [
            ScreenCount(verdict=verdict, reason=reason, rows=rows, parts=parts)
            for (verdict, reason), (rows, parts) in self._written.items()
        ]
        return tuple(sorted(counts, key=lambda one: (-one.rows, one.verdict, one.reason)))

    async def _write(self, answer: tuple[str, str], rows: list[tuple[str, ...]]) -> None:
        before, parts = self._written.get(answer, (0, 0))
        text = _csv(rows if parts else [self._header, *rows])
        await self._screens.put_answers(self._job, *answer, parts, text)
        self._written[answer] = (before + len(rows), parts + 1)
        rows.clear()
        del self._sizes[answer]


def size_of(record: Record) -> int:
    """Return how many characters a row has."""
    return sum(map(len, record.cells))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue()


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
